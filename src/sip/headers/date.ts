import { parseDecimal } from '../decimal.ts';
import type { SipError } from '../sip-error.ts';
import { malformed } from './read-value.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads Date (RFC 3261 §20.17): the RFC 1123 form with four digits of year, and GMT only (RFC 4475 §3.1.2.12). Names are
 * case-insensitive, as every literal of the grammar is; the weekday need not fit the date.
 *
 * @returns epoch milliseconds, always a whole second
 */
export function parseDate(value: string): number | SipError {
  // Sun, 06 Nov 1994 08:49:37 GMT: every part has its place.
  if (value.length !== 29) return malformed('Date', value.length);
  const day = parseDecimal(value.slice(5, 7), 99);
  const month = indexOfName(months, value.slice(8, 11));
  const year = parseDecimal(value.slice(12, 16), 9999);
  const hour = parseDecimal(value.slice(17, 19), 99);
  const minute = parseDecimal(value.slice(20, 22), 99);
  const second = parseDecimal(value.slice(23, 25), 99);
  if (indexOfName(weekdays, value.slice(0, 3)) < 0 || value.slice(3, 5) !== ', ') return malformed('Date', 0);
  if (value[7] !== ' ' || value[11] !== ' ' || value[16] !== ' ') return malformed('Date', 7);
  if (value[19] !== ':' || value[22] !== ':') return malformed('Date', 19);
  if (value.slice(25).toUpperCase() !== ' GMT') return malformed('Date', 25);
  if (day < 0 || month < 0 || year < 0) return malformed('Date', 5);
  if (hour < 0 || minute < 0 || second < 0) return malformed('Date', 17);
  // A leap second is read as the second after it, which is how epoch time counts it.
  if (hour > 23 || minute > 59 || second > 60) return malformed('Date', 17);
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, day);
  if (midnight.getUTCDate() !== day) return malformed('Date', 5);
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/**
 * The value of a Date header field for an instant (RFC 3261 §20.17).
 *
 * @param at epoch milliseconds; the fraction of a second is dropped
 */
export function formatDate(at: number): string {
  // ECMAScript fixes the form of toUTCString, and it is the one of RFC 1123.
  return new Date(at).toUTCString();
}

function indexOfName(names: readonly string[], name: string): number {
  const lower = name.toLowerCase();
  return names.findIndex((known) => known.toLowerCase() === lower);
}
