import { assert } from '../base/assert.ts';
import { type Logger, silentLogger } from '../base/logger.ts';
import { announce } from './announce.ts';
import { type Aor, asAor } from './aor.ts';
import { type Binding, isPermanent, validOnes } from './binding.ts';
import { areDistinct } from './changes.ts';
import { detached } from './detached-text.ts';
import { EventStream } from './event-stream.ts';
import { FlowIndex } from './flow-index.ts';
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
import { TimingWheel, WheelEntry } from './timing-wheel.ts';

const none: readonly Binding[] = Object.freeze([]);

/** One address-of-record of one table. It exists while it has bindings, and stands on the wheel at the earliest expiry. */
class AorRecord extends WheelEntry {
  readonly table: MemoryTable;
  readonly aor: Aor;
  /** Grows with every record made: an iteration ends at what was made after its start. */
  readonly serial: number;
  /** Never changed in place: whoever read it keeps a snapshot. */
  bindings: readonly Binding[];

  constructor(table: MemoryTable, aor: Aor, serial: number) {
    super();
    this.table = table;
    this.aor = aor;
    this.serial = serial;
    this.bindings = none;
  }
}

/** What the tables of one location share. */
interface Shared {
  readonly wheel: TimingWheel<AorRecord>;
  readonly flows: FlowIndex<AorRecord>;
  readonly events: EventStream;
}

/** A location whose bindings are objects in memory. */
export class MemoryLocation implements LocationInMemory {
  readonly #shared: Shared;
  readonly #tables: Map<string, MemoryTable>;

  /** @param logger hears of listeners that throw */
  constructor(logger: Logger = silentLogger) {
    this.#shared = { wheel: new TimingWheel(), flows: new FlowIndex(), events: new EventStream(logger) };
    this.#tables = new Map();
  }

  table(name: string): TableInMemory {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new MemoryTable(name, this.#shared);
      this.#tables.set(name, table);
    }
    return table;
  }

  findTable(name: string): TableInMemory | undefined {
    return this.#tables.get(name);
  }

  tables(): readonly TableInMemory[] {
    return [...this.#tables.values()];
  }

  collect(now: number): number {
    let count = 0;
    this.#shared.wheel.advance(now, (record) => {
      count += record.table.collectRecord(record, now);
    });
    this.#shared.events.deliver();
    return count;
  }

  /** It knows no limit: all that is due is collected in one call. */
  get isCollecting(): boolean {
    return false;
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
    const found: PlacedBinding[] = [];
    for (const record of this.#shared.flows.holdersOf(flowId)) {
      for (const binding of record.bindings) {
        if (binding.flowId === flowId) found.push({ table: record.table.name, aor: record.aor, binding });
      }
    }
    return found;
  }
}

class MemoryTable implements TableInMemory {
  readonly name: string;
  readonly decidesAtOnce = true;
  readonly #shared: Shared;
  /** In the order of creation. */
  readonly #records: Map<Aor, AorRecord>;
  #serial: number;
  #contacts: number;
  #expires: number;
  #deciding: boolean;

  constructor(name: string, shared: Shared) {
    this.name = name;
    this.#shared = shared;
    this.#records = new Map();
    this.#serial = 0;
    this.#contacts = 0;
    this.#expires = 0;
    this.#deciding = false;
  }

  update<T>(aor: Aor, now: number, decide: Decide<T>): T {
    assert(!this.#deciding, 'a decide function changed the location: it has to be pure');
    const record = this.#records.get(aor);
    const stored = record === undefined ? none : record.bindings;
    const valid = validOnes(stored, now);
    this.#deciding = true;
    let decision: ReturnType<Decide<T>>;
    try {
      decision = decide(valid);
    } finally {
      this.#deciding = false;
    }
    const next = decision.bindings === 'unchanged' ? valid : decision.bindings;
    if (next === stored) return decision.result;
    assert(areDistinct(next), 'a decision lists the same ruid twice');
    if (record !== undefined) this.#commit(record, stored, valid, next, now);
    else if (next.length > 0) this.#commit(this.#create(aor), none, none, next, now);
    this.#shared.events.deliver();
    return decision.result;
  }

  restore(aor: Aor, binding: Binding, place: Place): void {
    const record = this.#records.get(aor) ?? this.#create(aor);
    const stored = record.bindings;
    const next = stored.filter(({ ruid }) => ruid !== binding.ruid);
    place(next, binding);
    record.bindings = next;
    this.#contacts += next.length - stored.length;
    this.#shared.flows.move(record, stored, next);
    this.#schedule(record);
  }

  get(aor: Aor, now: number): readonly Binding[] {
    const record = this.#records.get(aor);
    return record === undefined ? none : validOnes(record.bindings, now);
  }

  *entries(now: () => number): IterableIterator<LocationEntry> {
    const last = this.#serial;
    for (const record of this.#records.values()) {
      if (record.serial > last) return;
      const bindings = validOnes(record.bindings, now());
      if (bindings.length > 0) yield { table: this.name, aor: record.aor, bindings };
    }
  }

  statistics(): TableStatistics {
    return { users: this.#records.size, contacts: this.#contacts, expires: this.#expires };
  }

  resetExpires(): void {
    this.#expires = 0;
  }

  /** Removes what has expired in a record that came off the wheel, and puts it back for the rest. */
  collectRecord(record: AorRecord, now: number): number {
    const stored = record.bindings;
    // Dropped by a listener after it came off the wheel.
    if (stored.length === 0) return 0;
    const valid = validOnes(stored, now);
    if (valid === stored) this.#schedule(record);
    else this.#commit(record, stored, valid, valid, now);
    return stored.length - valid.length;
  }

  #create(aor: Aor): AorRecord {
    this.#serial += 1;
    const record = new AorRecord(this, asAor(detached(aor)), this.#serial);
    this.#records.set(record.aor, record);
    return record;
  }

  /** From here on nothing can fail: `stored` lost its expired ones to become `valid`, which a decision made `next`. */
  #commit(
    record: AorRecord,
    stored: readonly Binding[],
    valid: readonly Binding[],
    next: readonly Binding[],
    now: number,
  ): void {
    record.bindings = next;
    this.#contacts += next.length - stored.length;
    this.#expires += stored.length - valid.length;
    this.#shared.flows.move(record, stored, next);
    if (next.length === 0) {
      this.#records.delete(record.aor);
      this.#shared.wheel.cancel(record);
    } else {
      this.#schedule(record);
    }
    announce(this.#shared.events, { table: this.name, aor: record.aor, stored, valid, next, at: now });
  }

  /**
   * Sees to it that the record stands on the wheel no later than its earliest expiry. A refresh makes that later and
   * moves nothing: the record is met at the old instant and put back then.
   */
  #schedule(record: AorRecord): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const binding of record.bindings) {
      if (binding.expiresAt < earliest && !isPermanent(binding)) earliest = binding.expiresAt;
    }
    if (earliest === Number.POSITIVE_INFINITY) this.#shared.wheel.cancel(record);
    else if (record.slot === -1 || earliest < record.dueSecond * 1000) this.#shared.wheel.schedule(record, earliest);
  }
}
