import { AortaError } from '../base/errors.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import { addVia, copyForTarget, nextHopUri, prepareForStrictRouter } from './forward.ts';
import { loopKey, statelessBranchParameter } from './loop-detection.ts';
import type { ProxyPort } from './proxy-port.ts';
import type { Target } from './target.ts';

/** What became of a message that was forwarded without state; nobody hears of a failure but the caller. */
export type StatelessOutcome = 'sent' | 'failed';

/** How `forwardRequest` makes the copy. */
export interface StatelessOptions {
  /** Whether Max-Forwards is decremented in the copy; true by default. */
  readonly countHop?: boolean;
  /** The request's `loopKey`, when it is known already. */
  readonly loopKey?: string;
  /** Whether it will be answered, and the answer is to go back; false by default, as for an ACK. */
  readonly answered?: boolean;
}

/**
 * Forwards a request without a transaction (RFC 3261 §16.11): an ACK to a 2xx, and what `forward()` sends on. Retransmissions go to
 * the same place with the same branch, since that follows from the request alone.
 *
 * @param template the request as the route has left it
 */
export function forwardRequest(
  port: ProxyPort,
  request: SipRequest,
  target: Target,
  options: StatelessOptions = {},
  template: SipRequest = request,
): MaybePromise<StatelessOutcome> {
  const copy = copyForTarget(template, target, options.countHop ?? true);
  prepareForStrictRouter(copy);
  const via = request.topVia;
  const mark = options.answered === true && !isSipError(via) ? port.statelessMarks.of(via) : undefined;
  const branch = statelessBranchParameter(request, options.loopKey ?? loopKey(request), mark);
  if (target.flow?.open) return sendRequest(copy, target.flow, branch);
  const uri = nextHopUri(copy, target);
  if (isSipError(uri)) return 'failed';
  const hops = port.resolve(uri);
  return isPromise(hops)
    ? hops.then((found) => sendToHop(port, copy, target, branch, firstOf(found)))
    : sendToHop(port, copy, target, branch, firstOf(hops));
}

function firstOf(hops: readonly Hop[] | SipError): Hop | undefined {
  return isSipError(hops) ? undefined : hops[0];
}

function sendToHop(
  port: ProxyPort,
  copy: SipRequest,
  target: Target,
  branch: string,
  hop: Hop | undefined,
): MaybePromise<StatelessOutcome> {
  if (!hop) return 'failed';
  const flow = port.flowTo(hop, target.socket);
  return isPromise(flow) ? flow.then((open) => sendRequest(copy, open, branch)) : sendRequest(copy, flow, branch);
}

function sendRequest(copy: SipRequest, flow: Flow | AortaError, branch: string): StatelessOutcome {
  if (flow instanceof AortaError) return 'failed';
  addVia(copy, flow.listener, branch);
  return flow.send(copy.toBuffer()) === 'sent' ? 'sent' : 'failed';
}
