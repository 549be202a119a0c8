import { FailureContext } from '../../modules/failure-context.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { anyBlock, codeOf, fails, isProblem, problem, requestOnly } from './arguments.ts';
import { regexOf } from './regex-argument.ts';
import { relayOf } from './relay-functions.ts';

// The functions of tm that tell what has become of a request.

const notBranch: readonly BlockKind[] = ['request', 'failure', 'reply'];

/** The status that a block is about: the reply at hand, the one that won, or the last one sent. */
function statusOf({ context, reply }: CfgRun): number | undefined {
  if (reply !== undefined) return reply.response.status;
  if (context instanceof FailureContext) return context.status;
  return relayOf(context)?.server.lastResponse?.status;
}

function bindCheckStatus(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const regex = regexOf(args, 0, 'i');
  if (isProblem(regex)) return regex;
  return (run) => {
    const status = statusOf(run);
    return codeOf(status !== undefined && regex(run)?.test(String(status)) === true);
  };
}

function bindLocalReplied(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const which = args[0]?.literal;
  if (which === 'all') return ({ context }) => codeOf(relayOf(context)?.branches.every(isLocal) === true);
  if (which === 'last') return lastIsLocal;
  return problem("which replies must be 'all' or 'last'", 0);
}

function isLocal({ response }: { readonly response: unknown }): boolean {
  return response === undefined;
}

function lastIsLocal({ context }: CfgRun): number {
  if (!(context instanceof FailureContext)) return -1;
  return codeOf(context.relay.branches.every(({ response }) => response !== context.best));
}

function wasCancelled({ context }: CfgRun): number {
  return codeOf(relayOf(context)?.cancelled === true);
}

// A timeout is a 408 that nobody sent.
function anyTimeout({ context }: CfgRun): number {
  return codeOf(relayOf(context)?.branches.some(timedOut) === true);
}

function timedOut({ status, response }: { readonly status: number; readonly response: unknown }): boolean {
  return status === 408 && response === undefined;
}

function anyReplied({ context }: CfgRun): number {
  return codeOf(relayOf(context)?.branches.some(({ response }) => response !== undefined) === true);
}

function branchTimeout(run: CfgRun): number {
  return run.context instanceof FailureContext && run.context.status === 408 ? lastIsLocal(run) : -1;
}

function branchReplied(run: CfgRun): number {
  return run.context instanceof FailureContext ? -lastIsLocal(run) : -1;
}

function lookupRequest({ context }: CfgRun): number {
  return codeOf(context.hasTransaction);
}

export const transactionTests: readonly CfgFunction[] = [
  {
    name: 't_check_status',
    arity: [1, 1],
    blocks: notBranch,
    doc: 'Whether a status matches: of the reply at hand, of the reply that won, or of the last one sent.',
    returns: '1 true; -1 false',
    bind: bindCheckStatus,
  },
  {
    name: 't_local_replied',
    arity: [1, 1],
    blocks: notBranch,
    doc: 'Whether all replies, or the last one, were made here.',
    returns: '1 true; -1 false',
    bind: bindLocalReplied,
  },
  ...['t_was_cancelled', 't_is_canceled'].map(
    (name): CfgFunction => ({
      name,
      arity: [0, 0],
      blocks: anyBlock,
      doc: 'Whether the caller has cancelled.',
      returns: '1 true; -1 false',
      bind: () => wasCancelled,
    }),
  ),
  {
    name: 't_any_timeout',
    arity: [0, 0],
    blocks: anyBlock,
    doc: 'Whether a branch got no answer in time.',
    returns: '1 true; -1 false',
    bind: () => anyTimeout,
  },
  {
    name: 't_any_replied',
    arity: [0, 0],
    blocks: anyBlock,
    doc: 'Whether a branch got a final answer.',
    returns: '1 true; -1 false',
    bind: () => anyReplied,
  },
  {
    name: 't_branch_timeout',
    arity: [0, 0],
    blocks: ['failure'],
    doc: 'Whether the reply that won stands for a branch that got no answer in time.',
    returns: '1 true; -1 false',
    bind: () => branchTimeout,
  },
  {
    name: 't_branch_replied',
    arity: [0, 0],
    blocks: ['failure'],
    doc: 'Whether the reply that won came from downstream.',
    returns: '1 true; -1 false',
    bind: () => branchReplied,
  },
  {
    name: 't_lookup_request',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Whether this request has a transaction: after t_newtran or t_relay.',
    returns: '1 true; -1 false',
    bind: () => lookupRequest,
  },
  {
    name: 't_check_trans',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Retransmissions, and the CANCEL and ACK of a transaction, are dealt with before the script: what it sees belongs to none.',
    returns: '-1',
    bind: () => fails,
  },
  {
    name: 't_retransmit_reply',
    arity: [0, 0],
    blocks: requestOnly,
    doc: 'Retransmissions are answered before the script, so there is nothing to repeat.',
    returns: '-1',
    bind: () => fails,
  },
];
