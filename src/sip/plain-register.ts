import { DIGIT, HOSTNAME, isIn, PARAM, TOKEN, USER } from './char-class.ts';
import { parseDecimal } from './decimal.ts';
import { Contact } from './headers/contact.ts';
import { limits } from './limits.ts';
import { Params } from './params.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const QUOTE = 0x22;
const PERCENT = 0x25;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LEFT_ANGLE = 0x3c;
const EQUALS = 0x3d;
const RIGHT_ANGLE = 0x3e;
const AT = 0x40;
const BACKSLASH = 0x5c;
const DEL = 0x7f;

const requestLine = 'REGISTER sip:';
const version = ' SIP/2.0\r\n';
const viaUdp = 'SIP/2.0/UDP ';
const viaTcp = 'SIP/2.0/TCP ';
const cookie = 'z9hG4bK';
const cseqMethod = ' REGISTER';
const expiresParameter = ';expires=';
const maxShortNumber = 999_999_999;

/** A plain REGISTER has a few hundred bytes; one that is much longer has something that is not plain. */
const maxPlainBytes = 2_048;

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
const mandatory = bits.via | bits.from | bits.to | bits.callId | bits.cseq | bits.contact;

/**
 * Reads the REGISTER that nearly every phone sends, in one pass over its head and without objects: one Via, one
 * Contact in angle brackets with at most an `expires`, From and To with the same plain URI, nothing that asks for an
 * extension.
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
  /** The Expires header in seconds; undefined when there is none. */
  expires: number | undefined = undefined;
  /** The value of User-Agent; undefined when there is none. */
  userAgent: string | undefined = undefined;
  /** Host of the top Via's sent-by. */
  viaHost = '';
  viaPort: number | undefined = undefined;
  viaBranch = '';
  /** Whether the Via has an `rport` without a value. */
  viaHasRport = false;
  #contactStart = 0;
  #contactEnd = 0;
  #viaValueStart = 0;
  #viaEnd = 0;
  #rportEnd = 0;
  #toEnd = 0;
  /** Where the lines that a reply copies begin and end, in the order of the request: pairs. */
  readonly #copied = new Int32Array(10);
  #copiedCount = 0;
  #viaIndex = 0;
  #toIndex = 0;
  #seen = 0;
  /** The URI of From and To. */
  #aor = '';

  /**
   * Reads one datagram, or one message of a stream.
   *
   * @param bytes used during the call only
   * @returns whether it is plain; otherwise nothing else here means anything
   */
  read(bytes: Buffer): boolean {
    if (bytes.length > maxPlainBytes || bytes[0] !== requestLine.charCodeAt(0)) return false;
    const head = bytes.toString('latin1');
    this.head = head;
    this.#seen = 0;
    this.#copiedCount = 0;
    this.expires = undefined;
    this.userAgent = undefined;
    let at = this.#readRequestLine(head);
    if (at < 0) return false;
    while (head.charCodeAt(at) !== CR) {
      at = this.#readLine(head, at);
      if (at < 0) return false;
    }
    // The empty line is the end of the message: no body, nothing behind it.
    if (head.charCodeAt(at + 1) !== LF || at + 2 !== head.length) return false;
    return (this.#seen & mandatory) === mandatory;
  }

  /** The one contact; the same object view that `parseContacts` gives. */
  contact(): Contact {
    const { head } = this;
    const text = head.slice(this.#contactStart, this.#contactEnd);
    const uriEnd = text.indexOf('>');
    const uriText = text.slice(1, uriEnd);
    if (text.length === uriEnd + 1) return new Contact(text, '', uriText, Params.none);
    const name = uriEnd + 2;
    const value = uriEnd + 1 + expiresParameter.length;
    return new Contact(
      text,
      '',
      uriText,
      new Params(text, uriEnd + 1, text.length, [name, value - 1, value, text.length]),
    );
  }

  /**
   * The head of the 200 up to what the registrar adds (RFC 3261 §8.2.6): Via with the source, From, To with a tag,
   * Call-ID and CSeq, in the order of the request.
   *
   * @param received the source address, to be written into the Via; undefined: the Via stays as it is
   * @param rport the source port; used when the Via asks for it
   * @param toTag of this reply
   */
  replyHead(received: string | undefined, rport: number, toTag: string): string {
    const { head } = this;
    const copied = this.#copied;
    let text = 'SIP/2.0 200 OK\r\n';
    for (let index = 0; index < this.#copiedCount; index += 2) {
      const start = copied[index] as number; // index is inside
      const end = copied[index + 1] as number;
      if (index === this.#viaIndex && received !== undefined) text += this.#viaLine(start, received, rport);
      else if (index === this.#toIndex) text += `${head.slice(start, this.#toEnd)};tag=${toTag}\r\n`;
      else text += head.slice(start, end);
    }
    return text;
  }

  // RFC 3261 §18.2.1, RFC 3581 §4: what `Via.withSource` writes.
  #viaLine(start: number, received: string, rport: number): string {
    const { head } = this;
    const name = head.slice(start, this.#viaValueStart);
    if (!this.viaHasRport) return `${name}${head.slice(this.#viaValueStart, this.#viaEnd)};received=${received}\r\n`;
    const before = head.slice(this.#viaValueStart, this.#rportEnd);
    return `${name}${before}=${rport}${head.slice(this.#rportEnd, this.#viaEnd)};received=${received}\r\n`;
  }

  #readRequestLine(head: string): number {
    if (!head.startsWith(requestLine)) return -1;
    const end = skipHostPort(head, requestLine.length);
    if (end === requestLine.length || !head.startsWith(version, end)) return -1;
    this.requestHost = head.slice(requestLine.length, end);
    return end + version.length;
  }

  /** Reads one header line; returns where the next one begins, or -1 for what is not plain. */
  #readLine(head: string, start: number): number {
    let nameEnd = start;
    while (isIn(head.charCodeAt(nameEnd), TOKEN)) nameEnd += 1;
    if (head.charCodeAt(nameEnd) !== COLON || head.charCodeAt(nameEnd + 1) !== SP) return -1;
    const valueStart = nameEnd + 2;
    const lineFeed = head.indexOf('\n', valueStart);
    const end = lineFeed - 1;
    if (end <= valueStart || head.indexOf('\r', valueStart) !== end) return -1;
    // A folded line goes on behind its line break.
    const next = head.charCodeAt(lineFeed + 1);
    if (next === SP || next === TAB) return -1;
    return this.#readHeader(head, start, nameEnd - start, valueStart, end) ? lineFeed + 1 : -1;
  }

  // By length first, then by the usual spelling. Another spelling, a compact form, and every header that is not
  // known to mean nothing to a registrar is not plain.
  #readHeader(head: string, start: number, length: number, valueStart: number, end: number): boolean {
    switch (length) {
      case 2:
        return head.startsWith('To', start) && this.#once(bits.to) && this.#readTo(head, start, valueStart, end);
      case 3:
        return head.startsWith('Via', start) && this.#once(bits.via) && this.#readVia(head, start, valueStart, end);
      case 4:
        if (head.startsWith('From', start)) {
          return this.#once(bits.from) && this.#readFrom(head, start, valueStart, end);
        }
        return head.startsWith('CSeq', start) && this.#once(bits.cseq) && this.#readCSeq(head, start, valueStart, end);
      case 5:
        return head.startsWith('Allow', start);
      case 6:
        return head.startsWith('Accept', start);
      case 7:
        if (head.startsWith('Call-ID', start)) {
          return this.#once(bits.callId) && this.#readCallId(head, start, valueStart, end);
        }
        if (head.startsWith('Contact', start))
          return this.#once(bits.contact) && this.#readContact(head, valueStart, end);
        return (
          head.startsWith('Expires', start) && this.#once(bits.expires) && this.#readExpires(head, valueStart, end)
        );
      case 9:
        return head.startsWith('Supported', start);
      case 10:
        if (!head.startsWith('User-Agent', start) || !this.#once(bits.userAgent)) return false;
        this.userAgent = head.slice(valueStart, end).trim();
        return this.userAgent !== '';
      case 12:
        if (head.startsWith('Allow-Events', start)) return true;
        return head.startsWith('Max-Forwards', start) && this.#once(bits.maxForwards) && isOctet(head, valueStart, end);
      case 14:
        if (!head.startsWith('Content-Length', start) || !this.#once(bits.contentLength)) return false;
        return end === valueStart + 1 && head.charCodeAt(valueStart) === DIGIT_0;
      default:
        return false;
    }
  }

  #once(bit: number): boolean {
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }

  #copy(start: number, end: number): void {
    this.#copied[this.#copiedCount] = start;
    this.#copied[this.#copiedCount + 1] = end;
    this.#copiedCount += 2;
  }

  #readVia(head: string, start: number, valueStart: number, end: number): boolean {
    if (!head.startsWith(viaUdp, valueStart) && !head.startsWith(viaTcp, valueStart)) return false;
    const host = valueStart + viaUdp.length;
    let at = host;
    while (isIn(head.charCodeAt(at), HOSTNAME)) at += 1;
    if (at === host) return false;
    this.viaHost = head.slice(host, at);
    this.viaPort = undefined;
    if (head.charCodeAt(at) === COLON) {
      const port = at + 1;
      at = skipDigits(head, port);
      const number = parseDecimal(head, 65_536, port, at);
      if (number < 0 || number > 65_535) return false;
      this.viaPort = number;
    }
    this.viaBranch = '';
    this.viaHasRport = false;
    while (at < end) {
      at = this.#readViaParameter(head, at, end);
      if (at < 0) return false;
    }
    this.#viaIndex = this.#copiedCount;
    this.#viaValueStart = valueStart;
    this.#viaEnd = end;
    this.#copy(start, end + 2);
    return this.viaBranch.length > cookie.length;
  }

  /** Reads `;name` or `;name=token`; returns the position behind it, or -1. */
  #readViaParameter(head: string, semicolon: number, end: number): number {
    const name = semicolon + 1;
    if (head.charCodeAt(semicolon) !== SEMICOLON) return -1;
    const nameEnd = skipToken(head, name);
    const hasValue = head.charCodeAt(nameEnd) === EQUALS;
    const valueEnd = hasValue ? skipToken(head, nameEnd + 1) : nameEnd;
    if (nameEnd === name || valueEnd > end || (hasValue && valueEnd === nameEnd + 1)) return -1;
    switch (nameEnd - name) {
      case 5:
        if (head.startsWith('rport', name)) {
          if (hasValue || this.viaHasRport) return -1;
          this.viaHasRport = true;
          this.#rportEnd = nameEnd;
          return valueEnd;
        }
        return head.startsWith('alias', name) ? valueEnd : -1;
      case 6:
        if (!head.startsWith('branch', name) || !head.startsWith(cookie, nameEnd + 1) || this.viaBranch !== '')
          return -1;
        this.viaBranch = head.slice(nameEnd + 1, valueEnd);
        return valueEnd;
      default:
        // received, maddr, ttl in any case, and what nobody knows.
        return -1;
    }
  }

  #readFrom(head: string, start: number, valueStart: number, end: number): boolean {
    const uri = skipDisplayName(head, valueStart, end);
    const uriEnd = this.#skipUri(head, uri);
    if (uriEnd < 0 || !head.startsWith('>;tag=', uriEnd)) return false;
    const tag = uriEnd + 6;
    if (skipToken(head, tag) !== end || tag === end) return false;
    this.#copy(start, end + 2);
    return this.#sameUri(head, uri, uriEnd, bits.to);
  }

  #readTo(head: string, start: number, valueStart: number, end: number): boolean {
    const uri = skipDisplayName(head, valueStart, end);
    const uriEnd = this.#skipUri(head, uri);
    // A tag belongs to a dialog, and a REGISTER makes none.
    if (uriEnd < 0 || uriEnd + 1 !== end || head.charCodeAt(uriEnd) !== RIGHT_ANGLE) return false;
    this.#toIndex = this.#copiedCount;
    this.#toEnd = end;
    this.#copy(start, end + 2);
    return this.#sameUri(head, uri, uriEnd, bits.from);
  }

  /** Skips `sip:user@host[:port]`, which begins at `uri`; returns its end, or -1. */
  #skipUri(head: string, uri: number): number {
    if (uri < 0 || !head.startsWith('sip:', uri)) return -1;
    const user = uri + 4;
    let at = user;
    while (isIn(head.charCodeAt(at), USER)) at += 1;
    if (at === user || head.charCodeAt(at) !== AT) return -1;
    const end = skipHostPort(head, at + 1);
    return end === at + 1 ? -1 : end;
  }

  /** Keeps the address of record of the first of From and To, and compares that of the second with it. */
  #sameUri(head: string, uri: number, uriEnd: number, other: number): boolean {
    if ((this.#seen & other) === 0) {
      this.#aor = head.slice(uri, uriEnd);
      const at = this.#aor.indexOf('@');
      this.user = this.#aor.slice(4, at);
      this.aorHost = this.#aor.slice(at + 1);
      return true;
    }
    return uriEnd - uri === this.#aor.length && head.startsWith(this.#aor, uri);
  }

  #readCallId(head: string, start: number, valueStart: number, end: number): boolean {
    if (end - valueStart > limits.maxCallIdBytes) return false;
    for (let at = valueStart; at < end; at++) {
      const c = head.charCodeAt(at);
      if (c <= SP || c >= DEL) return false;
    }
    this.callId = head.slice(valueStart, end);
    this.#copy(start, end + 2);
    return true;
  }

  #readCSeq(head: string, start: number, valueStart: number, end: number): boolean {
    const digitsEnd = skipDigits(head, valueStart);
    if (!isShortNumber(valueStart, digitsEnd) || end - digitsEnd !== cseqMethod.length) return false;
    if (!head.startsWith(cseqMethod, digitsEnd)) return false;
    this.cseq = parseDecimal(head, maxShortNumber, valueStart, digitsEnd);
    this.#copy(start, end + 2);
    return true;
  }

  #readContact(head: string, valueStart: number, end: number): boolean {
    if (head.charCodeAt(valueStart) !== LEFT_ANGLE) return false;
    let at = valueStart + 1;
    while (isUriCharacter(head.charCodeAt(at))) at += 1;
    if (head.charCodeAt(at) !== RIGHT_ANGLE || at === valueStart + 1) return false;
    this.#contactStart = valueStart;
    this.#contactEnd = end;
    if (at + 1 === end) return true;
    const number = at + 1 + expiresParameter.length;
    return head.startsWith(expiresParameter, at + 1) && skipDigits(head, number) === end && isShortNumber(number, end);
  }

  #readExpires(head: string, valueStart: number, end: number): boolean {
    if (skipDigits(head, valueStart) !== end || !isShortNumber(valueStart, end)) return false;
    this.expires = parseDecimal(head, maxShortNumber, valueStart, end);
    return true;
  }
}

/** The end of the digits from `at` on. */
function skipDigits(text: string, at: number): number {
  let end = at;
  while (isIn(text.charCodeAt(end), DIGIT)) end += 1;
  return end;
}

function skipToken(text: string, at: number): number {
  let end = at;
  while (isIn(text.charCodeAt(end), TOKEN)) end += 1;
  return end;
}

/** The end of `host [ ":" port ]`, as far as characters tell; `at` when there is no host. */
function skipHostPort(text: string, at: number): number {
  let end = at;
  while (isIn(text.charCodeAt(end), HOSTNAME)) end += 1;
  if (end === at || text.charCodeAt(end) !== COLON) return end;
  const port = skipDigits(text, end + 1);
  return port === end + 1 ? at : port;
}

/** The position behind `<`, which may have a quoted name without escapes in front; -1 when there is neither. */
function skipDisplayName(text: string, at: number, end: number): number {
  let left = at;
  if (text.charCodeAt(at) === QUOTE) {
    left += 1;
    while (left < end && isNameCharacter(text.charCodeAt(left))) left += 1;
    if (text.charCodeAt(left) !== QUOTE || text.charCodeAt(left + 1) !== SP) return -1;
    left += 2;
  }
  return text.charCodeAt(left) === LEFT_ANGLE ? left + 1 : -1;
}

/** Printable ASCII but the quote and the backslash. */
function isNameCharacter(code: number): boolean {
  return code >= SP && code < DEL && code !== QUOTE && code !== BACKSLASH;
}

/** What a URI is written with (RFC 3986 §2), escapes and brackets included; not whether it is one. */
function isUriCharacter(code: number): boolean {
  return isIn(code, PARAM | USER) || code === AT || code === PERCENT;
}

/** Whether a number has so few digits that no limit of any header is near. */
function isShortNumber(start: number, end: number): boolean {
  return end > start && end - start <= 9;
}

/** Whether the text is a number from 0 to 255. */
function isOctet(text: string, start: number, end: number): boolean {
  return end - start <= 3 && skipDigits(text, start) === end && parseDecimal(text, 999, start, end) <= 255;
}
