import { reasonPhrase } from '../../sip/reason-phrases.ts';
import type { BindingProblem, BoundArgument, CfgCall, CfgFunction, CfgModule } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';
import { codeOf, integerOf, isProblem, requestOnly, requestOrFailure, textOf } from './arguments.ts';

const status = { what: 'the status code', min: 100, max: 699 };

/** Binds `f(code, reason)`, which answers the request; by its transaction once it has one. */
export function bindReply(args: readonly BoundArgument[]): CfgCall | BindingProblem {
  const code = integerOf(args, 0, status);
  if (isProblem(code)) return code;
  const [, phrase] = args;
  const reason = phrase && textOf(phrase);
  return (run) => {
    const number = code(run);
    return number === undefined ? -1 : answer(run, number, reason?.(run));
  };
}

/** Answers the request; an empty reason is the usual one. @returns -1 for an ACK, and when the reply could not leave */
export function answer({ context }: CfgRun, code: number, reason?: string): 1 | -1 {
  return codeOf(context.sendReply(code, reason === undefined || reason === '' ? reasonPhrase(code) : reason));
}

// Nothing that reaches a route is left unanswered by a cause of its own: tm has answered what it could not send. So
// this says that something else went wrong, and stays silent where an answer was given.
function answerError(run: CfgRun): number {
  return run.context.isTakenCareOf ? -1 : answer(run, 500, 'Server Internal Error (1/SL)');
}

function replyFunction(name: string, blocks: readonly BlockKind[], doc: string): CfgFunction {
  return {
    name,
    arity: [2, 2],
    blocks,
    doc,
    returns: '1 when it was sent; -1 for an ACK, which is never answered, and when it could not leave',
    bind: bindReply,
  };
}

function errorFunction(name: string, blocks: readonly BlockKind[]): CfgFunction {
  return {
    name,
    arity: [0, 0],
    blocks,
    doc: 'Answers 500 for what went wrong here; a request that has its answer gets no second one.',
    returns: '1 when it was sent; -1 when not',
    bind: () => answerError,
  };
}

/** Replies. */
export const slFunctions: CfgModule = {
  name: 'sl',
  functions: [
    replyFunction(
      'sl_send_reply',
      requestOnly,
      'Answers the request; a retransmission gets the same reply, and a 3xx lists the rewritten Request-URI and the branches.',
    ),
    replyFunction('sl_reply', requestOnly, 'The same as sl_send_reply.'),
    replyFunction(
      'send_reply',
      requestOrFailure,
      'Answers the request by its transaction when it has one, else without.',
    ),
    errorFunction('sl_reply_error', requestOrFailure),
    errorFunction('send_reply_error', requestOrFailure),
  ],
};
