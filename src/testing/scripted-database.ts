import type { Aor } from '../location/aor.ts';
import { type Binding, isPermanent, isValid } from '../location/binding.ts';
import type {
  BindingChange,
  ConditionalChange,
  LocationDatabase,
  RowBatch,
  ScanOptions,
  StoredBinding,
  TableCount,
  VersionedBindings,
} from '../location/persistence/database.ts';
import { StoreError } from '../location/store-error.ts';

/** The tables of scripted databases: what survives their servers. By table and ruid, in the order of insertion. */
export type Rows = Map<string, Map<string, StoredBinding>>;

/** How a commit ends: as it should, refused, or made but reported as failed, as by a connection that broke. */
export type CommitFate = 'made' | 'refused' | 'made-but-failed';

/** A database in memory that a test can make wait and fail. */
export class ScriptedDatabase implements LocationDatabase {
  readonly place = 'scripted:';
  readonly rows: Rows;
  /** Every commit that was asked for. */
  readonly commits: (readonly BindingChange[])[];
  /** While true, everything fails. */
  isDown: boolean;
  /** What becomes of the commits to come, one each; then they are made. */
  fates: CommitFate[];
  #gate: Promise<void> | undefined;
  #openGate: (() => void) | undefined;

  /** @param rows shared by several servers, or what an earlier one left */
  constructor(rows: Rows = new Map()) {
    this.rows = rows;
    this.commits = [];
    this.isDown = false;
    this.fates = [];
    this.#gate = undefined;
    this.#openGate = undefined;
  }

  /** From now on commits wait. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#openGate = resolve;
    });
  }

  /** The commits that wait are made, and those to come do not wait. */
  release(): void {
    this.#openGate?.();
    this.#gate = undefined;
  }

  async open(): Promise<void> {
    this.#assertUp();
  }

  async openTable(table: string): Promise<void> {
    this.#assertUp();
    this.#of(table);
  }

  problemOf(_table: string, _aor: Aor, { contact }: Binding): string | undefined {
    return contact.length > 500 ? `contact has ${contact.length} characters, its column 500` : undefined;
  }

  async *scan(table: string, { validAt }: ScanOptions): AsyncIterable<RowBatch> {
    this.#assertUp();
    const stored = [...this.#of(table).values()].filter(
      ({ binding }) => validAt === undefined || isValid(binding, validAt),
    );
    yield { stored, unreadable: [] };
  }

  async commit(changes: readonly BindingChange[]): Promise<void> {
    this.commits.push(changes);
    const fate = this.fates.shift() ?? 'made';
    await this.#gate;
    this.#assertUp();
    if (fate !== 'refused') this.#make(changes);
    if (fate !== 'made') throw new StoreError('STORE_UNAVAILABLE', 'scripted: the commit failed');
  }

  async readAors(table: string, aors: readonly Aor[]): Promise<readonly VersionedBindings[]> {
    this.#assertUp();
    return aors.map((aor) => this.#state(table, aor));
  }

  async compareAndSet(sets: readonly ConditionalChange[]): Promise<readonly boolean[]> {
    await this.#gate;
    this.#assertUp();
    return sets.map(({ table, aor, version, changes }) => {
      if (this.#state(table, aor).version !== version) return false;
      this.#make(changes);
      return true;
    });
  }

  async removeExpired(table: string, now: number, limit: number): Promise<readonly StoredBinding[]> {
    this.#assertUp();
    const rows = this.#of(table);
    const expired = [...rows.values()].filter(({ binding }) => !isValid(binding, now)).slice(0, limit);
    for (const { binding } of expired) rows.delete(binding.ruid);
    return expired;
  }

  async count(table: string, now: number): Promise<TableCount> {
    this.#assertUp();
    const valid = [...this.#of(table).values()].filter(({ binding }) => isValid(binding, now) || isPermanent(binding));
    return { users: new Set(valid.map(({ aor }) => aor)).size, contacts: valid.length };
  }

  async ping(): Promise<void> {
    this.#assertUp();
  }

  async close(): Promise<void> {}

  #state(table: string, aor: Aor): VersionedBindings {
    const bindings = [...this.#of(table).values()].filter((row) => row.aor === aor).map(({ binding }) => binding);
    return { aor, bindings, version: JSON.stringify(bindings) };
  }

  #make(changes: readonly BindingChange[]): void {
    for (const { table, aor, ruid, after } of changes) {
      if (after === undefined) this.#of(table).delete(ruid);
      else this.#of(table).set(ruid, { aor, binding: { ...after, flowId: undefined } });
    }
  }

  #of(table: string): Map<string, StoredBinding> {
    const rows = this.rows.get(table) ?? new Map<string, StoredBinding>();
    this.rows.set(table, rows);
    return rows;
  }

  #assertUp(): void {
    if (this.isDown) throw new StoreError('STORE_UNAVAILABLE', 'scripted: it is down');
  }
}
