import { parseBlankedDecimal } from '../sip/decimal.ts';
import type { SipRequest } from '../sip/message.ts';
import { defaultMaxBreadth } from './limits.ts';

/**
 * How many branches may be pending at a time for what becomes of a request, here and at every proxy after us
 * (RFC 5393 §5.3.3). Without the header, or with one that cannot be read, the usual number; no peer gets more.
 */
export function maxBreadthOf(request: SipRequest): number {
  const text = request.header('max-breadth');
  if (text === undefined) return defaultMaxBreadth;
  const breadth = parseBlankedDecimal(text, defaultMaxBreadth);
  return breadth < 0 ? defaultMaxBreadth : breadth;
}

/**
 * Gives each of several copies its part of the breadth (RFC 5393 §5.3.3.1). A request that is not forked and came
 * without the header stays without it: that says the same.
 *
 * @param copy changed in place
 * @param share at least 1
 */
export function setMaxBreadth(copy: SipRequest, share: number): void {
  if (share < defaultMaxBreadth || copy.has('max-breadth')) copy.set('Max-Breadth', String(share));
}
