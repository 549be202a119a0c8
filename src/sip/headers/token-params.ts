import type { Params } from '../params.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readParams } from './header-params.ts';
import { readList, readValue } from './read-value.ts';

/** A token with parameters: a content coding with its q, or a disposition type with its handling. */
export interface TokenWithParams {
  readonly token: string;
  readonly params: Params;
}

/** Reads Accept-Encoding, a list that may be empty; `*` is any coding (RFC 3261 §20.2). */
export function parseAcceptEncoding(value: string): readonly TokenWithParams[] | SipError {
  return readList('Accept-Encoding', value, readTokenWithParams, 0);
}

/** Reads Content-Disposition (RFC 3261 §20.11). */
export function parseContentDisposition(value: string): TokenWithParams | SipError {
  return readValue('Content-Disposition', value, readTokenWithParams);
}

/** The value of a Content-Disposition header field. */
export function formatContentDisposition(disposition: TokenWithParams): string {
  return disposition.token + disposition.params.toString();
}

/** The value of an Accept-Encoding header field. */
export function formatAcceptEncoding(codings: readonly TokenWithParams[]): string {
  return codings.map(formatContentDisposition).join(', ');
}

function readTokenWithParams(cursor: Cursor): TokenWithParams | undefined {
  const token = cursor.token();
  const params = token === undefined ? undefined : readParams(cursor);
  return token === undefined || params === undefined ? undefined : { token, params };
}
