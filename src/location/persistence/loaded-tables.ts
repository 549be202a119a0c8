import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { LocationInMemory, Place } from '../location.ts';
import type { LocationDatabase } from './database.ts';
import { persistenceLimits } from './limits.ts';
import { loadTable } from './load-table.ts';
import type { Loaded } from './persistent-location.ts';

/** What loading is made of. */
export interface LoadedTablesParts {
  readonly memory: LocationInMemory;
  readonly database: LocationDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly place: Place;
}

/**
 * Which tables have been loaded. Those known at the start are loaded before the server serves; a table that a route
 * names later for the first time is loaded then, and what was asked of it waits.
 */
export class LoadedTables {
  readonly #parts: LoadedTablesParts;
  readonly #ready: Set<string>;
  readonly #loading: Map<string, Promise<Loaded>>;
  /** The end of the cleaning that goes on in the background. */
  #cleaning: Promise<void>;
  #isClosed: boolean;

  constructor(parts: LoadedTablesParts) {
    this.#parts = parts;
    this.#ready = new Set();
    this.#loading = new Map();
    this.#cleaning = Promise.resolve();
    this.#isClosed = false;
  }

  isReady(name: string): boolean {
    return this.#ready.has(name);
  }

  /** What has to be waited for before the table is asked anything; undefined when nothing. */
  pending(name: string): Promise<Loaded> | undefined {
    return this.#ready.has(name) ? undefined : this.#load(name);
  }

  /** Loads several tables. */
  async loadAll(names: readonly string[]): Promise<Loaded> {
    let bindings = 0;
    let unreadable = 0;
    for (const name of names) {
      const loaded = await this.#load(name);
      bindings += loaded.bindings;
      unreadable += loaded.unreadable;
    }
    return { bindings, unreadable };
  }

  /** Ends what goes on in the background. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cleaning;
  }

  #load(name: string): Promise<Loaded> {
    const loading = this.#loading.get(name);
    if (loading !== undefined) return loading;
    const { database, memory, clock } = this.#parts;
    const load = async (): Promise<Loaded> => {
      await database.openTable(name);
      const loaded = await loadTable(memory.table(name), this.#parts, clock.now());
      this.#ready.add(name);
      this.#cleaning = this.#cleaning.then(() => this.#clean(name));
      return loaded;
    };
    // Whoever asks next after a failure tries again.
    const done = load().finally(() => this.#loading.delete(name));
    this.#loading.set(name, done);
    return done;
  }
  /** Removes rows that had expired before they were loaded: nobody has them in memory who would do it. */
  async #clean(name: string): Promise<void> {
    const { database, clock, logger } = this.#parts;
    const { maxRowsOfCleaning, cleaningPauseMs } = persistenceLimits;
    try {
      for (let isFull = true; isFull && !this.#isClosed; ) {
        isFull = (await database.removeExpired(name, clock.now(), maxRowsOfCleaning)).length === maxRowsOfCleaning;
        if (isFull) await new Promise<void>((resolve) => clock.after(cleaningPauseMs, resolve));
      }
    } catch (error) {
      logger.warn('expired rows could not be removed; the next start tries again', {
        table: name,
        error: String(error),
      });
    }
  }
}
