import { type Timer, wholeSecond } from '../../base/clock.ts';
import type { Aor } from '../aor.ts';
import type { Decide, TableInMemory } from '../location.ts';
import type { LocationDatabase } from './database.ts';
import { changesOf, DirtyRows } from './dirty-rows.ts';
import { persistenceLimits } from './limits.ts';
import type { LoadedTables } from './loaded-tables.ts';
import type { Loaded, StoreHealth } from './persistent-location.ts';
import { type MemoryAndDatabase, ServedFromMemory, TableServedFromMemory } from './served-from-memory.ts';
import { assertStorable } from './storable.ts';
import { StoreWatch } from './store-watch.ts';

/** What a write-back location is made of. */
export interface WriteBackParts extends MemoryAndDatabase {
  /** `timer_interval`: how old a change is when it is written, seconds. Asked anew each time. */
  readonly intervalSeconds: () => number;
}

/** How often it is looked for what has waited long enough, milliseconds. */
const lookMs = 1_000;

/**
 * A location that answers from memory and writes a change when it is `timer_interval` old: a crash loses at most that. A
 * binding refreshed ten times meanwhile is one row to write. The writes are spread over time as the changes were. While
 * the database fails, service goes on, and what changed waits: one row for each binding, however long it takes.
 */
export class WriteBackLocation extends ServedFromMemory<WriteBackTable> {
  readonly #intervalSeconds: () => number;
  readonly #rows: DirtyRows;
  readonly #watch: StoreWatch;
  #writing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #isClosed: boolean;

  constructor(parts: WriteBackParts) {
    super(parts);
    this.#intervalSeconds = parts.intervalSeconds;
    this.#rows = new DirtyRows();
    this.#watch = new StoreWatch(parts.clock, parts.logger, parts.database.place);
    this.#writing = undefined;
    this.#timer = undefined;
    this.#isClosed = false;
    parts.memory.onEvent(({ table, aor, before, after }) =>
      this.#rows.note(table, aor, before, after, parts.clock.now()),
    );
  }

  override async open(tables: readonly string[]): Promise<Loaded> {
    const loaded = await super.open(tables);
    this.#writeLater();
    return loaded;
  }

  get health(): StoreHealth {
    const { problem, since } = this.#watch;
    return { state: problem === undefined ? 'ok' : 'failing', since, problem, waiting: this.#rows.size };
  }

  async flush(): Promise<void> {
    // What is under way may leave out the change that is meant.
    await this.#writing?.catch(() => undefined);
    await this.#write();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.flush().catch((error: unknown) => this.#failed(error));
    const lost = this.#rows.size;
    if (lost > 0) this.parts.logger.error('changes could not be written before the end', { changes: lost });
    await this.loaded.close();
    await this.parts.database.close();
  }

  protected makeTable(memory: TableInMemory): WriteBackTable {
    return new WriteBackTable(memory, this.loaded, this.parts.database);
  }

  #writeLater(): void {
    if (this.#isClosed) return;
    this.#timer = this.parts.clock.after(lookMs, () => {
      const until = this.parts.clock.now() - this.#intervalSeconds() * 1000;
      this.#write(until)
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.#writeLater());
    });
  }

  /** @param until what has waited since then or longer; undefined: all */
  #write(until?: number): Promise<void> {
    this.#writing ??= this.#commit(until).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** In pieces: a database that is shared with others is not ours for long. */
  async #commit(until: number | undefined): Promise<void> {
    const { database, memory, clock } = this.parts;
    const rows = this.#rows.take(until ?? Number.POSITIVE_INFINITY);
    for (let start = 0; start < rows.length; start += persistenceLimits.maxRowsOfCommit) {
      const some = rows.slice(start, start + persistenceLimits.maxRowsOfCommit);
      try {
        await database.commit(changesOf(some, memory, wholeSecond(clock)));
      } catch (error) {
        this.#rows.restore(rows.slice(start));
        throw error;
      }
    }
    if (this.#watch.problem === undefined) return;
    if (rows.length === 0) await database.ping();
    this.#watch.recovered();
  }

  #failed(error: unknown): void {
    this.#watch.failed(error, 'service goes on from memory and what changes waits');
  }
}

class WriteBackTable extends TableServedFromMemory {
  readonly #database: LocationDatabase;

  constructor(memory: TableInMemory, loaded: LoadedTables, database: LocationDatabase) {
    super(memory, loaded);
    this.#database = database;
  }

  protected change<T>(aor: Aor, now: number, decide: Decide<T>): T {
    return this.memory.update(aor, now, (valid) => {
      const decision = decide(valid);
      if (decision.bindings !== 'unchanged') {
        assertStorable(this.#database, this.name, aor, valid, decision.bindings);
      }
      return decision;
    });
  }
}
