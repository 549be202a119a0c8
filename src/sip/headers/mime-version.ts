import { parseDecimal } from '../decimal.ts';
import type { SipError } from '../sip-error.ts';
import { malformed } from './read-value.ts';

/** The two numbers of MIME-Version. */
export interface MimeVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads MIME-Version: `1*DIGIT "." 1*DIGIT`, without space inside (RFC 3261 §20.24). */
export function parseMimeVersion(value: string): MimeVersion | SipError {
  const dot = value.indexOf('.');
  const major = parseDecimal(value.slice(0, Math.max(dot, 0)), 2 ** 31 - 1);
  const minor = parseDecimal(value.slice(dot + 1), 2 ** 31 - 1);
  return major < 0 || minor < 0 ? malformed('MIME-Version', 0) : { major, minor };
}

/** The value of a MIME-Version header field. */
export function formatMimeVersion(version: MimeVersion): string {
  return `${version.major}.${version.minor}`;
}
