/** A small deterministic generator: a failure is found again by its seed. (An xorshift with 32 bits of state.) */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    // The state must never be 0; neighbouring seeds should not begin alike.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** 0 … maxExclusive - 1 */
  below(maxExclusive: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % maxExclusive;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // inside
  }
}
