import { hexWord } from '../base/hex-word.ts';
import { KeyedHash, proofRounds } from '../base/keyed-hash.ts';
import type { Random } from '../base/random.ts';

/**
 * Proof that a text was here before: 64 bits that nobody can make without the secret. A proxy that remembers nothing of
 * what it has sent knows it again by them.
 */
export class KeyedCode {
  readonly #first: KeyedHash;
  readonly #second: KeyedHash;

  /** @param random gives the secret; a server that is started anew knows none of its former codes */
  constructor(random: Random) {
    this.#first = new KeyedHash(random, proofRounds);
    this.#second = new KeyedHash(random, proofRounds);
  }

  /** The code of a text of one byte per character: 16 hexadecimal digits. */
  of(text: string): string {
    return hexWord(this.#first.of(text)) + hexWord(this.#second.of(text));
  }
}
