import type { Random } from '../base/random.ts';

/** Tokens that count up, so that a test can name them: `r1`, `r2`, … */
export class FakeRandom implements Random {
  #count = 0;

  token(): string {
    this.#count += 1;
    return `r${this.#count}`;
  }

  integer(maxExclusive: number): number {
    this.#count += 1;
    return this.#count % maxExclusive;
  }
}
