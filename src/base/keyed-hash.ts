import type { Random } from './random.ts';

/** Room for the texts that are hashed all the time; a longer one gets room of its own. */
const scratchBytes = 1_024;

/**
 * HalfSipHash-1-3 (Aumasson and Bernstein): a hash with a secret key, so that nobody can choose many texts that fall
 * into one place of a table, or guess what another text hashes to. Four bytes a round, 32 bits of result.
 */
export class KeyedHash {
  readonly #k0: number;
  readonly #k1: number;
  readonly #scratch: Uint8Array;

  /** @param random gives the key */
  constructor(random: Random) {
    this.#k0 = random.integer(2 ** 32) | 0;
    this.#k1 = random.integer(2 ** 32) | 0;
    this.#scratch = new Uint8Array(scratchBytes);
  }

  /**
   * The hash of a text: that of its bytes when it has one byte a character.
   *
   * @param seed makes another hash of the same text, such as the hash of what stands before it
   * @returns a signed 32-bit integer
   */
  of(text: string, seed = 0): number {
    const bytes = text.length * 2 <= scratchBytes ? this.#scratch : new Uint8Array(text.length * 2);
    let end = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[end++] = code;
      if (code > 0xff) bytes[end++] = code >>> 8;
    }
    return this.ofBytes(bytes, 0, end, seed);
  }

  /** The hash of the bytes from `start` up to `end`. */
  ofBytes(bytes: Uint8Array, start: number, end: number, seed = 0): number {
    let v0 = this.#k0 ^ seed;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ v0;
    let v3 = 0x74656462 ^ v1;
    const length = end - start;
    const whole = start + (length & ~3);
    for (let i = start; i <= whole; i += 4) {
      // The casts: `end` is inside of `bytes`.
      let m: number;
      if (i < whole) {
        m =
          (bytes[i] as number) |
          ((bytes[i + 1] as number) << 8) |
          ((bytes[i + 2] as number) << 16) |
          ((bytes[i + 3] as number) << 24);
      } else {
        m = length << 24;
        for (let j = i; j < end; j++) m |= (bytes[j] as number) << ((j - i) << 3);
      }
      v3 ^= m;
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
      v0 ^= m;
    }
    v2 ^= 0xff;
    for (let round = 0; round < 3; round++) {
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
    return v1 ^ v3;
  }
}
