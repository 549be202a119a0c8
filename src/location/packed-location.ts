import { assert } from '../base/assert.ts';
import { type Logger, silentLogger } from '../base/logger.ts';
import type { Random } from '../base/random.ts';
import { announce } from './announce.ts';
import { type Aor, asAor } from './aor.ts';
import { type Binding, validOnes } from './binding.ts';
import { areDistinct } from './changes.ts';
import { detached } from './detached-text.ts';
import { EventStream } from './event-stream.ts';
import type {
  Decide,
  LocationEntry,
  LocationInMemory,
  LocationListener,
  LocationStatistics,
  Place,
  PlacedBinding,
  TableInMemory,
  TableStatistics,
} from './location.ts';
import { AorRecords, type TableNumber } from './packed/aor-records.ts';
import type { MemoryReport } from './packed/memory-report.ts';
import type { Ref } from './packed/slabs.ts';

const none: readonly Binding[] = Object.freeze([]);

/** What a packed location takes from its surroundings. */
export interface PackedLocationParts {
  /** Keys the hash of the index: without it, a stranger could choose addresses that collide. */
  readonly random: Random;
  /** Hears of listeners that throw. */
  readonly logger?: Logger;
}

/** What the tables of one location share. */
interface Shared {
  readonly records: AorRecords;
  readonly events: EventStream;
  /** While a decide function runs, nothing may change: records would move under it. */
  deciding: boolean;
}

/**
 * A location whose bindings are packed records outside the garbage collector's heap: a million contacts take less than
 * 200 MB and do not lengthen its pauses. Nobody else sees a record: bindings are read into plain values, which have
 * nothing in common with the record any more, and written from them. docs/location.md tells how.
 */
export class PackedLocation implements LocationInMemory {
  readonly #shared: Shared;
  readonly #tables: Map<string, PackedTable>;
  readonly #byNumber: PackedTable[];

  constructor({ random, logger = silentLogger }: PackedLocationParts) {
    this.#shared = { records: new AorRecords(random), events: new EventStream(logger), deciding: false };
    this.#tables = new Map();
    this.#byNumber = [];
  }

  table(name: string): TableInMemory {
    let table = this.#tables.get(name);
    if (table === undefined) {
      const number = this.#shared.records.addTable();
      table = new PackedTable(name, number, this.#shared);
      this.#tables.set(name, table);
      this.#byNumber[number] = table;
    }
    return table;
  }

  findTable(name: string): TableInMemory | undefined {
    return this.#tables.get(name);
  }

  tables(): readonly TableInMemory[] {
    return [...this.#tables.values()];
  }

  collect(now: number, limit = Number.POSITIVE_INFINITY): number {
    const { records, events, deciding } = this.#shared;
    assert(!deciding, 'a decide function changed the location: it has to be pure');
    let count = 0;
    const met = (ref: Ref): void => {
      count += this.#tableOf(ref).collectRecord(ref, now);
    };
    records.wheel.advance(now, met, limit);
    events.deliver();
    return count;
  }

  get isCollecting(): boolean {
    return this.#shared.records.wheel.isBehind;
  }

  onEvent(listener: LocationListener): () => void {
    return this.#shared.events.listen(listener);
  }

  stats(): LocationStatistics {
    const tables = new Map<string, TableStatistics>();
    let registeredUsers = 0;
    for (const table of this.#tables.values()) {
      const statistics = table.statistics();
      tables.set(table.name, statistics);
      registeredUsers += statistics.users;
    }
    return { registeredUsers, tables, listenerFailures: this.#shared.events.failures };
  }

  bindingsOfFlow(flowId: number): readonly PlacedBinding[] {
    const { records } = this.#shared;
    const found: PlacedBinding[] = [];
    for (let ref = records.flows.first(flowId); ref !== 0; ref = records.flows.next(ref, flowId)) {
      const table = this.#tableOf(ref).name;
      const aor = records.aorOf(ref);
      for (const binding of records.read(ref)) if (binding.flowId === flowId) found.push({ table, aor, binding });
    }
    return found;
  }

  /** Where every byte outside the heap is. */
  memory(): MemoryReport {
    return this.#shared.records.memory();
  }

  #tableOf(ref: Ref): PackedTable {
    return this.#byNumber[this.#shared.records.tableOf(ref)] as PackedTable;
  }
}

class PackedTable implements TableInMemory {
  readonly name: string;
  readonly decidesAtOnce = true;
  readonly #number: TableNumber;
  readonly #shared: Shared;
  #users: number;
  #contacts: number;
  #expires: number;

  constructor(name: string, number: TableNumber, shared: Shared) {
    this.name = name;
    this.#number = number;
    this.#shared = shared;
    this.#users = 0;
    this.#contacts = 0;
    this.#expires = 0;
  }

  update<T>(aor: Aor, now: number, decide: Decide<T>): T {
    const shared = this.#shared;
    const { records } = shared;
    assert(!shared.deciding, 'a decide function changed the location: it has to be pure');
    const ref = records.find(this.#number, aor);
    const stored = ref === 0 ? none : records.read(ref);
    const valid = validOnes(stored, now);
    shared.deciding = true;
    let decision: ReturnType<Decide<T>>;
    try {
      decision = decide(valid);
    } finally {
      shared.deciding = false;
    }
    const next = decision.bindings === 'unchanged' ? valid : decision.bindings;
    if (next === stored) return decision.result;
    assert(areDistinct(next), 'a decision lists the same ruid twice');
    if (ref !== 0) this.#commit(ref, aor, stored, valid, next, now);
    else if (next.length > 0) this.#create(aor, next, now);
    shared.events.deliver();
    return decision.result;
  }

  restore(aor: Aor, binding: Binding, place: Place): void {
    const { records } = this.#shared;
    const ref = records.find(this.#number, aor);
    if (ref === 0) {
      records.create(this.#number, aor, [binding]);
      this.#users += 1;
      this.#contacts += 1;
      return;
    }
    const stored = records.read(ref);
    const next = stored.filter(({ ruid }) => ruid !== binding.ruid);
    place(next, binding);
    records.replace(ref, stored, next);
    this.#contacts += next.length - stored.length;
  }

  get(aor: Aor, now: number): readonly Binding[] {
    const { records } = this.#shared;
    const ref = records.find(this.#number, aor);
    return ref === 0 ? none : validOnes(records.read(ref), now);
  }

  *entries(now: () => number): IterableIterator<LocationEntry> {
    const { records } = this.#shared;
    const order = records.orderOf(this.#number);
    const walk = order.begin();
    try {
      for (let ref = order.step(walk); ref !== 0; ref = order.step(walk)) {
        const bindings = validOnes(records.read(ref), now());
        if (bindings.length > 0) yield { table: this.name, aor: records.aorOf(ref), bindings };
      }
    } finally {
      order.end(walk);
    }
  }

  statistics(): TableStatistics {
    return { users: this.#users, contacts: this.#contacts, expires: this.#expires };
  }

  resetExpires(): void {
    this.#expires = 0;
  }

  /** Removes what has expired in a record that came off the wheel, and puts it back for the rest. */
  collectRecord(ref: Ref, now: number): number {
    const { records, events } = this.#shared;
    const expired = records.countExpired(ref, now);
    if (expired === 0) {
      records.schedule(ref);
      return 0;
    }
    if (expired === -1 && !events.isHeard) return this.#drop(ref);
    const stored = records.read(ref);
    const valid = validOnes(stored, now);
    this.#commit(ref, records.aorOf(ref), stored, valid, valid, now);
    return stored.length - valid.length;
  }

  /** Removes a record that has expired as a whole, when nobody wants to know what it had. */
  #drop(ref: Ref): number {
    const { records } = this.#shared;
    const count = records.count(ref);
    records.remove(ref);
    this.#users -= 1;
    this.#contacts -= count;
    this.#expires += count;
    return count;
  }

  #create(aor: Aor, next: readonly Binding[], now: number): void {
    const { records } = this.#shared;
    records.create(this.#number, aor, next);
    this.#users += 1;
    this.#contacts += next.length;
    this.#announce(aor, none, none, next, now);
  }

  /** `stored` lost its expired ones to become `valid`, which a decision made `next`. */
  #commit(
    ref: Ref,
    aor: Aor,
    stored: readonly Binding[],
    valid: readonly Binding[],
    next: readonly Binding[],
    now: number,
  ): void {
    const { records } = this.#shared;
    if (next.length === 0) {
      records.remove(ref);
      this.#users -= 1;
    } else {
      records.replace(ref, stored, next);
    }
    this.#contacts += next.length - stored.length;
    this.#expires += stored.length - valid.length;
    this.#announce(aor, stored, valid, next, now);
  }

  #announce(
    aor: Aor,
    stored: readonly Binding[],
    valid: readonly Binding[],
    next: readonly Binding[],
    at: number,
  ): void {
    const { events } = this.#shared;
    if (!events.isHeard) return;
    // A listener may keep the event longer than the message that the text was cut from should live.
    announce(events, { table: this.name, aor: asAor(detached(aor)), stored, valid, next, at });
  }
}
