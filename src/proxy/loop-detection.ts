import { hexWord } from '../base/hex-word.ts';
import type { Random } from '../base/random.ts';
import type { NameAddr } from '../sip/headers/name-addr.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';

const magicCookie = 'z9hG4bK';

/** The digits of a loop key: two words. */
const keyLength = 16;

/** Whether a host and port mean this server. */
export type IsOurs = (host: string, port: number | undefined) => boolean;

/**
 * What of a received request decides where it goes, as a short token: the second part of the branches that it is
 * forwarded with (RFC 3261 §16.6 step 8). A request that comes back with the same value is in a loop, one that
 * comes back with another value spirals (§6).
 *
 * RFC 3261 counts the topmost Via among the inputs. It differs each time the request comes round, so that a loop
 * longer than one pass through a neighbour would never be seen; RFC 5393 §4.2 asks for what the routing depends on,
 * Request-URI and Route above all, and that is what is hashed here. The method is left out, so that CANCEL and ACK
 * get the branch of their INVITE.
 *
 * @param request as it was received, before any route changed it
 */
export function loopKey(request: SipRequest): string {
  const hash = new FieldHash();
  hash.add(request.uriText);
  hash.add(tagOf(request.from));
  hash.add(tagOf(request.to));
  const callId = request.callId;
  hash.add(isSipError(callId) ? '' : callId);
  const cseq = request.cseq;
  if (!isSipError(cseq)) hash.addNumber(cseq.number);
  hash.addAll(request.values('route'));
  hash.addAll(request.values('proxy-require'));
  if (request.has('proxy-authorization')) hash.add(request.header('proxy-authorization') ?? '');
  return hash.token();
}

/** The branch parameter of a forwarded request (§16.6 step 8): unique, with the loop key as its second part. */
export function newBranchParameter(random: Random, key: string): string {
  return `${magicCookie}${random.token()}.${key}`;
}

/**
 * The branch parameter of a request that is forwarded without state (§16.11): the same for each retransmission, as
 * nothing else tells them apart downstream.
 *
 * @param begin what it begins with: the magic cookie, and perhaps a mark
 */
export function statelessBranchParameter(request: SipRequest, key: string, begin: string = magicCookie): string {
  const hash = new FieldHash();
  const via = request.topVia;
  if (isSipError(via)) hash.add(key);
  else if (via.branch?.startsWith(magicCookie)) {
    hash.add(via.branch);
    hash.add(via.host);
    hash.addNumber(via.port ?? 0);
  } else hash.add(request.header('via') ?? '');
  // RFC 3261 §16.11 hashes the received branch alone. The rest keeps targets of one request apart, and an ACK to a
  // 2xx from its INVITE when an old client has given both the same branch.
  hash.add(request.uriText);
  hash.add(tagOf(request.to));
  hash.add(request.method);
  return `${begin}${hash.token()}.${key}`;
}

/**
 * Whether a request has been here before with the same values (RFC 3261 §16.3 step 4): one of its Vias is ours and
 * carries the same loop key. The answer is 482.
 *
 * @param key the request's own `loopKey`, when it is known already
 */
export function isLooping(request: SipRequest, isOurs: IsOurs, key?: string): boolean {
  let own = key;
  for (const via of viasOf(request)) {
    const { branch } = via;
    // Most requests were never here: then there is nothing to compare with, and no key is made.
    if (branch === undefined || branch[branch.length - keyLength - 1] !== '.' || !isOurs(via.host, via.port)) continue;
    own ??= loopKey(request);
    if (branch.endsWith(own)) return true;
  }
  return false;
}

// None when one of them cannot be read.
function viasOf(request: SipRequest): readonly Via[] {
  const { vias } = request;
  return isSipError(vias) ? [] : vias;
}

function tagOf(address: NameAddr | SipError): string {
  return isSipError(address) ? '' : (address.tag ?? '');
}

/**
 * FNV-1a over two lanes, 64 bits together. It need not resist an attacker: who makes two of their own requests
 * collide gets a 482 for one of them.
 */
class FieldHash {
  // A signed number, as what becomes of it is: an unsigned one would be kept as a double.
  #low = 0x811c9dc5 | 0;
  #high = 0x01000193;

  add(field: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < field.length; i++) {
      const code = field.charCodeAt(i);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b);
    }
    // The end of a field counts, so that "ab" + "c" is not "a" + "bc".
    this.#low = Math.imul(low ^ 0x100, 0x01000193);
    this.#high = Math.imul(high ^ (high >>> 15) ^ 0x100, 0x85ebca6b);
  }

  addAll(fields: readonly string[]): void {
    for (const field of fields) this.add(field);
    this.addNumber(fields.length);
  }

  addNumber(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul(this.#high ^ value ^ (value >>> 16), 0x85ebca6b);
  }

  token(): string {
    return hexWord(this.#low >>> 0) + hexWord(this.#high >>> 0);
  }
}
