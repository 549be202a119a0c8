import type { Random } from '../../base/random.ts';
import { StoreError } from '../store-error.ts';

/** Seconds, spread so that the phones do not come back all at once. */
const spans = {
  /** Others were faster. */
  busy: { least: 1, spread: 5 },
  /** The database fails. */
  failing: { least: 5, spread: 26 },
} as const;

/** The Retry-After of a refusal (RFC 3261 §20.33). */
export function retryAfter(why: keyof typeof spans, random: Random): number {
  const { least, spread } = spans[why];
  return least + random.integer(spread);
}

/** What a database said, with the time after which it is worth to ask it again; other errors as they are. */
export function worthRetrying(error: unknown, random: Random): unknown {
  if (!(error instanceof StoreError) || error.code !== 'STORE_UNAVAILABLE' || error.retryAfter > 0) return error;
  return new StoreError(error.code, error.message, { cause: error, retryAfter: retryAfter('failing', random) });
}
