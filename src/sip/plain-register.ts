import { HOSTNAME, isBlank, isIn, PARAM, USER } from './char-class.ts';
import { splitList } from './header-list.ts';
import { Contact, parseContacts } from './headers/contact.ts';
import { parseVia, type Via } from './headers/via.ts';
import { skipHost } from './host.ts';
import { limits } from './limits.ts';
import { Params, scanUriParams } from './params.ts';
import { added, PlainReply } from './plain-reply.ts';
import {
  areSame,
  decimalUpTo,
  Literal,
  skipDigits,
  skipDisplayWords,
  skipHostPort,
  skipToken,
  standsAt,
} from './plain-scan.ts';
import { skipQuoted } from './quoted-string.ts';
import { RepeatedText } from './repeated-text.ts';
import { isSipError, type SipError } from './sip-error.ts';
import { skipBlankCodes, skipCodes } from './text-codes.ts';
import { parseUri, type Uri } from './uri.ts';

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const QUOTE = 0x22;
const PERCENT = 0x25;
const HYPHEN = 0x2d;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LEFT_ANGLE = 0x3c;
const EQUALS = 0x3d;
const RIGHT_ANGLE = 0x3e;
const AT = 0x40;
const LETTER_R = 0x52;
const LEFT_BRACKET = 0x5b;
const DEL = 0x7f;

/** How the usual lines begin. Another spelling and a compact form are not plain. */
const names = {
  callId: new Literal('Call-ID: '),
  contact: new Literal('Contact: '),
  contentLength: new Literal('Content-Length: '),
  cseq: new Literal('CSeq: '),
  expires: new Literal('Expires: '),
  from: new Literal('From: '),
  maxForwards: new Literal('Max-Forwards: '),
  route: new Literal('Route: '),
  to: new Literal('To: '),
  userAgent: new Literal('User-Agent: '),
  via: new Literal('Via: '),
} as const;

/** Headers that mean nothing to a registrar, and the beginning of the names of such headers; so do those in `X-`. */
const meaningless = ['Allow: ', 'Supported: ', 'Allow-Events: ', 'Accept: ', 'Date: ', 'Accept-'].map(
  (name) => new Literal(name),
);

const words = {
  requestLine: new Literal('REGISTER sip:'),
  version: new Literal(' SIP/2.0\r\n'),
  viaUdp: new Literal('SIP/2.0/UDP '),
  viaTcp: new Literal('SIP/2.0/TCP '),
  branch: new Literal('branch=z9hG4bK'),
  rport: new Literal('rport'),
  alias: new Literal('alias'),
  scheme: new Literal('sip:'),
  tag: new Literal(';tag='),
  cseqMethod: new Literal(' REGISTER'),
  expires: new Literal(';expires='),
} as const;

const requestUriStart = 'REGISTER '.length;
/** A plain REGISTER has a few hundred bytes; one that is much longer has something that is not plain. */
const maxPlainBytes = 2_048;
/** Bytes behind a message of the greatest length, for the zero and for literals that would reach beyond it. */
const spareBytes = 64;
/** The largest number of a plain header but CSeq: below every limit that the grammar has for them. */
const maxPlainNumber = 999_999_999;

/** The headers that may stand once. */
const bits = {
  via: 1,
  from: 2,
  to: 4,
  callId: 8,
  cseq: 16,
  contact: 32,
  maxForwards: 64,
  contentLength: 128,
  expires: 256,
  userAgent: 512,
} as const;
const mandatory = bits.via | bits.from | bits.to | bits.callId | bits.cseq;

const noContacts: readonly Contact[] = [];

/**
 * Reads the REGISTER that nearly every phone sends, in one pass over its head and almost without objects: one Via, From
 * and To with the same plain URI, nothing that asks for an extension or that a registrar would have to know.
 *
 * It judges nothing. Whatever is unusual, be it legal, malformed or hostile, makes `read` return false, and the
 * message goes the way of all others: `parseMessage` and `checkRequest` decide about it. What `read` accepts, they
 * accept with the same values; `test/differential` holds the two against each other.
 *
 * One reader serves all messages of an engine: what it found is valid until the next `read`.
 */
export class PlainRegister {
  /** The head as latin1 text. */
  head = '';
  /** Host, and port if there is one, of the Request-URI; its syntax is not checked. */
  requestHost = '';
  /** The same of To and From. */
  aorHost = '';
  /** The user part of To and From: unreserved characters only, so that nothing needs unescaping. */
  user = '';
  callId = '';
  cseq = 0;
  /** Max-Forwards; undefined when there is none. */
  maxForwards: number | undefined = undefined;
  /** The Expires header in seconds; undefined when there is none. */
  expires: number | undefined = undefined;
  /** The value of User-Agent; undefined when there is none. */
  userAgent: string | undefined = undefined;
  /** Where `host[:port]` of the top Via stands; an IPv6 address is in brackets, a port has no leading zero. */
  sentByStart = 0;
  sentByEnd = 0;
  viaPort: number | undefined = undefined;
  /** Where the branch of the top Via stands. */
  branchStart = 0;
  branchEnd = 0;
  /** Whether the Via has an `rport` without a value. */
  viaHasRport = false;
  /** The message, with a zero behind it. Asking an array is several times as fast as asking a string. */
  readonly bytes = Buffer.alloc(maxPlainBytes + spareBytes);
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
  #requestUriEnd = 0;
  readonly #requestUris = new RepeatedText();
  #parsedUri: Uri | SipError | undefined = undefined;
  #parsedUriText = '';
  #judgedHost = '';
  #isValidHost = false;
  readonly #requestHosts = new RepeatedText();
  readonly #aorHosts = new RepeatedText();
  readonly #userAgents = new RepeatedText();
  #viaHostEnd = 0;
  /** The headers found so far. */
  #seen = 0;
  /** Where `sip:user@host[:port]` stands, of the first of From and To. */
  #aorStart = 0;
  #aorEnd = 0;
  #viaStart = 0;
  #viaEnd = 0;
  #contactStart = 0;
  #contactEnd = 0;
  /** The end of the Contact's URI when it is in angle brackets and has nothing but `expires` behind it; else -1. */
  #plainUriEnd = -1;
  /** What a reply copies. */
  readonly #reply = new PlainReply();

  /**
   * Reads one datagram, or one message of a stream.
   *
   * @param message used during the call only
   * @returns whether it is plain; otherwise nothing else here means anything
   */
  read(message: Buffer): boolean {
    const { length } = message;
    if (length > maxPlainBytes || message[0] !== LETTER_R) return false;
    const { bytes } = this;
    bytes.set(message);
    bytes[length] = 0;
    this.head = message.toString('latin1');
    this.maxForwards = undefined;
    this.expires = undefined;
    this.userAgent = undefined;
    this.#seen = 0;
    this.#reply.clear();
    let at = this.#readRequestLine(bytes);
    while (at > 0 && bytes[at] !== CR) at = this.#readLine(bytes, at);
    // The empty line is the end of the message: no body, nothing behind it.
    return at > 0 && at + 2 === length && bytes[at + 1] === LF && (this.#seen & mandatory) === mandatory;
  }

  /** The contacts, as `SipMessage.contacts` gives them; the failure when they are malformed. */
  contacts(): readonly Contact[] | '*' | SipError {
    if ((this.#seen & bits.contact) === 0) return noContacts;
    const { head } = this;
    const start = this.#contactStart;
    const end = this.#contactEnd;
    const uriEnd = this.#plainUriEnd;
    if (uriEnd >= 0) {
      const lifetime = uriEnd + 1 < end ? head.slice(uriEnd + 1 + words.expires.length, end) : undefined;
      return [new PlainContact(head.slice(start, end), head.slice(start + 1, uriEnd), lifetime)];
    }
    const values: string[] = [];
    splitList(head.slice(start, end), values);
    return parseContacts(values);
  }

  /** The Request-URI, as written. */
  get requestUri(): string {
    return this.#requestUris.read(this.head, this.bytes, requestUriStart, this.#requestUriEnd);
  }

  /** The Request-URI, parsed: once for all messages in a row that have the same. */
  get parsedRequestUri(): Uri | SipError {
    const text = this.requestUri;
    if (this.#parsedUri === undefined || this.#parsedUriText !== text) {
      this.#parsedUri = parseUri(text);
      this.#parsedUriText = text;
    }
    return this.#parsedUri;
  }

  /** Whether Request-URI and address of record are URIs; `read` only looks at their characters. */
  get hasValidUris(): boolean {
    if (isSipError(this.parsedRequestUri)) return false;
    if (this.#judgedHost !== this.aorHost) {
      this.#isValidHost = !isSipError(parseUri(`sip:x@${this.aorHost}`));
      this.#judgedHost = this.aorHost;
    }
    return this.#isValidHost;
  }

  /** Host of the top Via's sent-by; an IPv6 address is in brackets. */
  get viaHost(): string {
    return this.head.slice(this.sentByStart, this.#viaHostEnd);
  }

  /** The top Via, as the request has it. */
  via(): Via | SipError {
    return parseVia(this.head.slice(this.#viaStart, this.#viaEnd));
  }

  /**
   * The head of the 200 up to what the registrar adds (RFC 3261 §8.2.6): Via with the source, From, To with a tag,
   * Call-ID and CSeq, in the order of the request.
   *
   * @param received the source address, to be written into the Via (RFC 3261 §18.2.1); undefined: it stays as it is
   * @param rport the source port, for a Via that asks for it (RFC 3581 §4)
   * @param toTag of this reply
   */
  replyHead(received: string | undefined, rport: number, toTag: string): string {
    return this.#reply.text(this.head, received, rport, toTag);
  }

  // Everything below returns the position behind what it has read, or -1 for what is not plain.

  #readRequestLine(bytes: Uint8Array): number {
    if (!standsAt(this.#view, 0, words.requestLine)) return -1;
    const host = words.requestLine.length;
    const hostEnd = skipHostPort(bytes, host);
    const end = this.#skipUriParams(bytes, hostEnd);
    if (hostEnd === host || end < 0 || !standsAt(this.#view, end, words.version)) return -1;
    this.#requestUriEnd = end;
    this.requestHost = this.#requestHosts.read(this.head, bytes, host, hostEnd);
    return end + words.version.length;
  }

  /** Reads one header line with its line break. */
  #readLine(bytes: Uint8Array, start: number): number {
    const end = this.#readHeader(bytes, start);
    // A line that goes on in the next one is found there: no header begins with a blank.
    return end > 0 && bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : -1;
  }

  #readHeader(bytes: Uint8Array, at: number): number {
    switch (bytes[at]) {
      case 0x43: // C
        if (standsAt(this.#view, at, names.cseq)) return this.#readCSeq(bytes, at);
        if (standsAt(this.#view, at, names.callId)) return this.#readCallId(bytes, at);
        if (standsAt(this.#view, at, names.contact)) return this.#readContact(bytes, at);
        return standsAt(this.#view, at, names.contentLength) ? this.#readContentLength(bytes, at) : -1;
      case 0x45: // E
        return standsAt(this.#view, at, names.expires) ? this.#readExpires(bytes, at) : -1;
      case 0x46: // F
        return standsAt(this.#view, at, names.from) ? this.#readFrom(bytes, at) : -1;
      case 0x4d: // M
        return standsAt(this.#view, at, names.maxForwards) ? this.#readMaxForwards(bytes, at) : -1;
      case 0x52: // R
        return standsAt(this.#view, at, names.route) ? this.#readRoute(at) : -1;
      case 0x54: // T
        return standsAt(this.#view, at, names.to) ? this.#readTo(bytes, at) : -1;
      case 0x55: // U
        return standsAt(this.#view, at, names.userAgent) ? this.#readUserAgent(bytes, at) : -1;
      case 0x56: // V
        return standsAt(this.#view, at, names.via) ? this.#readVia(bytes, at) : -1;
      case 0x58: // X
        return bytes[at + 1] === HYPHEN ? this.#skipMeaningless(bytes, at) : -1;
      default:
        for (const name of meaningless) if (standsAt(this.#view, at, name)) return this.#skipMeaningless(bytes, at);
        return -1;
    }
  }

  /** Whether a header stands here for the first time. */
  #once(bit: number): boolean {
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }

  /** The end of the value that begins at `at`: the line break, when there is no other one in between. */
  #endOfValue(at: number): number {
    const end = this.head.indexOf('\r', at);
    return end > at && this.head.indexOf('\n', at) === end + 1 ? end : -1;
  }

  #skipMeaningless(bytes: Uint8Array, start: number): number {
    const nameEnd = skipToken(bytes, start);
    return bytes[nameEnd] === COLON && bytes[nameEnd + 1] === SP ? this.#endOfValue(nameEnd + 2) : -1;
  }

  #readVia(bytes: Uint8Array, start: number): number {
    const value = start + names.via.length;
    if (!standsAt(this.#view, value, words.viaUdp) && !standsAt(this.#view, value, words.viaTcp)) return -1;
    const host = value + words.viaUdp.length;
    let at = bytes[host] === LEFT_BRACKET ? skipHost(this.head, host) : skipCodes(bytes, host, HOSTNAME);
    if (at <= host || !this.#once(bits.via)) return -1;
    this.sentByStart = host;
    this.#viaHostEnd = at;
    this.viaPort = undefined;
    if (bytes[at] === COLON) {
      const port = at + 1;
      at = skipDigits(bytes, port);
      this.viaPort = decimalUpTo(65_535, bytes, port, at);
      if (this.viaPort < 0 || (bytes[port] === DIGIT_0 && at > port + 1)) return -1;
    }
    this.sentByEnd = at;
    this.branchEnd = 0;
    this.viaHasRport = false;
    let copied = start;
    while (bytes[at] === SEMICOLON) {
      at = this.#readViaParameter(bytes, at + 1);
      if (at < 0) return -1;
      if (this.viaHasRport && copied === start) {
        this.#reply.copy(start, at, added.rport);
        copied = at;
      }
    }
    this.#reply.copy(copied, at, added.received);
    this.#reply.copy(at, at + 2);
    this.#viaStart = value;
    this.#viaEnd = at;
    return this.branchEnd === 0 ? -1 : at;
  }

  // Not `received`, `maddr` and `ttl` in any case, nor what nobody knows.
  #readViaParameter(bytes: Uint8Array, name: number): number {
    const end = skipToken(bytes, name);
    if (end - name === words.rport.length && bytes[end] !== EQUALS) {
      if (standsAt(this.#view, name, words.alias)) return end;
      if (!standsAt(this.#view, name, words.rport) || this.viaHasRport) return -1;
      this.viaHasRport = true;
      return end;
    }
    // RFC 3261 §8.1.1.7: the cookie has something behind it.
    if (!standsAt(this.#view, name, words.branch) || this.branchEnd !== 0) return -1;
    const branchEnd = skipToken(bytes, end + 1);
    if (branchEnd === name + words.branch.length) return -1;
    this.branchStart = end + 1;
    this.branchEnd = branchEnd;
    return branchEnd;
  }

  #readFrom(bytes: Uint8Array, start: number): number {
    const behind = this.#readAddress(bytes, start + names.from.length, bits.to);
    if (behind < 0 || !this.#once(bits.from) || !standsAt(this.#view, behind, words.tag)) return -1;
    const tag = behind + words.tag.length;
    const end = skipToken(bytes, tag);
    this.#reply.copy(start, end + 2);
    return end === tag ? -1 : end;
  }

  // A To with a tag belongs to a dialog, and a REGISTER makes none.
  #readTo(bytes: Uint8Array, start: number): number {
    const end = this.#readAddress(bytes, start + names.to.length, bits.from);
    if (end < 0 || !this.#once(bits.to)) return -1;
    this.#reply.copy(start, end, added.tag);
    this.#reply.copy(end, end + 2);
    return end;
  }

  /**
   * Reads `[name] <sip:user@host[:port][;params]>` or `sip:user@host[:port]`. Keeps the address of record of the first
   * of From and To, and wants that of the second to be the same.
   *
   * @param other the bit of the other header
   */
  #readAddress(bytes: Uint8Array, start: number, other: number): number {
    const left = this.#skipDisplayName(bytes, start);
    const isBracketed = bytes[left] === LEFT_ANGLE;
    const uri = isBracketed ? left + 1 : start;
    if (!standsAt(this.#view, uri, words.scheme)) return -1;
    const user = uri + words.scheme.length;
    // Without brackets, ";" and "?" would not belong to the URI (RFC 3261 §20.10).
    const userEnd = skipCodes(bytes, user, isBracketed ? USER : HOSTNAME);
    const host = userEnd + 1;
    if (userEnd === user || bytes[userEnd] !== AT) return -1;
    const hostEnd = skipHostPort(bytes, host);
    if (hostEnd === host) return -1;
    if ((this.#seen & other) === 0) {
      this.#aorStart = uri;
      this.#aorEnd = hostEnd;
      this.user = this.head.slice(user, userEnd);
      this.aorHost = this.#aorHosts.read(this.head, bytes, host, hostEnd);
    } else {
      const length = hostEnd - uri;
      if (length !== this.#aorEnd - this.#aorStart || !areSame(bytes, uri, this.#aorStart, length)) return -1;
    }
    if (!isBracketed) return hostEnd;
    const right = this.#skipUriParams(bytes, hostEnd);
    return bytes[right] === RIGHT_ANGLE ? right + 1 : -1;
  }

  /** Where the `<` behind a display name would stand. */
  #skipDisplayName(bytes: Uint8Array, start: number): number {
    const first = bytes[start] as number; // inside
    // Most have no name. A blank in front would be copied into the reply, where another way of reading drops it.
    if (first === LEFT_ANGLE || isBlank(first)) return start;
    if (first !== QUOTE) return skipDisplayWords(bytes, start);
    const end = skipQuoted(this.head, start);
    return end < 0 || end > this.#endOfValue(start) ? start : skipBlankCodes(bytes, end);
  }

  #skipUriParams(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== SEMICOLON) return at;
    const end = scanUriParams(this.head, at);
    return isSipError(end) ? -1 : end;
  }

  #readCallId(bytes: Uint8Array, start: number): number {
    const value = start + names.callId.length;
    let end = value;
    for (let c = bytes[end] as number; c > SP && c < DEL; c = bytes[end] as number) end += 1;
    if (end === value || end - value > limits.maxCallIdBytes || !this.#once(bits.callId)) return -1;
    this.callId = this.head.slice(value, end);
    this.#reply.copy(start, end + 2);
    return end;
  }

  #readCSeq(bytes: Uint8Array, start: number): number {
    const value = start + names.cseq.length;
    const digitsEnd = skipDigits(bytes, value);
    // RFC 3261 §8.1.1.5: less than 2^31; phones begin anywhere below it.
    this.cseq = decimalUpTo(2 ** 31 - 1, bytes, value, digitsEnd);
    if (this.cseq < 0 || !standsAt(this.#view, digitsEnd, words.cseqMethod) || !this.#once(bits.cseq)) return -1;
    const end = digitsEnd + words.cseqMethod.length;
    this.#reply.copy(start, end + 2);
    return end;
  }

  #readContact(bytes: Uint8Array, start: number): number {
    if (!this.#once(bits.contact)) return -1;
    const value = start + names.contact.length;
    this.#contactStart = value;
    this.#contactEnd = this.#readPlainContact(bytes, value);
    if (this.#contactEnd < 0) this.#contactEnd = this.#endOfValue(value);
    return this.#contactEnd;
  }

  /** Reads `<uri>` or `<uri>;expires=number`, with a line break behind it. */
  #readPlainContact(bytes: Uint8Array, value: number): number {
    this.#plainUriEnd = -1;
    if (bytes[value] !== LEFT_ANGLE) return -1;
    let at = value + 1;
    while (isUriCharacter(bytes[at] as number)) at += 1;
    if (bytes[at] !== RIGHT_ANGLE) return -1;
    const uriEnd = at;
    at += 1;
    if (bytes[at] === SEMICOLON) {
      const number = at + words.expires.length;
      if (!standsAt(this.#view, at, words.expires)) return -1;
      at = skipDigits(bytes, number);
      if (at === number) return -1;
    }
    if (bytes[at] !== CR) return -1;
    this.#plainUriEnd = uriEnd;
    return at;
  }

  #readExpires(bytes: Uint8Array, start: number): number {
    const value = start + names.expires.length;
    const end = skipDigits(bytes, value);
    this.expires = decimalUpTo(maxPlainNumber, bytes, value, end);
    return this.expires < 0 || !this.#once(bits.expires) ? -1 : end;
  }

  #readMaxForwards(bytes: Uint8Array, start: number): number {
    const value = start + names.maxForwards.length;
    const end = skipDigits(bytes, value);
    const hops = decimalUpTo(maxPlainNumber, bytes, value, end);
    if (hops < 0 || hops > 255 || !this.#once(bits.maxForwards)) return -1;
    this.maxForwards = hops;
    return end;
  }

  #readContentLength(bytes: Uint8Array, start: number): number {
    const value = skipBlankCodes(bytes, start + names.contentLength.length);
    return bytes[value] === DIGIT_0 && this.#once(bits.contentLength) ? value + 1 : -1;
  }

  #readUserAgent(bytes: Uint8Array, start: number): number {
    const value = start + names.userAgent.length;
    const end = this.#endOfValue(value);
    if (end <= value || isBlank(bytes[value] as number) || isBlank(bytes[end - 1] as number)) return -1;
    this.userAgent = this.#userAgents.read(this.head, bytes, value, end);
    return this.#once(bits.userAgent) ? end : -1;
  }

  /** A Route of a request that has arrived means nothing to a registrar, but has to be one (RFC 3261 §16.4). */
  #readRoute(start: number): number {
    const value = start + names.route.length;
    const end = this.#endOfValue(value);
    const { head } = this;
    if (end < 0 || head.charCodeAt(value) !== LEFT_ANGLE || head.charCodeAt(end - 1) !== RIGHT_ANGLE) return -1;
    return isSipError(parseUri(head.slice(value + 1, end - 1))) ? -1 : end;
  }
}

/** `<uri>` with nothing behind it but perhaps `expires`, which nobody has to look for among parameters. */
class PlainContact extends Contact {
  readonly #expires: string | undefined;

  constructor(text: string, uriText: string, expires: string | undefined) {
    super(text, '', uriText, Params.none);
    this.#expires = expires;
  }

  override get expires(): string | undefined {
    return this.#expires;
  }
}

/** What a URI is written with (RFC 3986 §2), escapes and brackets included; not whether it is one. */
function isUriCharacter(code: number): boolean {
  return isIn(code, PARAM | USER) || code === AT || code === PERCENT;
}
