import { DIGIT, HOSTNAME, isBlank, isIn, TOKEN } from './char-class.ts';

// What `PlainRegister` reads its lines with. The bytes end with a zero, which is in no class of characters, so that
// nothing here looks beyond them. The casts: what is asked for is inside, up to and including that zero.

/** A literal as bytes, to be looked for with `standsAt`. */
export function bytesOf(literal: string): Uint8Array {
  return Uint8Array.from(Buffer.from(literal, 'latin1'));
}

/** Whether the literal stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let i = 0; i < literal.length; i++) {
    if (bytes[at + i] !== literal[i]) return false;
  }
  return true;
}

/** Whether the bytes from `a` on are those from `b` on. */
export function areSame(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (bytes[a + i] !== bytes[b + i]) return false;
  }
  return true;
}

/** The first position from `at` on whose byte is in none of the classes. */
export function skipClass(bytes: Uint8Array, at: number, classes: number): number {
  let end = at;
  while (isIn(bytes[end] as number, classes)) end += 1;
  return end;
}

/** The end of the digits from `at` on. */
export function skipDigits(bytes: Uint8Array, at: number): number {
  return skipClass(bytes, at, DIGIT);
}

/** The end of the token from `at` on; `at` when there is none. */
export function skipToken(bytes: Uint8Array, at: number): number {
  return skipClass(bytes, at, TOKEN);
}

/** The end of `host [ ":" port ]`, with a name or an IPv4 address; `at` when there is none. */
export function skipHostPort(bytes: Uint8Array, at: number): number {
  const end = skipClass(bytes, at, HOSTNAME);
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

/** The end of the blanks from `at` on. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isBlank(bytes[end] as number)) end += 1;
  return end;
}

/** The number that these digits are; -1 when there are none, more than ten, or the number is larger than `max`. */
export function decimalUpTo(max: number, bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 10) return -1;
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] as number) - 0x30);
  return value > max ? -1 : value;
}
