import { assert } from '../base/assert.ts';
import { DIGIT, HOSTNAME, isBlank, isIn, TOKEN } from './char-class.ts';
import { skipCodes } from './text-codes.ts';

// What `PlainRegister` reads its lines with, beside text-codes.ts. The bytes end with a zero, which is in no class of
// characters, so that nothing here looks beyond them; only `standsAt` does, whose view has more bytes behind. The casts:
// what is asked for is inside, up to and including that zero.

const wordBytes = 4;

/** A word of the grammar, of four bytes at least, to be looked for with `standsAt`. */
export class Literal {
  readonly length: number;
  /** The words of four bytes that it begins with, up to the one that reaches its end or beyond. */
  readonly words: Int32Array;
  /** Its last four bytes, of which the word before may have some. */
  readonly last: number;

  constructor(text: string) {
    assert(text.length >= wordBytes, 'a literal has four bytes at least');
    const bytes = Buffer.from(text, 'latin1');
    this.length = text.length;
    this.words = Int32Array.from({ length: Math.floor((text.length - 1) / wordBytes) }, (_, i) =>
      bytes.readInt32LE(i * wordBytes),
    );
    this.last = bytes.readInt32LE(text.length - wordBytes);
  }
}

/**
 * Whether the literal stands at `at`: four bytes at a time, which is twice as fast.
 *
 * @param view of the bytes and of as many more as the longest literal has
 */
export function standsAt(view: DataView, at: number, literal: Literal): boolean {
  const { words } = literal;
  for (let i = 0; i < words.length; i++) {
    if (view.getInt32(at + i * wordBytes, true) !== words[i]) return false;
  }
  return view.getInt32(at + literal.length - wordBytes, true) === literal.last;
}

/** Whether the bytes from `a` on are those from `b` on. */
export function areSame(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (bytes[a + i] !== bytes[b + i]) return false;
  }
  return true;
}

/** The end of the digits from `at` on. */
export function skipDigits(bytes: Uint8Array, at: number): number {
  return skipCodes(bytes, at, DIGIT);
}

/** The end of the token from `at` on; `at` when there is none. */
export function skipToken(bytes: Uint8Array, at: number): number {
  return skipCodes(bytes, at, TOKEN);
}

/** The end of `host [ ":" port ]`, with a name or an IPv4 address; `at` when there is none. */
export function skipHostPort(bytes: Uint8Array, at: number): number {
  const end = skipCodes(bytes, at, HOSTNAME);
  if (end === at || bytes[end] !== 0x3a) return end;
  const port = skipDigits(bytes, end + 1);
  return port === end + 1 ? at : port;
}

/** The end of `*( token LWS )` with bytes above 127, because phones send names in UTF-8 without quotes. */
export function skipDisplayWords(bytes: Uint8Array, at: number): number {
  let end = at;
  for (let c = bytes[end] as number; isIn(c, TOKEN) || isBlank(c) || c > 0x7f; c = bytes[end] as number) end += 1;
  return end;
}

/** The number that these digits are; -1 when there are none, more than ten, or the number is larger than `max`. */
export function decimalUpTo(max: number, bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 10) return -1;
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] as number) - 0x30);
  return value > max ? -1 : value;
}
