import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readList, readValue } from './read-value.ts';

/**
 * Reads a list of tokens that must name something: Require, Proxy-Require and Unsupported (RFC 3261 §20.32, §20.29, §20.40)
 * and Content-Encoding (§20.12). The tokens come as written.
 */
export function parseTokens(value: string, header: string): readonly string[] | SipError {
  return readList(header, value, readToken);
}

/** Reads a list of tokens that may be empty: Allow (RFC 3261 §20.5), where methods are case-sensitive, and Supported (§20.37). */
export function parseOptionalTokens(value: string, header: string): readonly string[] | SipError {
  return readList(header, value, readToken, 0);
}

/** Reads a single token: Priority (RFC 3261 §20.26). */
export function parseToken(value: string, header: string): string | SipError {
  return readValue(header, value, readToken);
}

/** The value of a header field that lists tokens. */
export function formatTokens(tokens: readonly string[]): string {
  return tokens.join(', ');
}

function readToken(cursor: Cursor): string | undefined {
  return cursor.token();
}
