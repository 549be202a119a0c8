import type { Clock, Timer } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { FakeRandom } from '../../src/testing/fake-random.ts';

interface Pending {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is moved, and counts what it is asked. Made for many thousands of timers. */
export class CountingClock implements Clock {
  #now = 1_700_000_000_000;
  #pending = new Set<Pending>();
  reads = 0;
  timers = 0;

  now(): number {
    this.reads++;
    return this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    this.timers++;
    const pending = { at: this.#now + delayMs, run };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Moves on by `ms` milliseconds and runs what falls due on the way, also what is armed meanwhile. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#pending].filter((pending) => pending.at <= end).sort((a, b) => a.at - b.at);
      if (due.length === 0) break;
      for (const pending of due) {
        if (!this.#pending.delete(pending)) continue; // cancelled by one that ran before
        this.#now = Math.max(this.#now, pending.at);
        pending.run();
      }
    }
    this.#now = end;
  }
}

/** Randomness that counts up, and counts what it is asked. */
export class CountingRandom implements Random {
  readonly #random = new FakeRandom();
  draws = 0;

  token(): string {
    this.draws++;
    return this.#random.token();
  }

  integer(maxExclusive: number): number {
    this.draws++;
    return this.#random.integer(maxExclusive);
  }
}
