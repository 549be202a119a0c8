import { limits } from '../limits.ts';
import { SipError } from '../sip-error.ts';
import { Cursor } from './cursor.ts';

/** Reads one production of the grammar from the cursor, with the white space after it; `undefined` when it is not there. */
export type Reader<T> = (cursor: Cursor) => T | undefined;

/**
 * Reads a header field's whole value with one reader.
 *
 * @param header the header's name as people write it, for the message of the error
 * @param value the field value, unfolded
 * @returns what the reader made of it, or a `SipError` that points at the first character nobody understood
 */
export function readValue<T>(header: string, value: string, read: Reader<T>): T | SipError {
  const cursor = new Cursor(value);
  const result = read(cursor);
  return result !== undefined && cursor.done ? result : malformed(header, cursor.position);
}

/**
 * Reads a comma-separated list (RFC 3261 §7.3.1).
 *
 * @param fewest 0 where §25.1 lets the whole value be empty (Accept, Allow, Supported), else 1
 */
export function readList<T>(
  header: string,
  value: string,
  item: Reader<T>,
  fewest: 0 | 1 = 1,
): readonly T[] | SipError {
  const cursor = new Cursor(value);
  const items: T[] = [];
  if (fewest === 0 && cursor.done) return items;
  do {
    const next = item(cursor);
    if (next === undefined) return malformed(header, cursor.position);
    if (items.push(next) > limits.maxListValues) {
      return new SipError(
        'SIP_TOO_MANY',
        `the ${header} header has more than ${limits.maxListValues} values`,
        cursor.position,
      );
    }
  } while (cursor.take(','));
  return cursor.done ? items : malformed(header, cursor.position);
}

/** The error of a header field that its grammar does not allow: 400 (RFC 3261 §21.4.1). */
export function malformed(header: string, offset: number): SipError {
  return new SipError('SIP_BAD_HEADER', `the ${header} header is malformed`, offset);
}
