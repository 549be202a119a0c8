import { AortaError } from '../base/errors.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { hostIsIpLiteral, isSipUri, parseUri, stripBrackets } from '../sip/uri.ts';
import { defaultPort, type Flow, type Hop, type TransportName } from '../transport/flow.ts';
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
}

/**
 * Forwards a request without a transaction (RFC 3261 §16.11): what becomes of an ACK to a 2xx. Retransmissions go to
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
  const branch = statelessBranchParameter(request, options.loopKey ?? loopKey(request));
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

/**
 * Forwards a response that belongs to no client transaction (RFC 3261 §16.7 step 1 and §16.11). RFC 6026 §7.3 wants
 * that of an element only for what it forwarded without state: a server that relays everything but ACK in
 * transactions drops stray responses, which could be an attack. One whose topmost Via is not ours is always dropped
 * (§18.1.2).
 *
 * @param response changed in place: our Via is removed
 */
export function forwardResponse(port: ProxyPort, response: SipResponse): MaybePromise<StatelessOutcome> {
  const own = response.topVia;
  if (isSipError(own) || !port.isOurs(own.host, own.port)) return 'failed';
  response.removeFirstValue('via');
  if (!response.has('via')) return 'failed';
  const next = response.topVia;
  if (isSipError(next)) return 'failed';
  const hop = hopOfVia(next);
  if (hop) return sendResponse(port, response, hop);
  // RFC 3263 §5: the sent-by is a name.
  const uri = parseUri(`sip:${next.host}${next.port === undefined ? '' : `:${next.port}`};transport=${next.transport}`);
  if (isSipError(uri) || !isSipUri(uri)) return 'failed';
  const hops = port.resolve(uri);
  return isPromise(hops)
    ? hops.then((found) => sendResponse(port, response, firstOf(found)))
    : sendResponse(port, response, firstOf(hops));
}

// RFC 3261 §18.2.2 and RFC 3581 §4: maddr, then received and rport, then sent-by.
function hopOfVia(via: Via): Hop | undefined {
  const transport = transportOf(via.transport);
  if (!transport) return undefined;
  const { maddr } = via;
  const host = maddr ?? via.received ?? via.host;
  if (!hostIsIpLiteral(host)) return undefined;
  const rport = maddr === undefined && typeof via.rport === 'number' ? via.rport : undefined;
  return { transport, address: stripBrackets(host), port: rport ?? via.port ?? defaultPort(transport) };
}

function transportOf(name: string): TransportName | undefined {
  switch (name) {
    case 'UDP':
      return 'udp';
    case 'TCP':
      return 'tcp';
    case 'TLS':
      return 'tls';
    case 'WS':
      return 'ws';
    case 'WSS':
      return 'wss';
    default:
      return undefined;
  }
}

function sendResponse(port: ProxyPort, response: SipResponse, hop: Hop | undefined): MaybePromise<StatelessOutcome> {
  if (!hop) return 'failed';
  const flow = port.flowTo(hop);
  return isPromise(flow) ? flow.then((open) => sendResponseOn(open, response)) : sendResponseOn(flow, response);
}

function sendResponseOn(flow: Flow | AortaError, response: SipResponse): StatelessOutcome {
  if (flow instanceof AortaError) return 'failed';
  return flow.send(response.toBuffer()) === 'sent' ? 'sent' : 'failed';
}
