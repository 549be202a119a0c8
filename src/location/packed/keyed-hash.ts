import type { Random } from '../../base/random.ts';

/**
 * HalfSipHash-1-3 (Aumasson and Bernstein): a hash with a secret key, so that nobody can choose many
 * addresses-of-record that fall into one place of the index. Four characters a round, 32 bits of result.
 */
export class KeyedHash {
  readonly #k0: number;
  readonly #k1: number;

  constructor(random: Random) {
    this.#k0 = random.integer(2 ** 32) | 0;
    this.#k1 = random.integer(2 ** 32) | 0;
  }

  /** The hash of a text as a signed 32-bit integer. */
  of(text: string): number {
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ v0;
    let v3 = 0x74656462 ^ v1;
    const { length } = text;
    const whole = length & ~3;
    for (let i = 0; i <= whole; i += 4) {
      let m: number;
      if (i < whole) {
        m =
          text.charCodeAt(i) |
          (text.charCodeAt(i + 1) << 8) |
          (text.charCodeAt(i + 2) << 16) |
          (text.charCodeAt(i + 3) << 24);
      } else {
        m = length << 24;
        for (let j = i; j < length; j++) m |= text.charCodeAt(j) << ((j & 3) << 3);
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

/** A hash of integers that gives every integer another one (the finish of MurmurHash3): for ids that we count up. */
export function scrambled(id: number): number {
  let h = id | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
