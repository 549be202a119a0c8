import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { Aor } from '../aor.ts';
import type { Binding } from '../binding.ts';
import type {
  Decide,
  LocationEntry,
  LocationInMemory,
  LocationListener,
  LocationStatistics,
  LocationTable,
  Place,
  PlacedBinding,
  TableInMemory,
  TableStatistics,
} from '../location.ts';
import type { LocationDatabase } from './database.ts';
import { LoadedTables } from './loaded-tables.ts';
import { assertNewTable } from './new-table.ts';
import type { Loaded, PersistentLocation, StoreHealth } from './persistent-location.ts';

/** What a location is made of that is served from memory and kept in a database. */
export interface MemoryAndDatabase {
  /** Holds the bindings that are served. */
  readonly memory: LocationInMemory;
  readonly database: LocationDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where a loaded binding goes in its list. */
  readonly place: Place;
}

/** What write-through and write-back have in common: everything but the way of a change. */
export abstract class ServedFromMemory<Table extends TableServedFromMemory> implements PersistentLocation {
  protected readonly parts: MemoryAndDatabase;
  protected readonly loaded: LoadedTables;
  readonly #tables: Map<string, Table>;

  constructor(parts: MemoryAndDatabase) {
    this.parts = parts;
    this.loaded = new LoadedTables(parts);
    this.#tables = new Map();
  }

  abstract readonly health: StoreHealth;
  abstract flush(): Promise<void>;
  abstract close(): Promise<void>;
  protected abstract makeTable(memory: TableInMemory): Table;

  async open(tables: readonly string[]): Promise<Loaded> {
    await this.parts.database.open();
    for (const name of tables) this.table(name);
    return this.loaded.loadAll([...this.#tables.keys()]);
  }

  table(name: string): Table {
    let table = this.#tables.get(name);
    if (table === undefined) {
      assertNewTable(name, this.#tables);
      table = this.makeTable(this.parts.memory.table(name));
      this.#tables.set(name, table);
    }
    return table;
  }

  findTable(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  tables(): readonly Table[] {
    return [...this.#tables.values()];
  }

  collect(now: number, limit?: number): number {
    return this.parts.memory.collect(now, limit);
  }

  get isCollecting(): boolean {
    return this.parts.memory.isCollecting;
  }

  onEvent(listener: LocationListener): () => void {
    return this.parts.memory.onEvent(listener);
  }

  stats(): LocationStatistics {
    return this.parts.memory.stats();
  }

  bindingsOfFlow(flowId: number): readonly PlacedBinding[] {
    return this.parts.memory.bindingsOfFlow(flowId);
  }
}

/** One table of it. */
export abstract class TableServedFromMemory implements LocationTable {
  readonly name: string;
  protected readonly memory: TableInMemory;
  readonly #loaded: LoadedTables;

  constructor(memory: TableInMemory, loaded: LoadedTables) {
    this.name = memory.name;
    this.memory = memory;
    this.#loaded = loaded;
  }

  /** The way of a change, once the table is loaded. */
  protected abstract change<T>(aor: Aor, now: number, decide: Decide<T>): MaybePromise<T>;

  get decidesAtOnce(): boolean {
    return this.#loaded.isReady(this.name);
  }

  update<T>(aor: Aor, now: number, decide: Decide<T>): MaybePromise<T> {
    const loading = this.#loaded.pending(this.name);
    return loading === undefined ? this.change(aor, now, decide) : loading.then(() => this.change(aor, now, decide));
  }

  get(aor: Aor, now: number): MaybePromise<readonly Binding[]> {
    const loading = this.#loaded.pending(this.name);
    return loading === undefined ? this.memory.get(aor, now) : loading.then(() => this.memory.get(aor, now));
  }

  entries(now: () => number): IterableIterator<LocationEntry> {
    return this.memory.entries(now);
  }

  statistics(): TableStatistics {
    return this.memory.statistics();
  }

  resetExpires(): void {
    this.memory.resetExpires();
  }
}
