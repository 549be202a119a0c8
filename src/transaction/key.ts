import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';

/** The magic cookie that marks a branch as unique in space and time (RFC 3261 §8.1.1.7). */
export const magicCookie = 'z9hG4bK';

// A line feed cannot occur inside a header value, so no two different sets of parts make the same key.
const separator = '\n';

/** Whether a branch identifies its transaction by itself; the bare cookie does not (RFC 4475 §3.2.1). */
export function isUniqueBranch(branch: string | undefined): branch is string {
  return branch !== undefined && branch.length > magicCookie.length && branch.startsWith(magicCookie);
}

/**
 * The key under which a request finds its server transaction (RFC 3261 §17.2.3).
 *
 * With the magic cookie: branch, sent-by and method, where ACK counts as INVITE. Without it, as RFC 2543 peers do:
 * Request-URI, To tag, From tag, Call-ID, CSeq and top Via. An ACK of such a peer carries the To tag of the response
 * it acknowledges: its key is the one that `ackKey` gave for that response.
 *
 * @returns undefined when the request lacks what the key is made of
 */
export function serverKey(request: SipRequest): string | undefined {
  const via = request.topVia;
  if (isSipError(via)) return undefined;
  const branch = via.branch;
  if (isUniqueBranch(branch)) return cookieKey(via, branch, request.method === 'ACK' ? 'INVITE' : request.method);
  const to = request.to;
  return isSipError(to) ? undefined : rfc2543Key(request, via, request.method, to.tag);
}

/** The key of the INVITE that a CANCEL is for (RFC 3261 §9.2): its own, were its method INVITE. */
export function cancelledKey(cancel: SipRequest): string | undefined {
  const via = cancel.topVia;
  if (isSipError(via)) return undefined;
  const branch = via.branch;
  if (isUniqueBranch(branch)) return cookieKey(via, branch, 'INVITE');
  const to = cancel.to;
  return isSipError(to) ? undefined : rfc2543Key(cancel, via, 'INVITE', to.tag);
}

/**
 * The key that the ACK for `response` will have when the INVITE's branch lacks the magic cookie, else undefined:
 * then `serverKey` of the ACK is that of the INVITE already.
 */
export function ackKey(invite: SipRequest, response: SipResponse): string | undefined {
  const via = invite.topVia;
  if (isSipError(via) || isUniqueBranch(via.branch)) return undefined;
  const to = response.to;
  return isSipError(to) ? undefined : rfc2543Key(invite, via, 'ACK', to.tag);
}

/**
 * The key under which a response finds its client transaction (RFC 3261 §17.1.3): the branch of its top Via, which
 * we made, and the method of its CSeq.
 */
export function clientKey(message: SipRequest | SipResponse): string | undefined {
  const via = message.topVia;
  if (isSipError(via) || via.branch === undefined) return undefined;
  const cseq = message.cseq;
  return isSipError(cseq) ? undefined : via.branch + separator + cseq.method;
}

/** The same for a request of ours whose branch is known: CSeq has the method of its request (RFC 3261 §8.1.1.5). */
export function ownClientKey(branch: string, method: string): string {
  return branch + separator + method;
}

function cookieKey(via: Via, branch: string, method: string): string {
  return branch + separator + method + separator + via.host.toLowerCase() + separator + (via.port ?? '');
}

function rfc2543Key(request: SipRequest, via: Via, method: string, toTag: string | undefined): string | undefined {
  const from = request.from;
  const callId = request.callId;
  const cseq = request.cseq;
  if (isSipError(from) || isSipError(callId) || isSipError(cseq)) return undefined;
  // "Equal top Via" is compared by its parts: received and rport are our own additions to it.
  return [
    '',
    request.uriText,
    toTag ?? '',
    from.tag ?? '',
    callId,
    cseq.number,
    method,
    via.transport,
    via.host.toLowerCase(),
    via.port ?? '',
    via.branch ?? '',
  ].join(separator);
}
