import {
  ALPHA,
  codeAt,
  DIGIT,
  HEX,
  HNV,
  hexValue,
  isIn,
  PASSWORD,
  PHONE,
  PHONE_HEX,
  SCHEME,
  skipClass,
  skipEscaped,
  URI,
  USER,
} from './char-class.ts';
import { parseDecimal } from './decimal.ts';
import { skipHost } from './host.ts';
import { limits } from './limits.ts';
import { Params, scanUriParams } from './params.ts';
import { SipError } from './sip-error.ts';

/** A SIP or SIPS URI (RFC 3261 §19.1). */
export class SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, still escaped. */
  readonly user: string | undefined;
  /** As written, still escaped. */
  readonly password: string | undefined;
  /** As written; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
  /** What follows "?", as written; '' when there is nothing. */
  readonly headers: string;
  /** The whole URI, as written. */
  readonly text: string;

  constructor(
    scheme: 'sip' | 'sips',
    user: string | undefined,
    password: string | undefined,
    host: string,
    port: number | undefined,
    params: Params,
    headers: string,
    text: string,
  ) {
    this.scheme = scheme;
    this.user = user;
    this.password = password;
    this.host = host;
    this.port = port;
    this.params = params;
    this.headers = headers;
    this.text = text;
  }
}

/** A tel URI (RFC 3966). */
export interface TelUri {
  readonly scheme: 'tel';
  /** As written, with visual separators, and "+" for a global number. */
  readonly number: string;
  readonly params: Params;
  readonly text: string;
}

/** A URI of any other scheme, well-formed by RFC 3986. */
export interface OtherUri {
  /** In lower case. */
  readonly scheme: string;
  readonly text: string;
}

export type Uri = SipUri | TelUri | OtherUri;

/** Whether the URI is of the scheme sip or sips. */
export function isSipUri(uri: Uri): uri is SipUri {
  return uri.scheme === 'sip' || uri.scheme === 'sips';
}

/** Whether the URI is of the scheme tel. */
export function isTelUri(uri: Uri): uri is TelUri {
  return uri.scheme === 'tel';
}

/**
 * Parses a whole URI: sip and sips by RFC 3261 §25.1, tel by RFC 3966 §3, all others by RFC 3986.
 * @param text without blanks and angle brackets around it
 * @returns the URI, or `SIP_BAD_URI` with the offset of the first character that does not fit
 */
export function parseUri(text: string): Uri | SipError {
  if (text.length > limits.maxUriBytes) {
    return new SipError('SIP_TOO_LARGE', `a URI is longer than ${limits.maxUriBytes} bytes`, limits.maxUriBytes, 414);
  }
  if (hasPrefix(text, 0x73, 0x69, 0x70)) {
    if (codeAt(text, 3) === 0x3a) return parseSipUri(text, 'sip', 4);
    if ((codeAt(text, 3) | 0x20) === 0x73 && codeAt(text, 4) === 0x3a) return parseSipUri(text, 'sips', 5);
  }
  if (hasPrefix(text, 0x74, 0x65, 0x6c) && codeAt(text, 3) === 0x3a) return parseTelUri(text);
  return parseOtherUri(text);
}

/** Whether the text begins with these three lower-case letters, in any case. */
function hasPrefix(text: string, a: number, b: number, c: number): boolean {
  return (codeAt(text, 0) | 0x20) === a && (codeAt(text, 1) | 0x20) === b && (codeAt(text, 2) | 0x20) === c;
}

function parseSipUri(text: string, scheme: 'sip' | 'sips', start: number): SipUri | SipError {
  let user: string | undefined;
  let password: string | undefined;
  let at = start;
  // "@" is allowed nowhere else in the URI, so the first one ends the userinfo.
  const userinfoEnd = text.indexOf('@', start);
  if (userinfoEnd >= 0) {
    at = skipEscaped(text, start, USER);
    if (at === start) return new SipError('SIP_BAD_URI', 'the user part of the URI is empty or malformed', at);
    user = text.slice(start, at);
    if (codeAt(text, at) === 0x3a) {
      const from = at + 1;
      at = skipEscaped(text, from, PASSWORD);
      password = text.slice(from, at);
    }
    if (at !== userinfoEnd) return new SipError('SIP_BAD_URI', 'the userinfo of the URI has a bad character', at);
    at++;
  }

  const hostStart = at;
  at = skipHost(text, hostStart);
  if (at < 0) return new SipError('SIP_BAD_URI', 'the host of the URI is missing or malformed', hostStart);
  const host = text.slice(hostStart, at);

  let port: number | undefined;
  if (codeAt(text, at) === 0x3a) {
    const portStart = at + 1;
    at = skipClass(text, portStart, DIGIT);
    port = parseDecimal(text, 65_536, portStart, at);
    if (port < 0 || port > 65_535) return new SipError('SIP_BAD_URI', 'the port of the URI is no port', portStart);
  }

  let params = Params.none;
  if (codeAt(text, at) === 0x3b) {
    const offsets: number[] = [];
    const end = scanUriParams(text, at, offsets);
    if (typeof end !== 'number') return end;
    params = new Params(text, at, end, offsets);
    at = end;
  }

  let headers = '';
  if (codeAt(text, at) === 0x3f) {
    const headersStart = at + 1;
    at = skipUriHeaders(text, headersStart);
    if (at < 0) return new SipError('SIP_BAD_URI', 'the headers part of the URI is malformed', headersStart);
    headers = text.slice(headersStart, at);
  }
  if (at !== text.length) return new SipError('SIP_BAD_URI', 'the URI has a character that cannot stand there', at);
  return new SipUri(scheme, user, password, host, port, params, headers, text);
}

/** The end of `header *( "&" header )`, or -1. */
function skipUriHeaders(text: string, start: number): number {
  let at = start;
  for (;;) {
    const name = at;
    at = skipEscaped(text, name, HNV);
    if (at === name || codeAt(text, at) !== 0x3d) return -1;
    at = skipEscaped(text, at + 1, HNV);
    if (codeAt(text, at) !== 0x26) return at;
    at++;
  }
}

/** RFC 3966 §3; a local number needs its `phone-context`. */
function parseTelUri(text: string): TelUri | SipError {
  const start = 4;
  const global = codeAt(text, start) === 0x2b;
  const digits = global ? start + 1 : start;
  let at = skipClass(text, digits, global ? PHONE : PHONE_HEX);
  if (!hasDigit(text, digits, at)) return new SipError('SIP_BAD_URI', 'the tel URI has no number', digits);
  const number = text.slice(start, at);
  const offsets: number[] = [];
  const end = scanUriParams(text, at, offsets);
  if (typeof end !== 'number') return end;
  const params = end === at ? Params.none : new Params(text, at, end, offsets);
  at = end;
  if (at !== text.length) return new SipError('SIP_BAD_URI', 'the tel URI has a character that cannot stand there', at);
  if (!global && !params.get('phone-context')) {
    return new SipError('SIP_BAD_URI', 'a local number in a tel URI needs a phone-context', at);
  }
  return { scheme: 'tel', number, params, text };
}

/** Whether there is more than visual separators. */
function hasDigit(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = codeAt(text, i);
    if (isIn(c, HEX) || c === 0x2a || c === 0x23) return true;
  }
  return false;
}

/** RFC 3986: a scheme, ":", then at least one character of those that a URI may have; at most one "#". */
function parseOtherUri(text: string): OtherUri | SipError {
  const colon = isIn(codeAt(text, 0), ALPHA) ? skipClass(text, 1, SCHEME) : 0;
  if (codeAt(text, colon) !== 0x3a) return new SipError('SIP_BAD_URI', 'the URI has no scheme', colon);
  let at = skipEscaped(text, skipAuthority(text, colon + 1), URI);
  if (codeAt(text, at) === 0x23) at = skipEscaped(text, at + 1, URI);
  if (at !== text.length) return new SipError('SIP_BAD_URI', 'the URI has a character that cannot stand there', at);
  if (at === colon + 1) return new SipError('SIP_BAD_URI', 'nothing follows the scheme of the URI', at);
  return { scheme: text.slice(0, colon).toLowerCase(), text };
}

/** Passes `//userinfo@[IPv6]` when the authority is an IP literal, the one place where brackets may stand. */
function skipAuthority(text: string, start: number): number {
  if (codeAt(text, start) !== 0x2f || codeAt(text, start + 1) !== 0x2f) return start;
  let host = start + 2;
  if (codeAt(text, host) !== 0x5b) {
    host = skipEscaped(text, host, PASSWORD);
    while (codeAt(text, host) === 0x3a || codeAt(text, host) === 0x3b) host = skipEscaped(text, host + 1, PASSWORD);
    if (codeAt(text, host) !== 0x40) return start;
    host++;
  }
  const end = codeAt(text, host) === 0x5b ? skipHost(text, host) : -1;
  return end < 0 ? start : end;
}

/**
 * Resolves the escapes of a user part: each needs two hex digits and must stand for a printable ASCII character,
 * 32..126 (spec of the registrar, 5 step 3).
 * @param raw the user part as written
 */
export function unescapeUser(raw: string): string | SipError {
  const first = raw.indexOf('%');
  if (first < 0) return raw;
  let user = raw.slice(0, first);
  for (let i = first; i < raw.length; i++) {
    if (codeAt(raw, i) !== 0x25) {
      user += raw.charAt(i);
      continue;
    }
    const high = codeAt(raw, i + 1);
    const low = codeAt(raw, i + 2);
    if (!isIn(high, HEX) || !isIn(low, HEX)) {
      return new SipError('SIP_BAD_ESCAPE', 'an escape in the user part has no two hex digits', i);
    }
    const code = hexValue(high) * 16 + hexValue(low);
    if (code < 32 || code > 126) {
      return new SipError('SIP_BAD_ESCAPE', 'an escape in the user part is no printable character', i);
    }
    user += String.fromCharCode(code);
    i += 2;
  }
  return user;
}
