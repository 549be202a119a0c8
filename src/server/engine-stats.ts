/** Counters by a name that the engine chooses; the names are few and fixed, so the map is bounded. */
export class Counters {
  readonly #counts = new Map<string, number>();

  /** Adds one to the counter of that name. */
  count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The value of a counter; 0 when nothing was counted. */
  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** All counters. */
  entries(): ReadonlyMap<string, number> {
    return new Map(this.#counts);
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
}
