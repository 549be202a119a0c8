import { FailureContext } from '../../modules/failure-context.ts';
import type { CfgRun } from '../run.ts';
import { plain, type VariableEntry, type VariableSite } from './entry.ts';
import { networkVariables } from './network-variables.ts';
import { isVariableProblem, malformed, type VariableProblem } from './problem.ts';
import { RunView } from './run-view.ts';
import type { Variable } from './template.ts';

/** The transaction. */
export const transactionVariables: readonly VariableEntry[] = [
  {
    name: 'T_branch_idx',
    doc: 'Number of the branch that a branch block sends or a reply block got an answer from, from 0.',
    origin: 'OpenSER 1.3',
    make: plain((run) => run.branch?.index ?? run.reply?.index),
  },
  {
    name: 'T_reply_code',
    doc: 'Status of the reply at hand: in a failure block that of the reply that won.',
    origin: 'OpenSER 1.3',
    make: plain((run) => replyOf(run)?.status),
  },
  {
    name: 'T_reply_reason',
    doc: 'Reason phrase of the reply at hand.',
    origin: 'Kamailio',
    make: plain((run) => replyOf(run)?.reason),
  },
  {
    name: 'T_req',
    doc: 'A variable as the request has it, for reply blocks: `$T_req($ru)`.',
    origin: 'Kamailio',
    argument: '$ru',
    readsArgument: true,
    make: (site) =>
      makeView(site, (run) =>
        run.reply === undefined ? run : new RunView('request', run, run.context.request, undefined),
      ),
  },
  {
    name: 'T_rpl',
    doc: 'A variable as the reply that won has it, for failure blocks: `$T_rpl($rs)`.',
    origin: 'Kamailio',
    argument: '$rs',
    readsArgument: true,
    make: (site) => {
      const [piece] = site.pv.argument?.pieces ?? [];
      if (piece?.kind === 'variable' && ofNetwork.has(piece.pv.name)) {
        return malformed('what the reply that won came by is not kept');
      }
      return makeView(site, (run) => {
        if (run.reply !== undefined) return run;
        const response = replyOf(run);
        const { context } = run;
        return (
          response && new RunView('reply', run, response, { response, index: 0, origin: context, flow: context.flow })
        );
      });
    },
  },
];

const ofNetwork: ReadonlySet<string> = new Set(networkVariables.map(({ name }) => name));

function replyOf({ context, reply }: CfgRun) {
  return reply?.response ?? (context instanceof FailureContext ? context.best : undefined);
}

function makeView(
  { pv, resolver }: VariableSite,
  viewOf: (run: CfgRun) => CfgRun | undefined,
): Variable | VariableProblem {
  const [piece, ...more] = pv.argument?.pieces ?? [];
  if (piece?.kind !== 'variable' || more.length > 0)
    return malformed(`$${pv.name} takes one variable: $${pv.name}($ru)`);
  const inner = resolver.variable(piece.pv);
  if (isVariableProblem(inner)) return inner;
  return {
    read: (run) => {
      const view = viewOf(run);
      return view && inner.read(view);
    },
  };
}
