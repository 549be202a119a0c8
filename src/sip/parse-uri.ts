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
  URI,
  USER,
} from './char-class.ts';
import { parseDecimal } from './decimal.ts';
import { scanHost } from './host.ts';
import { limits } from './limits.ts';
import { Params, scannedParams, scanUriParamCodes } from './params.ts';
import { SipError } from './sip-error.ts';
import { codesOf, skipCodes, skipEscapedCodes } from './text-codes.ts';

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
  if (text.length > limits.maxUriBytes) return tooLong();
  const codes = codesOf(text);
  const uri = scanSipUri(text, codes, 0, text.length);
  if (uri !== undefined) return uri;
  if (hasPrefix(codes, 0, 0x74, 0x65, 0x6c) && codes[3] === 0x3a) return parseTelUri(text, codes);
  return parseOtherUri(text, codes);
}

/**
 * Parses a sip or sips URI that stands from `start` to `end` in a text whose codes are at hand: see `text-codes.ts`.
 * @returns undefined for another scheme
 */
export function scanSipUri(text: string, codes: Uint8Array, start: number, end: number): SipUri | SipError | undefined {
  if (end - start > limits.maxUriBytes) return tooLong();
  if (!hasPrefix(codes, start, 0x73, 0x69, 0x70)) return undefined;
  if (codes[start + 3] === 0x3a) return scanAfterScheme(text, codes, start, end, 'sip');
  // The cast: the letters before it are inside, so there is one more code behind them.
  const isSips = ((codes[start + 3] as number) | 0x20) === 0x73 && codes[start + 4] === 0x3a;
  return isSips ? scanAfterScheme(text, codes, start, end, 'sips') : undefined;
}

/** Whether these three lower-case letters stand there, in any case. */
function hasPrefix(codes: Uint8Array, at: number, a: number, b: number, c: number): boolean {
  // The casts: what ends a shorter text ends the comparison.
  if (((codes[at] as number) | 0x20) !== a || ((codes[at + 1] as number) | 0x20) !== b) return false;
  return ((codes[at + 2] as number) | 0x20) === c;
}

function tooLong(): SipError {
  return new SipError('SIP_TOO_LARGE', `a URI is longer than ${limits.maxUriBytes} bytes`, limits.maxUriBytes, 414);
}

/** Whether a well-formed sip or sips URI stands from `start` to `end`, of which nobody wants to know more. */
export function isSipUriAt(text: string, codes: Uint8Array, start: number, end: number): boolean {
  if (end - start > limits.maxUriBytes || !hasPrefix(codes, start, 0x73, 0x69, 0x70)) return false;
  const colon = codes[start + 3] === 0x3a ? start + 3 : start + 4;
  if (colon > start + 3 && ((codes[start + 3] as number) | 0x20) !== 0x73) return false; // sips
  return codes[colon] === 0x3a && scanParts(text, codes, colon + 1, end) === undefined;
}

/** Where the parts of the URI stand that was scanned last; -1 for a part that is not there. */
const parts = {
  userEnd: 0,
  passwordEnd: 0,
  host: 0,
  hostEnd: 0,
  port: 0,
  params: 0,
  paramsEnd: 0,
  paramCount: 0,
  headers: 0,
};

function scanAfterScheme(
  text: string,
  codes: Uint8Array,
  uriStart: number,
  end: number,
  scheme: 'sip' | 'sips',
): SipUri | SipError {
  const start = uriStart + scheme.length + 1;
  const fault = scanParts(text, codes, start, end);
  if (fault !== undefined) return fault;
  const { userEnd, passwordEnd, port, params, paramsEnd, paramCount, headers } = parts;
  return new SipUri(
    scheme,
    userEnd < 0 ? undefined : text.slice(start, userEnd),
    passwordEnd < 0 ? undefined : text.slice(userEnd + 1, passwordEnd),
    text.slice(parts.host, parts.hostEnd),
    port < 0 ? undefined : port,
    paramCount === 0 ? Params.none : new Params(text, params, paramsEnd, paramCount),
    headers < 0 ? '' : text.slice(headers, end),
    text.slice(uriStart, end),
  );
}

/** Finds the parts of a sip or sips URI whose scheme ends at `start`. */
function scanParts(text: string, codes: Uint8Array, start: number, end: number): SipError | undefined {
  parts.userEnd = -1;
  parts.passwordEnd = -1;
  let at = start;
  // "@" is allowed nowhere else in the URI, so the first one ends the userinfo.
  let userinfoEnd = start;
  while (userinfoEnd < end && codes[userinfoEnd] !== 0x40) userinfoEnd++;
  if (userinfoEnd < end) {
    at = skipEscapedCodes(codes, start, USER);
    if (at === start) return new SipError('SIP_BAD_URI', 'the user part of the URI is empty or malformed', at);
    parts.userEnd = at;
    if (codes[at] === 0x3a) {
      at = skipEscapedCodes(codes, at + 1, PASSWORD);
      parts.passwordEnd = at;
    }
    if (at !== userinfoEnd) return new SipError('SIP_BAD_URI', 'the userinfo of the URI has a bad character', at);
    at++;
  }

  parts.host = at;
  at = scanHost(text, codes, at);
  if (at < 0) return new SipError('SIP_BAD_URI', 'the host of the URI is missing or malformed', parts.host);
  parts.hostEnd = at;

  parts.port = -1;
  if (codes[at] === 0x3a) {
    const portStart = at + 1;
    at = skipCodes(codes, portStart, DIGIT);
    parts.port = parseDecimal(text, 65_536, portStart, at);
    if (parts.port < 0 || parts.port > 65_535) {
      return new SipError('SIP_BAD_URI', 'the port of the URI is no port', portStart);
    }
  }

  parts.params = at;
  parts.paramCount = 0;
  if (codes[at] === 0x3b) {
    const paramsEnd = scanUriParamCodes(codes, at);
    if (typeof paramsEnd !== 'number') return paramsEnd;
    parts.paramCount = scannedParams.size;
    at = paramsEnd;
  }
  parts.paramsEnd = at;

  parts.headers = -1;
  if (codes[at] === 0x3f) {
    parts.headers = at + 1;
    at = skipUriHeaders(codes, at + 1);
    if (at < 0) return new SipError('SIP_BAD_URI', 'the headers part of the URI is malformed', parts.headers);
  }
  return at === end ? undefined : new SipError('SIP_BAD_URI', 'the URI has a character that cannot stand there', at);
}

/** The end of `header *( "&" header )`, or -1. */
function skipUriHeaders(codes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const name = at;
    at = skipEscapedCodes(codes, name, HNV);
    if (at === name || codes[at] !== 0x3d) return -1;
    at = skipEscapedCodes(codes, at + 1, HNV);
    if (codes[at] !== 0x26) return at;
    at++;
  }
}

/** RFC 3966 §3; a local number needs its `phone-context`. */
function parseTelUri(text: string, codes: Uint8Array): TelUri | SipError {
  const start = 4;
  const global = codes[start] === 0x2b;
  const digits = global ? start + 1 : start;
  let at = skipCodes(codes, digits, global ? PHONE : PHONE_HEX);
  if (!hasDigit(codes, digits, at)) return new SipError('SIP_BAD_URI', 'the tel URI has no number', digits);
  const number = text.slice(start, at);
  const end = scanUriParamCodes(codes, at);
  if (typeof end !== 'number') return end;
  const params = end === at ? Params.none : new Params(text, at, end, scannedParams.size);
  at = end;
  if (at !== text.length) return new SipError('SIP_BAD_URI', 'the tel URI has a character that cannot stand there', at);
  if (!global && !params.get('phone-context')) {
    return new SipError('SIP_BAD_URI', 'a local number in a tel URI needs a phone-context', at);
  }
  return { scheme: 'tel', number, params, text };
}

/** Whether there is more than visual separators. */
function hasDigit(codes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = codes[i] as number; // i is inside
    if (isIn(c, HEX) || c === 0x2a || c === 0x23) return true;
  }
  return false;
}

/** RFC 3986: a scheme, ":", then at least one character of those that a URI may have; at most one "#". */
function parseOtherUri(text: string, codes: Uint8Array): OtherUri | SipError {
  const colon = isIn(codes[0] as number, ALPHA) ? skipCodes(codes, 1, SCHEME) : 0;
  if (codes[colon] !== 0x3a) return new SipError('SIP_BAD_URI', 'the URI has no scheme', colon);
  let at = skipEscapedCodes(codes, skipAuthority(text, codes, colon + 1), URI);
  if (codes[at] === 0x23) at = skipEscapedCodes(codes, at + 1, URI);
  if (at !== text.length) return new SipError('SIP_BAD_URI', 'the URI has a character that cannot stand there', at);
  if (at === colon + 1) return new SipError('SIP_BAD_URI', 'nothing follows the scheme of the URI', at);
  return { scheme: text.slice(0, colon).toLowerCase(), text };
}

/** Passes `//userinfo@[IPv6]` when the authority is an IP literal, the one place where brackets may stand. */
function skipAuthority(text: string, codes: Uint8Array, start: number): number {
  if (codes[start] !== 0x2f || codes[start + 1] !== 0x2f) return start;
  let host = start + 2;
  if (codes[host] !== 0x5b) {
    host = skipEscapedCodes(codes, host, PASSWORD);
    while (codes[host] === 0x3a || codes[host] === 0x3b) host = skipEscapedCodes(codes, host + 1, PASSWORD);
    if (codes[host] !== 0x40) return start;
    host++;
  }
  const end = codes[host] === 0x5b ? scanHost(text, codes, host) : -1;
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
