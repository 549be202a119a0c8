import { codeAt, DIGIT, equalsIgnoreCase, isBlank, isToken, skipClass } from './char-class.ts';
import { parseDecimal } from './decimal.ts';
import { limits } from './limits.ts';
import { sameMethod } from './methods.ts';
import { SipError } from './sip-error.ts';

/** The request line (RFC 3261 §7.1). */
export interface RequestLine {
  readonly method: string;
  /** What stands between the first and the last SP, which may have blanks in it: then `fault` is set. */
  readonly uriText: string;
  readonly version: string;
  readonly fault: SipError | undefined;
}

/** The status line (RFC 3261 §7.2). */
export interface StatusLine {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
}

/** Whether the start line is a status line: it begins with "SIP/". */
export function isStatusLine(text: string): boolean {
  return equalsIgnoreCase(text, 0, 4, 'sip/');
}

/**
 * Parses `Method SP Request-URI SP SIP-Version`.
 * @param text a head, whose start line goes from 0 to `end`
 * @returns a failure when it is no request line at all
 */
export function parseRequestLine(text: string, end: number): RequestLine | SipError {
  let last = end;
  while (last > 0 && isBlank(codeAt(text, last - 1))) last--;
  const first = text.indexOf(' ');
  const second = text.lastIndexOf(' ', last - 1);
  if (first <= 0 || first >= last || second <= first) {
    return new SipError('SIP_BAD_START_LINE', 'the first line is no request line');
  }
  const versionKind = versionAt(text, second + 1, last);
  if (versionKind === 'none') {
    return new SipError('SIP_BAD_START_LINE', 'the first line does not end with a SIP version', second + 1);
  }
  const method = sameMethod(text.slice(0, first));
  const uriText = text.slice(first + 1, second);
  const version = text.slice(second + 1, last);
  let fault: SipError | undefined;
  if (end > limits.maxStartLineBytes) {
    fault = new SipError('SIP_TOO_LARGE', 'the request line is too long', limits.maxStartLineBytes, 414);
  } else if (!isToken(method)) fault = new SipError('SIP_BAD_START_LINE', 'the method is no token');
  else if (last !== end || isBlank(codeAt(uriText, 0)) || isBlank(codeAt(uriText, uriText.length - 1))) {
    fault = new SipError('SIP_BAD_START_LINE', 'the request line has more than two single SP', first);
  } else if (versionKind === 'other') fault = new SipError('SIP_BAD_VERSION', 'this server speaks SIP/2.0', second + 1);
  return { method, uriText, version, fault };
}

/**
 * Parses `SIP-Version SP Status-Code SP Reason-Phrase`; the SP after the code may be missing when there is no
 * phrase. Nobody answers a response, so any fault is a failure and the response is dropped.
 */
export function parseStatusLine(text: string, end: number): StatusLine | SipError {
  const space = text.indexOf(' ');
  const codeEnd = space + 4;
  if (space < 0 || codeEnd > end || versionAt(text, 0, space) !== 'current') {
    return new SipError('SIP_BAD_START_LINE', 'the first line is no status line of SIP/2.0');
  }
  const status = parseDecimal(text, 1000, space + 1, codeEnd);
  if (status < 100 || status > 699 || (codeEnd < end && codeAt(text, codeEnd) !== 0x20)) {
    return new SipError('SIP_BAD_START_LINE', 'the status code is no number from 100 to 699', space + 1);
  }
  return { version: text.slice(0, space), status, reason: text.slice(Math.min(codeEnd + 1, end), end) };
}

/** Whether a SIP version stands there, and whether it is ours: `SIP/2.0` in any case (§7.1). */
function versionAt(text: string, start: number, end: number): 'current' | 'other' | 'none' {
  if (equalsIgnoreCase(text, start, end, 'sip/2.0')) return 'current';
  if (!equalsIgnoreCase(text, start, start + 4, 'sip/')) return 'none';
  const dot = skipClass(text, start + 4, DIGIT);
  const last = skipClass(text, dot + 1, DIGIT);
  return dot > start + 4 && codeAt(text, dot) === 0x2e && last > dot + 1 && last === end ? 'other' : 'none';
}
