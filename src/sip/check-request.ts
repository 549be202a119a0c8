import type { SipRequest, SipResponse } from './message.ts';
import { badRequest, type RequestRefusal, refusal, refusalOf } from './request-refusal.ts';
import { isSipError, SipError } from './sip-error.ts';
import { isSipUri, isTelUri } from './uri.ts';

/**
 * What every request must satisfy before anybody acts on it: RFC 3261 §8.1.1, §8.2.2.1 and §16.3 items 1 and 2, with the
 * outcome that RFC 4475 and RFC 5118 describe. Only what a transaction, a proxy or a registrar needs is looked at; §16.3 item 1
 * says that other headers, well-formed or not, are none of our business. Contact is the registrar's, which explains it better.
 *
 * Everything looked at is parsed once, kept by the request and needed again: by the reply, by routing or by `save`.
 *
 * @returns `undefined` when the request may be served. A refused ACK gets no reply (§17.1.1.3), it is only counted.
 */
export function checkRequest(request: SipRequest): RequestRefusal | undefined {
  // The start line, the version (505), the framing by Content-Length (§18.3), the limits.
  if (request.fault !== undefined) return refusalOf(request.fault);

  // RFC 3261 §8.1.1 and §7.3.1: one pass says which headers are there and which of the single ones come twice.
  let seen = 0;
  for (let line = 0; line < request.lineCount; line++) {
    const bit = headerBit(request.knownNameAt(line));
    if ((seen & bit & single) !== 0) return badRequest(`Multiple ${bitName(bit)} header fields`);
    seen |= bit;
  }
  const missing = mandatory & ~seen;
  if (missing !== 0) return badRequest(`Missing ${bitName(missing & -missing)} header field`);

  return (
    checkVia(request) ??
    checkIdentification(request) ??
    ((seen & bits.route) === 0 ? undefined : checkRoute(request)) ??
    ((seen & bits.maxForwards) === 0 ? undefined : checkMaxForwards(request)) ??
    checkRequestUri(request)
  );
}

/**
 * What every response must satisfy before it is matched with a transaction (RFC 3261 §18.1.2, §16.7). Responses are not
 * answered, so one that fails is discarded and counted.
 */
export function checkResponse(response: SipResponse): SipError | undefined {
  if (response.fault !== undefined) return response.fault;
  const { topVia, callId, cseq } = response;
  if (isSipError(topVia)) return topVia;
  if (!response.hasParties) return isSipError(response.from) ? response.from : (response.to as SipError); // one of them
  if (isSipError(callId)) return callId;
  if (isSipError(cseq)) return cseq;
  const { vias } = response;
  if (isSipError(vias)) return vias;
  const next = vias[1];
  // RFC 4475 §3.3.10: a proxy that followed such a Via would multiply what a stranger sends.
  if (next === undefined || !isManyHosts(next.received ?? next.host)) return undefined;
  return new SipError('SIP_BAD_VIA', 'the Via to follow names a broadcast or multicast address');
}

function checkVia(request: SipRequest): RequestRefusal | undefined {
  const { topVia } = request;
  if (isSipError(topVia)) return refusalOf(topVia);
  if (topVia.fault !== undefined) return refusalOf(topVia.fault);
  // RFC 4475 §3.2.1: it promises an identifier and gives none, so all its sender's requests would be one transaction.
  if (topVia.branch === magicCookie) return badRequest('Empty branch identifier');
  return undefined;
}

/** What identifies the request and its dialog: From, To, Call-ID, CSeq (RFC 3261 §8.1.1). */
function checkIdentification(request: SipRequest): RequestRefusal | undefined {
  const { from, to, callId, cseq } = request;
  if (isSipError(to)) return refusalOf(to);
  if (isSipError(from)) return refusalOf(from);
  if (isSipError(callId)) return refusalOf(callId);
  if (isSipError(cseq)) return refusalOf(cseq);
  if (cseq.method !== request.method) return badRequest('CSeq method differs from request method');
  if (!to.hasUri) return badRequest('Malformed To URI');
  // A REGISTER says the same URI twice; it need not be parsed twice.
  if (from.uriText !== to.uriText && !from.hasUri) return badRequest('Malformed From URI');
  return undefined;
}

function checkRoute(request: SipRequest): RequestRefusal | undefined {
  const { routes } = request;
  if (isSipError(routes)) return refusalOf(routes);
  for (const route of routes) if (isSipError(route.uri)) return badRequest('Malformed Route URI');
  return undefined;
}

function checkMaxForwards(request: SipRequest): RequestRefusal | undefined {
  const { maxForwards } = request;
  return isSipError(maxForwards) ? refusalOf(maxForwards) : undefined;
}

function checkRequestUri(request: SipRequest): RequestRefusal | undefined {
  const { uri } = request;
  if (isSipError(uri)) return refusalOf(uri);
  if (isSipUri(uri)) {
    // RFC 3261 §19.1.1, table 1, and RFC 4475 §3.1.2.11: a Request-URI has no headers; they must never become real ones.
    return uri.headers === '' ? undefined : badRequest('Header fields in Request-URI');
  }
  // RFC 3261 §8.2.2.1, §16.3 item 2.
  return isTelUri(uri) ? undefined : refusal(416);
}

const magicCookie = 'z9hG4bK';

/** 255.255.255.255, 224.0.0.0/4 or ff00::/8, as written. */
function isManyHosts(host: string): boolean {
  if (host === '255.255.255.255') return true;
  if (host.startsWith('[ff') || host.startsWith('[FF') || host.startsWith('ff') || host.startsWith('FF'))
    return host.includes(':');
  const first = host.length > 3 && host[3] === '.' ? Number(host.slice(0, 3)) : 0;
  return first >= 224 && first <= 239;
}

/** The headers this file looks for, one bit each. */
const bits = { via: 1, to: 2, from: 4, callId: 8, cseq: 16, maxForwards: 32, route: 64 } as const;
const mandatory = bits.via | bits.to | bits.from | bits.callId | bits.cseq;
/** RFC 4475 §3.3.8: with two of them, peers would not agree which one counts. Content-Length is part of the framing. */
const single = bits.to | bits.from | bits.callId | bits.cseq | bits.maxForwards;

function headerBit(canonicalName: string): number {
  switch (canonicalName) {
    case 'via':
      return bits.via;
    case 'to':
      return bits.to;
    case 'from':
      return bits.from;
    case 'call-id':
      return bits.callId;
    case 'cseq':
      return bits.cseq;
    case 'max-forwards':
      return bits.maxForwards;
    case 'route':
      return bits.route;
    default:
      return 0;
  }
}

const bitNames = ['Via', 'To', 'From', 'Call-ID', 'CSeq', 'Max-Forwards', 'Route'];

function bitName(bit: number): string {
  return bitNames[31 - Math.clz32(bit)] ?? '';
}
