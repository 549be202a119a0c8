import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { defaultMaxForwards } from './limits.ts';

/** How `processMaxForwards` treats the header. */
export interface MaxForwardsOptions {
  /** What a request without the header gets; 70 by default. */
  readonly addedValue?: number;
  /** No request leaves with more than this (`max_limit` of maxfwd); 255, the largest value, by default. */
  readonly maxLimit?: number;
}

/**
 * What became of Max-Forwards: `exhausted` means that the value was 0 and the request must not be forwarded (483),
 * `unreadable` that the value was no number and was left alone.
 */
export type MaxForwardsOutcome = 'decremented' | 'added' | 'exhausted' | 'unreadable';

/** Whether a request has used up its hops (RFC 3261 §16.3 step 3). */
export function isMaxForwardsExhausted(request: SipRequest): boolean {
  return request.maxForwards === 0;
}

/**
 * Counts one hop in a request that goes out (RFC 3261 §16.6 step 3; `mf_process_maxfwd_header`).
 *
 * @param request changed in place, except when the outcome is `exhausted` or `unreadable`
 */
export function processMaxForwards(request: SipRequest, options: MaxForwardsOptions = {}): MaxForwardsOutcome {
  const limit = options.maxLimit ?? 255;
  const value = request.maxForwards;
  if (value === undefined) {
    request.append('Max-Forwards', String(Math.min(options.addedValue ?? defaultMaxForwards, limit)));
    return 'added';
  }
  if (isSipError(value)) return 'unreadable';
  if (value === 0) return 'exhausted';
  request.set('Max-Forwards', String(Math.min(value - 1, limit)));
  return 'decremented';
}
