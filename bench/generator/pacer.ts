import type { Pace } from './job.ts';

/** Says how many requests are due. Times are milliseconds of one clock. */
export class Pacer {
  readonly #pace: Pace;
  readonly #intervalMs: number;
  #nextAt: number;

  constructor(pace: Pace, startAt: number) {
    this.#pace = pace;
    this.#intervalMs = pace.mode === 'open' ? 1000 / pace.ratePerSecond : 0;
    this.#nextAt = startAt;
  }

  /** How many requests may be sent at `now` while `waiting` have no reply yet, at most `most`. */
  due(now: number, waiting: number, most: number): number {
    if (this.#pace.mode === 'closed') return Math.max(0, Math.min(most, this.#pace.outstanding - waiting));
    if (now < this.#nextAt) return 0;
    return Math.min(most, 1 + Math.floor((now - this.#nextAt) / this.#intervalMs));
  }

  /** Takes one due request; the moment it was meant for. */
  take(now: number): number {
    if (this.#pace.mode === 'closed') return now;
    const at = this.#nextAt;
    this.#nextAt += this.#intervalMs;
    return at;
  }

  /** How long nothing will be due, whatever arrives; without an end when it depends on replies. */
  idleMs(now: number): number {
    return this.#pace.mode === 'closed' ? Number.POSITIVE_INFINITY : this.#nextAt - now;
  }

  /** Forgets what was due: the schedule goes on from `now`, after a pause that was the generator's own. */
  restart(now: number): void {
    this.#nextAt = now;
  }
}
