import type { BindingProblem, BoundArgument, CfgCall, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { anyBlock, checkedText, codeOf, isProblem, problem, requestOnly } from './arguments.ts';
import { regexOf } from './regex-argument.ts';

function recordRoute({ context, services }: CfgRun): number {
  return codeOf(services.modules.rr.recordRoute(context));
}

function bindPreset(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const preset = checkedText(args, 0, wrongPreset);
  if (isProblem(preset)) return preset;
  return (run) => {
    const address = preset(run);
    return codeOf(address !== undefined && run.services.modules.rr.recordRoute(run.context, { preset: address }));
  };
}

function wrongPreset(text: string): string | undefined {
  return /^[^\s<>;@,?"]+$/.test(text) ? undefined : `'${text}' must be a host, or host:port`;
}

function bindAddRrParam(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const parameter = checkedText(args, 0, wrongParameter);
  if (isProblem(parameter)) return parameter;
  return (run) => {
    const text = parameter(run);
    if (text === undefined) return -1;
    if (run.branch === undefined) run.services.modules.rr.addRrParam(run.context, text);
    else run.branch.addRecordRouteParameter(text);
    return 1;
  };
}

function wrongParameter(text: string): string | undefined {
  return /^(;[^\s<>;,?"]+)+$/.test(text) ? undefined : `'${text}' must be URI parameters, each with its ';' in front`;
}

function looseRoute({ context, services }: CfgRun): number {
  const { routed, nextHop } = services.modules.rr.looseRoute(context);
  // What is left of the Route is the next hop already; this shows it to `$du` and `isdsturiset`.
  if (nextHop !== undefined) context.destinationUri = nextHop;
  return codeOf(routed);
}

function bindCheckRouteParam(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, 'i');
  if (isProblem(regex)) return regex;
  return (run) => {
    const parameters = run.services.modules.rr.routeParameters(run.context);
    return codeOf(parameters !== undefined && regex(run)?.test(parameters) === true);
  };
}

function bindIsDirection(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const wanted = args[0]?.literal?.toLowerCase();
  if (wanted !== 'upstream' && wanted !== 'downstream') {
    return problem(`the direction must be 'upstream' or 'downstream'`, 0);
  }
  return ({ context, services }) => codeOf(services.modules.rr.direction(context) === wanted);
}

/** Record-Route and Route. */
export const rrFunctions: CfgModule = {
  name: 'rr',
  functions: [
    {
      name: 'record_route',
      arity: [0, 0],
      blocks: requestOnly,
      doc: 'Later requests of the dialog come by this server.',
      returns: '1; -1 when it was called before',
      bind: () => recordRoute,
    },
    {
      name: 'record_route_preset',
      arity: [1, 1],
      blocks: requestOnly,
      doc: 'The same with this host, or host and port, in the place of the own address.',
      returns: '1; -1 when it was called before',
      bind: bindPreset,
    },
    {
      name: 'add_rr_param',
      arity: [1, 1],
      blocks: ['request', 'branch'],
      doc: 'Adds a parameter to the Record-Route, before or after record_route; in a branch block, to that of the branch.',
      returns: '1; -1 when variables made it no parameter',
      bind: bindAddRrParam,
    },
    {
      name: 'loose_route',
      arity: [0, 0],
      blocks: requestOnly,
      doc: 'Does what the Route header says, and takes our own entries off it.',
      returns:
        '1 when the Route decides the next hop; -1 without a Route, and for our own entry alone outside a dialog',
      bind: () => looseRoute,
    },
    {
      name: 'check_route_param',
      arity: [1, 1],
      blocks: anyBlock,
      doc: 'After loose_route: whether the parameters of our own Route entry match a regular expression.',
      returns: '1 true; -1 false',
      bind: bindCheckRouteParam,
    },
    {
      name: 'is_direction',
      arity: [1, 1],
      blocks: anyBlock,
      doc: 'After loose_route: whether the request goes upstream or downstream, by the From tag in our Route entry.',
      returns: '1 true; -1 false',
      bind: bindIsDirection,
    },
  ],
};
