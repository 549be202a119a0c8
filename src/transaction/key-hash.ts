import { KeyedHash, proofRounds } from '../base/keyed-hash.ts';
import type { Random } from '../base/random.ts';

/** Makes of a key a signed 32-bit number. */
export interface KeyHash {
  of(key: string): number;
}

/** The hash of keys that peers choose. It has a secret, so that nobody can aim at one chain of a table. */
export class SecretKeyHash implements KeyHash {
  readonly #hash: KeyedHash;
  #key = '';
  #value = 0;

  constructor(random: Random) {
    this.#hash = new KeyedHash(random, proofRounds);
  }

  /** Two tables are asked for one key in turn, so the last answer is remembered. */
  of(key: string): number {
    if (key !== this.#key) {
      this.#key = key;
      this.#value = this.#hash.of(key);
    }
    return this.#value;
  }
}

/** The most of a key that `ownKeyHash` looks at: the magic cookie and 18 random digits. */
const ownKeyPrefix = 25;

class OwnKeyHash implements KeyHash {
  #key = '';
  #value = hashOfBeginning('');

  /** The last answer is remembered: a key is looked for before it is added. */
  of(key: string): number {
    if (key !== this.#key) {
      this.#key = key;
      this.#value = hashOfBeginning(key);
    }
    return this.#value;
  }
}

function hashOfBeginning(key: string): number {
  const end = Math.min(key.length, ownKeyPrefix);
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

/**
 * The hash of keys that this server has made itself, random already: FNV-1a of their beginning. What peers write into
 * a response is looked for, and never gets into a table.
 */
export const ownKeyHash: KeyHash = new OwnKeyHash();
