import { randomFillSync, randomInt } from 'node:crypto';
import type { Random } from '../base/random.ts';

const tokenBytes = 9;
const poolBytes = tokenBytes * 512;

/** Cryptographic randomness, drawn from the system in large pieces: a relayed request needs several tokens. */
export class SystemRandom implements Random {
  #pool = Buffer.alloc(poolBytes);
  #used = poolBytes;

  /** 72 random bits as 18 hexadecimal digits. */
  token(): string {
    if (this.#used >= poolBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += tokenBytes;
    return this.#pool.toString('hex', start, this.#used);
  }

  integer(maxExclusive: number): number {
    return randomInt(maxExclusive);
  }
}
