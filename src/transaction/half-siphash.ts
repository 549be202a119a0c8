import type { Random } from '../base/random.ts';

/**
 * HalfSipHash-2-4 (Aumasson and Bernstein), the 32-bit member of the SipHash family: a keyed hash of a short text
 * made of 32-bit additions, rotations and exclusive-ors only. Whoever does not know the key cannot aim at a value.
 */
export class HalfSipHash {
  readonly #key0: number;
  readonly #key1: number;

  /** @param key0 and @param key1 the two words of the 64-bit key */
  constructor(key0: number, key1: number) {
    this.#key0 = key0 | 0;
    this.#key1 = key1 | 0;
  }

  /** The hash of a text of one byte per character, an unsigned 32-bit number. */
  hash(text: string): number {
    let v0 = this.#key0;
    let v1 = this.#key1;
    let v2 = this.#key0 ^ 0x6c796765;
    let v3 = this.#key1 ^ 0x74656462;
    const { length } = text;
    const tail = length & ~3;
    // Words of four bytes, two rounds each; then what is left over with the length on top; then four rounds more.
    // The state stays in local variables, for this runs for every stateless reply.
    for (let at = 0; at <= tail + 4; at += 4) {
      const word = at < tail ? fourBytes(text, at) : at === tail ? lastBytes(text, tail) : 0;
      v3 ^= word;
      if (at > tail) v2 ^= 0xff;
      for (let round = at > tail ? 4 : 2; round > 0; round--) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= word;
    }
    return (v1 ^ v3) >>> 0;
  }
}

/** A hash with a secret key of its own. */
export function keyedHash(random: Random): HalfSipHash {
  return new HalfSipHash(randomWord(random), randomWord(random));
}

/** 32 random bits, unsigned. */
export function randomWord(random: Random): number {
  return random.integer(0x10000) * 0x10000 + random.integer(0x10000);
}

/** The two hexadecimal digits of every byte: every stateless reply has four of them in its To tag. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** An unsigned 32-bit number as eight hexadecimal digits. */
export function hexWord(value: number): string {
  const high = `${hexBytes[value >>> 24]}${hexBytes[(value >>> 16) & 0xff]}`;
  return `${high}${hexBytes[(value >>> 8) & 0xff]}${hexBytes[value & 0xff]}`;
}

function fourBytes(text: string, at: number): number {
  return (
    (text.charCodeAt(at) & 0xff) |
    ((text.charCodeAt(at + 1) & 0xff) << 8) |
    ((text.charCodeAt(at + 2) & 0xff) << 16) |
    ((text.charCodeAt(at + 3) & 0xff) << 24)
  );
}

/** The bytes after the last whole word, with the length of the text in the highest byte. */
function lastBytes(text: string, at: number): number {
  let word = text.length << 24;
  for (let index = at; index < text.length; index++) word |= (text.charCodeAt(index) & 0xff) << (8 * (index - at));
  return word;
}
