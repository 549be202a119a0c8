import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';

/** Whether the database does what it is asked for; every change of that is one line in the log. */
export class StoreWatch {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #place: string;
  #problem: string | undefined;
  #since: number;

  constructor(clock: Clock, logger: Logger, place: string) {
    this.#clock = clock;
    this.#logger = logger;
    this.#place = place;
    this.#problem = undefined;
    this.#since = clock.now();
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Epoch milliseconds. */
  get since(): number {
    return this.#since;
  }

  /**
   * @param consequence what that means for those who register
   */
  failed(error: unknown, consequence: string): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#problem === undefined) {
      this.#since = this.#clock.now();
      this.#logger.error(`the database fails, ${consequence}: ${problem}`, { database: this.#place });
    }
    this.#problem = problem;
  }

  recovered(): void {
    if (this.#problem === undefined) return;
    const now = this.#clock.now();
    this.#logger.info('the database works again', { database: this.#place, failedMs: now - this.#since });
    this.#problem = undefined;
    this.#since = now;
  }
}
