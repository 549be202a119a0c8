import type { Random } from './random.ts';

/** Room for the texts that are hashed all the time; a longer one gets room of its own. */
const scratchBytes = 1_024;

/** How often a hash stirs: after each word of four bytes, and at the end. */
export interface HashRounds {
  readonly word: number;
  readonly end: number;
}

/** HalfSipHash-1-3: for the places of tables, which nobody sees. */
const tableRounds: HashRounds = { word: 1, end: 3 };
/** HalfSipHash-2-4: for what is shown to peers, and must not be made by them. */
export const proofRounds: HashRounds = { word: 2, end: 4 };

/**
 * HalfSipHash (Aumasson and Bernstein), the 32-bit member of the SipHash family: a hash with a secret key, made of 32-bit
 * additions, rotations and exclusive-ors, so that nobody can choose many texts that fall into one place of a table, or
 * guess what another text hashes to. Four bytes a word, 32 bits of result.
 */
export class KeyedHash {
  readonly #k0: number;
  readonly #k1: number;
  readonly #wordRounds: number;
  readonly #endRounds: number;
  readonly #scratch: Uint8Array;

  /** @param random gives the key */
  constructor(random: Random, rounds: HashRounds = tableRounds) {
    this.#k0 = random.integer(2 ** 32) | 0;
    this.#k1 = random.integer(2 ** 32) | 0;
    this.#wordRounds = rounds.word;
    this.#endRounds = rounds.end;
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
    const tail = start + ((end - start) & ~3);
    // Words of four bytes; then what is left over, with the length on top; then the rounds of the end. The state stays in
    // local variables, for this runs for every REGISTER.
    for (let at = start; at <= tail + 4; at += 4) {
      const isEnd = at > tail;
      const word = at < tail ? fourBytes(bytes, at) : isEnd ? 0 : lastBytes(bytes, tail, end, end - start);
      v3 ^= word;
      if (isEnd) v2 ^= 0xff;
      for (let round = isEnd ? this.#endRounds : this.#wordRounds; round > 0; round--) {
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
    return v1 ^ v3;
  }
}

// The casts: what is asked for is inside of `bytes`.

function fourBytes(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** The bytes behind the last whole word, with the length in the highest byte. */
function lastBytes(bytes: Uint8Array, at: number, end: number, length: number): number {
  let word = length << 24;
  for (let i = at; i < end; i++) word |= (bytes[i] as number) << ((i - at) << 3);
  return word;
}
