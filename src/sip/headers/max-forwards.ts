import { parseDecimal } from '../decimal.ts';
import { SipError } from '../sip-error.ts';

/**
 * Reads Max-Forwards (RFC 3261 §20.22): an integer from 0 to 255, leading zeros allowed (RFC 4475 §3.1.1.1).
 *
 * @returns the remaining number of hops, or a `SipError` for anything else, also for a number over 255
 */
export function parseMaxForwards(value: string): number | SipError {
  const hops = parseDecimal(value, 256);
  return hops < 0 || hops > 255 ? new SipError('SIP_BAD_NUMBER', 'Max-Forwards is no number from 0 to 255') : hops;
}
