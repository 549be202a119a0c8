import { ALPHANUM, isIn } from '../char-class.ts';
import type { SipError } from '../sip-error.ts';
import { AuthParams, readAuthParams } from './auth-params.ts';
import type { Cursor } from './cursor.ts';
import { readValue } from './read-value.ts';

/**
 * A challenge or credentials of any scheme (RFC 3261 §20.7, §20.27, §20.28, §20.44): parameters for Digest and whatever
 * else is built like it, one opaque token68 for Bearer (RFC 8898).
 */
export interface Authentication {
  /** The scheme as written; schemes have no case. */
  readonly scheme: string;
  readonly params: AuthParams;
  readonly token68: string | undefined;
}

/**
 * Reads Authorization, Proxy-Authorization, WWW-Authenticate or Proxy-Authenticate. One header line is one value: its commas
 * separate parameters, never values (§7.3.1). An unknown scheme is as good as a known one (RFC 4475 §3.3.7).
 */
export function parseAuthentication(value: string, header: string): Authentication | SipError {
  return readValue(header, value, readAuthentication);
}

/** Reads Authentication-Info, which has parameters but no scheme (RFC 3261 §20.6). */
export function parseAuthenticationInfo(value: string): AuthParams | SipError {
  return readValue('Authentication-Info', value, readAuthParams);
}

/** The value of an Authentication-Info header field. */
export function formatAuthenticationInfo(params: AuthParams): string {
  return params.toString();
}

/** The value of one of the four headers of `parseAuthentication`. */
export function formatAuthentication(authentication: Authentication): string {
  return `${authentication.scheme} ${authentication.token68 ?? authentication.params.toString()}`;
}

function readAuthentication(cursor: Cursor): Authentication | undefined {
  const start = cursor.position;
  const scheme = cursor.token();
  if (scheme === undefined || cursor.position === start + scheme.length) return undefined;
  const token68 = readToken68(cursor);
  if (token68 !== undefined) return { scheme, params: new AuthParams([]), token68 };
  const params = readAuthParams(cursor);
  return params === undefined ? undefined : { scheme, params, token68: undefined };
}

/** token68 (RFC 7235 §2.1), only when it is all that is left; otherwise nothing is taken. */
function readToken68(cursor: Cursor): string | undefined {
  const start = cursor.position;
  let end = start;
  while (isToken68Code(cursor.text.charCodeAt(end))) end++;
  while (cursor.text.charCodeAt(end) === 0x3d) end++;
  if (end === start || end < cursor.text.trimEnd().length) return undefined;
  cursor.position = cursor.text.length;
  return cursor.text.slice(start, end);
}

/** ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" */
function isToken68Code(code: number): boolean {
  if (isIn(code, ALPHANUM)) return true;
  return code === 0x2d || code === 0x2e || code === 0x5f || code === 0x7e || code === 0x2b || code === 0x2f;
}
