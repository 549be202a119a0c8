import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Binding } from '../location/binding.ts';

/** One walk over all bindings, as far as it has come. */
export class PingRound {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** How many bindings there were in the beginning, where a database has to count them. */
  count: number | undefined;
  readonly #walk: Iterator<Binding> | AsyncIterator<Binding>;
  readonly #visit: (binding: Binding) => void;
  #visited: number;
  #isOver: boolean;

  constructor(
    bindings: Iterable<Binding> | AsyncIterable<Binding>,
    startedAt: number,
    visit: (binding: Binding) => void,
  ) {
    this.startedAt = startedAt;
    this.count = undefined;
    this.#walk = Symbol.asyncIterator in bindings ? bindings[Symbol.asyncIterator]() : bindings[Symbol.iterator]();
    this.#visit = visit;
    this.#visited = 0;
    this.#isOver = false;
  }

  /** How many bindings it has met. */
  get visited(): number {
    return this.#visited;
  }

  /** Whether it meets no further binding. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Goes on until `due` bindings have been visited. What a database is asked for comes one by one. */
  advance(due: number): MaybePromise<void> {
    while (!this.#isOver && this.#visited < due) {
      const next = this.#walk.next();
      if (isPromise(next)) return this.#advanceLater(next, due);
      this.#take(next);
    }
  }

  /** Ends it before its time. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const left = this.#walk.return?.();
    // Nobody waits for what is left of it: whether it ends well is no longer of interest.
    if (left !== undefined && isPromise(left)) left.catch(() => undefined);
  }

  async #advanceLater(first: Promise<IteratorResult<Binding>>, due: number): Promise<void> {
    this.#take(await first);
    while (!this.#isOver && this.#visited < due) this.#take(await this.#walk.next());
  }

  #take(next: IteratorResult<Binding>): void {
    // It may have been closed while the database was asked.
    if (this.#isOver) return;
    if (next.done) {
      this.#isOver = true;
      return;
    }
    this.#visited += 1;
    this.#visit(next.value);
  }
}
