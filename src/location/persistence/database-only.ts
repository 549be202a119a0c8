import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { Random } from '../../base/random.ts';
import { announce } from '../announce.ts';
import type { Aor } from '../aor.ts';
import { type Binding, isMemoryOnly, validOnes } from '../binding.ts';
import { areDistinct, changesBetween } from '../changes.ts';
import { EventStream } from '../event-stream.ts';
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
import { StoreError } from '../store-error.ts';
import { Batcher } from './batcher.ts';
import { ChangeSet } from './change-set.ts';
import type { ConditionalChange, LocationDatabase, VersionedBindings } from './database.ts';
import { FlowsOfRows } from './flows-of-rows.ts';
import { persistenceLimits } from './limits.ts';
import { UnreadableRows } from './load-table.ts';
import { assertNewTable } from './new-table.ts';
import type { Loaded, PersistentLocation, StoreHealth } from './persistent-location.ts';
import { retryAfter, worthRetrying } from './retry-after.ts';
import { assertStorable } from './storable.ts';
import { StoreWatch } from './store-watch.ts';

/** What a location without a copy in memory is made of. */
export interface DatabaseOnlyParts {
  readonly database: LocationDatabase;
  /** Holds what `save_memory` stores, which has no row. */
  readonly memory: LocationInMemory;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where a binding goes in its list. */
  readonly place: Place;
}

/** Reads and writes that are put into one call each. */
const batches = { maxSize: 200, maxUnderWay: 4 } as const;

/** What all tables share. */
interface Shared extends DatabaseOnlyParts {
  readonly events: EventStream;
  readonly flows: FlowsOfRows;
  readonly watch: StoreWatch;
  readonly sets: Batcher<ConditionalChange, boolean>;
}

/**
 * A location without a copy in memory: every request asks the database, so that several servers may share one. A change
 * is a compare-and-set on the rows of its address-of-record, and is decided again when another server was faster.
 * Events tell what this server did.
 */
export class DatabaseOnlyLocation implements PersistentLocation {
  readonly #shared: Shared;
  readonly #tables: Map<string, DatabaseTable>;
  #isCollecting: boolean;

  constructor(parts: DatabaseOnlyParts) {
    const { database, clock, logger } = parts;
    this.#shared = {
      ...parts,
      events: new EventStream(logger),
      flows: new FlowsOfRows(),
      watch: new StoreWatch(clock, logger, database.place),
      // One at a time: an address-of-record stands in a call once.
      sets: new Batcher((sets) => database.compareAndSet(sets), { ...batches, maxUnderWay: 1 }),
    };
    this.#tables = new Map();
    this.#isCollecting = false;
  }

  async open(tables: readonly string[]): Promise<Loaded> {
    const { database, clock, logger } = this.#shared;
    await database.open();
    for (const name of tables) this.table(name);
    let bindings = 0;
    let unreadable = 0;
    for (const table of this.#tables.values()) {
      await table.open();
      const rows = new UnreadableRows(database.place, table.name, logger);
      for await (const batch of database.scan(table.name, { validAt: clock.now() })) {
        bindings += batch.stored.length;
        rows.add(batch.unreadable);
      }
      rows.end();
      unreadable += rows.count;
    }
    return { bindings, unreadable };
  }

  get health(): StoreHealth {
    const { watch, sets } = this.#shared;
    const { problem, since } = watch;
    return { state: problem === undefined ? 'ok' : 'failing', since, problem, waiting: sets.waiting };
  }

  table(name: string): LocationTable {
    let table = this.#tables.get(name);
    if (table === undefined) {
      assertNewTable(name, this.#tables);
      table = new DatabaseTable(this.#shared.memory.table(name), this.#shared);
      this.#tables.set(name, table);
    }
    return table;
  }

  findTable(name: string): LocationTable | undefined {
    return this.#tables.get(name);
  }

  tables(): readonly LocationTable[] {
    return [...this.#tables.values()];
  }

  async collect(now: number, limit = Number.POSITIVE_INFINITY): Promise<number> {
    this.#shared.memory.collect(now, limit);
    let count = 0;
    let isCollecting = false;
    for (const table of this.#tables.values()) {
      const removed = await table.removeExpired(now, Math.min(limit, persistenceLimits.maxRowsOfCommit));
      count += removed;
      if (removed >= limit) isCollecting = true;
    }
    this.#isCollecting = isCollecting;
    return count;
  }

  get isCollecting(): boolean {
    return this.#isCollecting;
  }

  onEvent(listener: LocationListener): () => void {
    return this.#shared.events.listen(listener);
  }

  async stats(): Promise<LocationStatistics> {
    const tables = new Map<string, TableStatistics>();
    let registeredUsers = 0;
    for (const table of this.#tables.values()) {
      const statistics = await table.statistics();
      tables.set(table.name, statistics);
      registeredUsers += statistics.users;
    }
    return { registeredUsers, tables, listenerFailures: this.#shared.events.failures };
  }

  async bindingsOfFlow(flowId: number): Promise<readonly PlacedBinding[]> {
    const found: PlacedBinding[] = [];
    for (const { table, aor } of this.#shared.flows.placesOf(flowId)) {
      const { clock } = this.#shared;
      for (const binding of await this.table(table).get(aor, clock.now())) {
        if (binding.flowId === flowId) found.push({ table, aor, binding });
      }
    }
    return found;
  }

  async flush(): Promise<void> {
    await this.#shared.database.ping();
  }

  close(): Promise<void> {
    return this.#shared.database.close();
  }
}

class DatabaseTable implements LocationTable {
  readonly name: string;
  readonly decidesAtOnce = false;
  readonly #shared: Shared;
  /** What `save_memory` stored. */
  readonly #memory: TableInMemory;
  readonly #reads: Batcher<Aor, VersionedBindings>;
  /** The last change of each address-of-record that is under way here: the next one waits for it. */
  readonly #turns: Map<Aor, Promise<unknown>>;
  #opened: Promise<void> | undefined;
  #expires: number;

  constructor(memory: TableInMemory, shared: Shared) {
    this.name = memory.name;
    this.#memory = memory;
    this.#shared = shared;
    this.#reads = new Batcher((aors) => this.#read(aors), batches);
    this.#turns = new Map();
    this.#opened = undefined;
    this.#expires = 0;
  }

  /** Makes the table ready; whoever comes after a failure tries again. */
  open(): Promise<void> {
    this.#opened ??= this.#shared.database.openTable(this.name).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async update<T>(aor: Aor, now: number, decide: Decide<T>): Promise<T> {
    const before = this.#turns.get(aor);
    const turn = this.#inTurn(before, aor, now, decide);
    this.#turns.set(aor, turn);
    try {
      return await turn;
    } catch (error) {
      throw worthRetrying(error, this.#shared.random);
    } finally {
      if (this.#turns.get(aor) === turn) this.#turns.delete(aor);
    }
  }

  async get(aor: Aor, now: number): Promise<readonly Binding[]> {
    await this.open();
    return this.#list(aor, await this.#reads.ask(aor), now);
  }

  async *entries(now: () => number): AsyncIterableIterator<LocationEntry> {
    await this.open();
    const { database } = this.#shared;
    const seen = new Set<Aor>();
    for await (const { stored } of database.scan(this.name, { validAt: now() })) {
      for (const { aor } of stored) {
        if (seen.has(aor)) continue;
        seen.add(aor);
        const bindings = await this.get(aor, now());
        if (bindings.length > 0) yield { table: this.name, aor, bindings };
      }
    }
  }

  async statistics(): Promise<TableStatistics> {
    await this.open();
    const { database, clock } = this.#shared;
    const { users, contacts } = await database.count(this.name, clock.now());
    const memory = this.#memory.statistics();
    return { users: users + memory.users, contacts: contacts + memory.contacts, expires: this.#expires };
  }

  resetExpires(): void {
    this.#expires = 0;
  }

  /** Removes rows that have expired; of several servers one does so with each. */
  async removeExpired(now: number, limit: number): Promise<number> {
    await this.open();
    const { database, events, flows } = this.#shared;
    const removed = await database.removeExpired(this.name, now, limit);
    for (const { aor, binding } of removed) {
      flows.forget(binding);
      announce(events, { table: this.name, aor, stored: [binding], valid: [], next: [], at: now });
    }
    this.#expires += removed.length;
    events.deliver();
    return removed.length;
  }

  async #inTurn<T>(before: Promise<unknown> | undefined, aor: Aor, now: number, decide: Decide<T>): Promise<T> {
    await before?.catch(() => undefined);
    await this.open();
    for (let attempt = 1; attempt <= persistenceLimits.maxTries; attempt++) {
      const state = await this.#reads.ask(aor);
      const valid = this.#list(aor, state, now);
      const { bindings, result } = decide(valid);
      if (bindings === 'unchanged' || bindings === valid) return result;
      assert(areDistinct(bindings), 'a decision lists the same ruid twice');
      assertStorable(this.#shared.database, this.name, aor, valid, bindings);
      if (await this.#store(aor, state, valid, bindings, now)) return result;
    }
    throw new StoreError('STORE_BUSY', 'other servers change the same address of record all the time', {
      retryAfter: retryAfter('busy', this.#shared.random),
    });
  }

  async #store(
    aor: Aor,
    state: VersionedBindings,
    valid: readonly Binding[],
    next: readonly Binding[],
    now: number,
  ): Promise<boolean> {
    const { events, flows, sets, watch } = this.#shared;
    const set = new ChangeSet();
    for (const { before, after } of changesBetween(valid, next)) set.add(this.name, aor, before, after);
    const stored = validOnes(state.bindings, now);
    const expired = state.bindings.filter((binding) => !stored.includes(binding));
    for (const binding of expired) set.add(this.name, aor, binding, undefined);
    const changes = set.take();
    if (changes.length > 0) {
      const change = { table: this.name, aor, version: state.version, changes };
      if (!(await this.#watched(() => sets.ask(change), watch))) return false;
    }
    const inMemory = next.filter((binding) => isMemoryOnly(binding));
    this.#memory.update(aor, now, (present) => ({
      bindings: present.length === 0 && inMemory.length === 0 ? 'unchanged' : inMemory,
      result: undefined,
    }));
    for (const { before, after } of changesBetween(valid, next)) {
      if (after !== undefined) flows.note(this.name, aor, after);
      else if (before !== undefined) flows.forget(before);
    }
    this.#expires += expired.length;
    announce(events, { table: this.name, aor, stored: [...valid, ...expired], valid, next, at: now });
    events.deliver();
    return true;
  }

  /** The valid bindings in list order: those of the rows, with the flows they came by here, and those in memory only. */
  #list(aor: Aor, state: VersionedBindings, now: number): readonly Binding[] {
    const { place, flows } = this.#shared;
    const inMemory = this.#memory.get(aor, now);
    const list: Binding[] = [];
    for (const binding of validOnes(state.bindings, now)) {
      if (!inMemory.some(({ ruid }) => ruid === binding.ruid)) place(list, flows.withFlow(binding));
    }
    for (const binding of inMemory) place(list, binding);
    return list;
  }

  #read(aors: readonly Aor[]): Promise<readonly VersionedBindings[]> {
    const { database, watch } = this.#shared;
    // Two requests for one address-of-record share what was read.
    const distinct = [...new Set(aors)];
    return this.#watched(async () => {
      const states = await database.readAors(this.name, distinct);
      const byAor = new Map(states.map((state) => [state.aor, state]));
      return aors.map((aor) => byAor.get(aor) ?? { aor, bindings: [], version: '' });
    }, watch);
  }

  async #watched<T>(ask: () => Promise<T>, watch: StoreWatch): Promise<T> {
    try {
      const answer = await ask();
      watch.recovered();
      return answer;
    } catch (error) {
      watch.failed(error, 'REGISTERs and lookups are answered 503 or fail');
      throw error;
    }
  }
}
