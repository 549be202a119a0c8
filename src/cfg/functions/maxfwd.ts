import { isSipError } from '../../sip/sip-error.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgModule } from '../cfg-function.ts';
import { codeOf, integerOf, isProblem, requestOnly } from './arguments.ts';

/** The most hops that anybody may give a request. */
const mostHops = 256;

function limitOf(site: BindingSite): number {
  const limit = site.parameter('maxfwd', 'max_limit');
  return typeof limit === 'number' ? Math.min(limit, mostHops) : mostHops;
}

function bindProcess(args: readonly BoundArgument[], site: BindingSite): CfgCall | BindingProblem {
  const hops = integerOf(args, 0, { what: 'the value of Max-Forwards', min: 1, max: limitOf(site) });
  if (isProblem(hops)) return hops;
  return (run) => {
    const outcome = run.services.modules.maxfwd.process(run.context, hops(run));
    return outcome === 'exhausted' ? -1 : 1;
  };
}

function bindIsLess(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const bound = integerOf(args, 0, { what: 'the number of hops', min: 0, max: mostHops });
  if (isProblem(bound)) return bound;
  return (run) => {
    const hops = run.request.maxForwards;
    const most = bound(run);
    return codeOf(hops !== undefined && most !== undefined && !isSipError(hops) && hops < most);
  };
}

/** A bound on hops. */
export const maxfwdFunctions: CfgModule = {
  name: 'maxfwd',
  functions: [
    {
      name: 'mf_process_maxfwd_header',
      arity: [1, 1],
      blocks: requestOnly,
      doc: 'Counts one hop in Max-Forwards; a request without the header gets this value.',
      returns: '-1 when the request came with 0, which is to be answered 483; else 1',
      bind: bindProcess,
    },
    {
      name: 'is_maxfwd_lt',
      arity: [1, 1],
      blocks: requestOnly,
      doc: 'Whether Max-Forwards is less than this.',
      returns: '1 true; -1 false, also without the header',
      bind: bindIsLess,
    },
  ],
};
