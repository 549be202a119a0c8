import type { BindingProblem, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { CfgRun } from '../run.ts';
import { anyBlock, codeOf, fails, isProblem, requestOnly, requestOrFailure, succeeds } from './arguments.ts';
import { armingFunctions } from './arming-functions.ts';
import { missingFunction } from './missing-function.ts';
import { relayFunctions } from './relay-functions.ts';
import { bindReply } from './sl.ts';
import { transactionTests } from './transaction-tests.ts';

// cfg-modules §2: a retransmission has been answered again, and the script stops.
function newTransaction({ context, services }: CfgRun): number {
  if (context.method === 'ACK') return 1;
  const outcome = services.modules.tm.newTransaction(context);
  return outcome === 'retransmission' ? 0 : codeOf(outcome === 'created');
}

function release({ context, services }: CfgRun): number {
  return codeOf(services.modules.tm.release(context));
}

function bindStatefulReply(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const reply = bindReply(args);
  if (isProblem(reply)) return reply;
  return (run) => (run.context.hasTransaction ? reply(run) : -1);
}

const replies: readonly CfgFunction[] = [
  {
    name: 't_reply',
    arity: [2, 2],
    blocks: requestOrFailure,
    doc: 'Answers the request by its transaction; in a failure block it ends the call for the caller.',
    returns: '1; -1 without a transaction, for an ACK, and when the request has its final reply',
    bind: bindStatefulReply,
  },
  {
    name: 't_newtran',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Makes the transaction before anything is decided: retransmissions are absorbed, and replies go by it.',
    returns: '1; 0 for a retransmission, which is answered as it was, and ends the script; -1 when it cannot be made',
    bind: () => newTransaction,
  },
  {
    name: 't_release',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Ends the transaction that t_newtran has made.',
    returns: '1; -1 when there is none',
    bind: () => release,
  },
  {
    name: 't_flush_flags',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Flags are shared with the transaction, so there is nothing to copy.',
    returns: '1',
    bind: () => succeeds,
  },
  ...['t_write_req', 't_write_unix'].map((name) =>
    missingFunction(name, 'it hands the request to a program by a pipe, which is not done here'),
  ),
];

/** Stateful relaying. */
export const tmFunctions: CfgModule = {
  name: 'tm',
  functions: [...relayFunctions, ...armingFunctions, ...transactionTests, ...replies],
};

/** What Kamailio keeps apart from tm. */
export const tmxFunctions: CfgModule = {
  name: 'tmx',
  functions: [
    {
      name: 't_precheck_trans',
      arity: [0, 0],
      blocks: requestOnly,
      doc: 'Whether another process has this request at work; there is no other process.',
      returns: '-1',
      bind: () => fails,
    },
    ...(['request', 'failure', 'branch', 'reply'] as const).map(
      (kind): CfgFunction => ({
        name: `t_is_${kind}_route`,
        arity: [0, 0],
        blocks: anyBlock,
        doc: `Whether the outermost block is a ${kind} block.`,
        returns: '1 true; -1 false',
        bind: (_args, { block }) => (block === kind ? succeeds : fails),
      }),
    ),
  ],
};
