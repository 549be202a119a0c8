/** One counter, for whoever counts so often that it should not be looked for each time. */
export interface Counter {
  value: number;
}

/** Counters by a name that the engine chooses; the names are few and fixed, so the map is bounded. */
export class Counters {
  readonly #counters = new Map<string, Counter>();

  /** The counter of that name. */
  counter(name: string): Counter {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = { value: 0 };
      this.#counters.set(name, counter);
    }
    return counter;
  }

  /** Adds one to the counter of that name. */
  count(name: string): void {
    this.counter(name).value += 1;
  }

  /** The value of a counter; 0 when nothing was counted. */
  get(name: string): number {
    return this.#counters.get(name)?.value ?? 0;
  }

  /** All counters that have counted something. */
  entries(): ReadonlyMap<string, number> {
    const entries = new Map<string, number>();
    for (const [name, { value }] of this.#counters) if (value > 0) entries.set(name, value);
    return entries;
  }
}

/** What an engine has counted since its start. */
export class EngineStats {
  /** Requests by method; methods that nobody has heard of are counted as `other`. */
  readonly requests = new Counters();
  /** Replies sent from here by status. */
  readonly replies = new Counters();
  /** Messages that were refused or dropped, by reason. */
  readonly dropped = new Counters();
  /** REGISTERs that went from bytes to bytes; they are among the requests. */
  plainRegisters = 0;
  readonly #registers = this.requests.counter('REGISTER');
  readonly #granted = this.replies.counter('200');

  /** Counts such a REGISTER. */
  countPlainRegister(): void {
    this.plainRegisters += 1;
    this.#registers.value += 1;
  }

  /** Counts a REGISTER that a route will see. */
  countRegister(): void {
    this.#registers.value += 1;
  }

  /** Counts a reply that was sent from here. */
  countReply(status: number): void {
    if (status === 200) this.#granted.value += 1;
    else this.replies.count(String(status));
  }
}
