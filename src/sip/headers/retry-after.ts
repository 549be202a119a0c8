import { DIGIT } from '../char-class.ts';
import { parseDecimal } from '../decimal.ts';
import type { Params } from '../params.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readParams } from './header-params.ts';
import { readValue } from './read-value.ts';

/** Largest lifetime that is told apart, in seconds: numbers saturate here (decisions: they never wrap). */
const maxSeconds = 2 ** 31 - 1;

/** When to try again. */
export interface RetryAfter {
  /** Seconds from now. */
  readonly seconds: number;
  /** A comment for people, with its parentheses. */
  readonly comment: string | undefined;
  /** `duration` says for how long the peer will be there (RFC 3261 §20.33). */
  readonly params: Params;
}

/** Reads Retry-After: `delta-seconds [ comment ] *( SEMI retry-param )` (RFC 3261 §20.33). */
export function parseRetryAfter(value: string): RetryAfter | SipError {
  return readValue('Retry-After', value, readRetryAfter);
}

/** The value of a Retry-After header field. */
export function formatRetryAfter(retry: RetryAfter): string {
  const comment = retry.comment === undefined ? '' : ` ${retry.comment}`;
  return `${retry.seconds}${comment}${retry.params.toString()}`;
}

function readRetryAfter(cursor: Cursor): RetryAfter | undefined {
  const digits = cursor.run(DIGIT);
  if (digits === undefined) return undefined;
  const comment = cursor.comment();
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  return { seconds: parseDecimal(digits, maxSeconds), comment, params };
}
