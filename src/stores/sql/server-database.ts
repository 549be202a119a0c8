import type { Aor } from '../../location/aor.ts';
import type { Binding } from '../../location/binding.ts';
import type {
  BindingChange,
  ConditionalChange,
  LocationDatabase,
  RowBatch,
  ScanOptions,
  StoredBinding,
  TableCount,
  VersionedBindings,
} from '../../location/persistence/database.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import { StoreError } from '../../location/store-error.ts';
import type { ColumnLimits } from './column-limits.ts';
import { columnAt, columnKeys, type Row } from './columns.ts';
import type { LocalTime } from './local-time.ts';
import { Readers } from './readers.ts';
import type { RefreshRow, RowCodec } from './row-codec.ts';
import { cannotOpen, retried } from './server-error.ts';
import type { Answer, AnswerRow, ServerSession, Work } from './server-session.ts';
import { notOpen, type SessionDialect } from './session.ts';
import { validAt } from './valid-at.ts';
import { Writer } from './writer.ts';
import { WritesByTable } from './writes-by-table.ts';

/** What an address-of-record is looked for by. */
export type Key = readonly [username: string, domain: string];

/** What a backend knows of a table that is ready. Rows that come are in the order of `columnKeys`; more may follow. */
export interface ServerTable<S, St> {
  readonly limits: ColumnLimits;
  /** How many rows a statement may write. */
  readonly maxRows: number;
  put(rows: readonly Row[]): St;
  /** Its count says how many of these rows were there. */
  refresh(rows: readonly RefreshRow[]): St;
  remove(ruids: readonly string[]): St;
  /** Which of these rows are there: their `ruid`s. */
  present(ruids: readonly string[]): St;
  /** The rows of some keys, those of one in the order of their insertion. */
  read(keys: readonly Key[]): St;
  /** The same, and keeps others from changing them until the end of the transaction; the last one has the rows. */
  lockAndRead(keys: readonly Key[]): readonly St[];
  /** @param now seconds since the epoch */
  removeExpired(session: S, now: number, limit: number): Promise<readonly AnswerRow[]>;
  /** @param now seconds since the epoch */
  count(session: S, now: number): Promise<TableCount>;
  /** @param at seconds since the epoch; undefined: all rows */
  walk(session: S, at: number | undefined): AsyncIterable<readonly AnswerRow[]>;
}

/** What is different from one server to another. */
export interface ServerDialect<S extends ServerSession<St>, St> extends SessionDialect<S> {
  /** Loads the driver. */
  load(): Promise<void>;
  /** Makes a table ready. */
  prepare(session: S, table: string): Promise<ServerTable<S, St>>;
  /** A transaction that no other server of ours is in with one of these names. */
  exclusively<T>(session: S, names: readonly string[], first: readonly St[], work: Work<T, St>): Promise<T>;
  /** Whether rows can be written. */
  check(session: S): Promise<void>;
}

/** How rows are read and written. */
export interface ServerDatabaseOptions {
  readonly codec: RowCodec;
  readonly time: LocalTime;
  readonly useDomain: boolean;
}

/** What is written in a transaction, and what has to be known to see that it was. */
interface Plan<St> {
  readonly statements: readonly St[];
  /** Refreshes by the place of their statement. */
  readonly refreshes: readonly { readonly at: number; readonly table: string; readonly ruids: readonly string[] }[];
}

/** Bindings in a database server, perhaps together with other servers and with Kamailio. */
export class ServerDatabase<S extends ServerSession<St>, St> implements LocationDatabase {
  readonly place: string;
  readonly #dialect: ServerDialect<S, St>;
  readonly #codec: RowCodec;
  readonly #time: LocalTime;
  readonly #useDomain: boolean;
  readonly #tables: Map<string, ServerTable<S, St>>;
  readonly #writer: Writer<S>;
  readonly #readers: Readers<S>;
  /** Connections of walks and counts. */
  readonly #own: Set<S>;
  #isClosed: boolean;

  constructor(dialect: ServerDialect<S, St>, { codec, time, useDomain }: ServerDatabaseOptions) {
    this.place = dialect.place;
    this.#dialect = dialect;
    this.#codec = codec;
    this.#time = time;
    this.#useDomain = useDomain;
    this.#tables = new Map();
    this.#writer = new Writer(dialect);
    this.#readers = new Readers(dialect);
    this.#own = new Set();
    this.#isClosed = false;
  }

  async open(): Promise<void> {
    await this.#dialect.load();
    try {
      await this.ping();
    } catch (error) {
      throw cannotOpen(error);
    }
  }

  async openTable(table: string): Promise<void> {
    const problem = identifierProblem(table);
    if (problem !== undefined) throw new StoreError('STORE_VERSION', problem);
    const ready = await this.#writer.run((session) => retried(() => this.#dialect.prepare(session, table)));
    this.#tables.set(table, ready);
  }

  problemOf(table: string, aor: Aor, binding: Binding): string | undefined {
    return this.#tables.get(table)?.limits.problemOf(aor, binding);
  }

  async *scan(name: string, options: ScanOptions): AsyncIterable<RowBatch> {
    const table = this.#table(name);
    const at = options.validAt === undefined ? undefined : seconds(options.validAt);
    const session = await this.#ownSession();
    try {
      for await (const rows of table.walk(session, at)) {
        yield validAt(this.#codec.decodeAll(rows.map((row) => this.#loaded(row))), options.validAt);
      }
    } finally {
      await this.#endOwn(session);
    }
  }

  async commit(changes: readonly BindingChange[]): Promise<void> {
    if (changes.length === 0) return;
    const plan = this.#plan(changes);
    await this.#writer.run((session) =>
      retried(() =>
        session.transaction(plan.statements, async (answers) => {
          const last = await this.#missing(session, plan, answers, changes);
          return { value: undefined, last };
        }),
      ),
    );
  }

  async readAors(table: string, aors: readonly Aor[]): Promise<readonly VersionedBindings[]> {
    const read = this.#table(table).read(aors.map((aor) => this.#codec.keyOf(aor)));
    await this.#writer.settled();
    const { rows } = await this.#readers.run((session) => session.one(read));
    return this.#byAor(aors, rows);
  }

  async compareAndSet(sets: readonly ConditionalChange[]): Promise<readonly boolean[]> {
    if (sets.length === 0) return [];
    const first: St[] = [];
    const reads: { readonly at: number; readonly sets: readonly ConditionalChange[] }[] = [];
    for (const [table, some] of Map.groupBy(sets, (set) => set.table)) {
      first.push(...this.#table(table).lockAndRead(some.map(({ aor }) => this.#codec.keyOf(aor))));
      reads.push({ at: first.length - 1, sets: some });
    }
    // Rows that are not there yet cannot be locked.
    const names = sets.map(({ table, aor }) => JSON.stringify([table, ...this.#codec.keyOf(aor)]));
    return this.#writer.run((session) =>
      retried(() =>
        this.#dialect.exclusively(session, names, first, async (answers) => {
          const isMade = new Set<ConditionalChange>();
          for (const read of reads) {
            const aors = read.sets.map(({ aor }) => aor);
            const states = this.#byAor(aors, answers[read.at]?.rows ?? []);
            for (const [at, set] of read.sets.entries()) if (states[at]?.version === set.version) isMade.add(set);
          }
          const changes = sets.flatMap((set) => (isMade.has(set) ? set.changes : []));
          const plan = this.#plan(changes);
          const written = plan.statements.length === 0 ? [] : await session.ask(plan.statements);
          const last = await this.#missing(session, plan, written, changes);
          return { value: sets.map((set) => isMade.has(set)), last };
        }),
      ),
    );
  }

  async removeExpired(name: string, now: number, limit: number): Promise<readonly StoredBinding[]> {
    const table = this.#table(name);
    const rows = await this.#writer.run((session) => retried(() => table.removeExpired(session, seconds(now), limit)));
    return this.#codec.decodeAll(rows.map((row) => this.#loaded(row))).stored;
  }

  async count(name: string, now: number): Promise<TableCount> {
    const table = this.#table(name);
    // Nobody should wait behind it.
    const session = await this.#ownSession();
    try {
      return await table.count(session, seconds(now));
    } finally {
      await this.#endOwn(session);
    }
  }

  async ping(): Promise<void> {
    await this.#writer.run((session) => this.#dialect.check(session));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#writer.close(), this.#readers.close()]);
    for (const session of this.#own) session.destroy();
  }

  /** A connection for what takes long. */
  async #ownSession(): Promise<S> {
    if (this.#isClosed) throw notOpen(this.place);
    await this.#writer.settled();
    const session = await this.#dialect.connect();
    this.#own.add(session);
    return session;
  }

  async #endOwn(session: S): Promise<void> {
    this.#own.delete(session);
    await session.end();
  }

  #table(name: string): ServerTable<S, St> {
    const table = this.#tables.get(name);
    if (table === undefined) throw new StoreError('STORE_UNAVAILABLE', `${this.place}: table ${name} is not open`);
    return table;
  }

  #plan(changes: readonly BindingChange[]): Plan<St> {
    const writes = new WritesByTable(this.#codec);
    for (const change of changes) writes.add(change);
    const statements: St[] = [];
    const rowsOfRefreshes: Plan<St>['refreshes'][number][] = [];
    for (const { table: name, puts, refreshes, removals } of writes.tables()) {
      const table = this.#table(name);
      for (const rows of pieces(puts, table.maxRows)) {
        statements.push(table.put(rows.map((row) => table.limits.fit(row))));
      }
      // All servers lock rows in one order. New ones keep that of the changes, in which they are read again.
      refreshes.sort(byRuid);
      removals.sort();
      for (const rows of pieces(refreshes, table.maxRows)) {
        rowsOfRefreshes.push({ at: statements.length, table: name, ruids: rows.map(([, , , ruid]) => ruid) });
        statements.push(table.refresh(rows));
      }
      for (const ruids of pieces(removals, table.maxRows)) statements.push(table.remove(ruids));
    }
    return { statements, refreshes: rowsOfRefreshes };
  }

  /** What writes rows whole that another program has removed, and that were only to be refreshed. */
  async #missing(
    session: S,
    plan: Plan<St>,
    answers: readonly Answer[],
    changes: readonly BindingChange[],
  ): Promise<readonly St[]> {
    const puts: BindingChange[] = [];
    for (const { at, table, ruids } of plan.refreshes) {
      if (answers[at]?.count === ruids.length) continue;
      const { rows } = await session.one(this.#table(table).present(ruids));
      const missing = new Set(ruids);
      for (const [ruid] of rows) missing.delete(String(ruid));
      for (const change of changes) {
        if (change.table === table && missing.has(change.ruid)) puts.push({ ...change, before: 'unknown' });
      }
    }
    return puts.length === 0 ? [] : this.#plan(puts).statements;
  }

  /** The rows of each address-of-record; a server may think more texts equal than are, and then there are others. */
  #byAor(aors: readonly Aor[], rows: readonly AnswerRow[]): readonly VersionedBindings[] {
    const byKey = new Map<string, AnswerRow[]>();
    for (const row of rows) {
      const key = this.#keyText(String(row[columnAt.username]), String(row[columnAt.domain]));
      const some = byKey.get(key);
      if (some === undefined) byKey.set(key, [row]);
      else some.push(row);
    }
    return aors.map((aor) => {
      const found = byKey.get(this.#keyText(...this.#codec.keyOf(aor))) ?? [];
      const some = found.map((row) => row.slice(0, columnKeys.length));
      const version = JSON.stringify(some);
      const { stored } = this.#codec.decodeAll(some.map((row) => this.#loaded(row)));
      return { aor, version, bindings: stored.map(({ binding }) => binding) };
    });
  }

  /** Neither text has NUL. */
  #keyText(username: string, domain: string): string {
    return this.#useDomain ? `${username}\0${domain}` : username;
  }

  /** Makes a row of what came: instants are texts in local time. The array is the same. */
  #loaded(values: AnswerRow): Row {
    const row = values as (string | number | null)[];
    row[columnAt.expires] = this.#secondsOf(values[columnAt.expires]);
    row[columnAt.last_modified] = this.#secondsOf(values[columnAt.last_modified]);
    return row;
  }

  #secondsOf(text: string | number | null | undefined): number | null {
    return typeof text === 'string' ? (this.#time.seconds(text) ?? null) : null;
  }
}

function seconds(instantMs: number): number {
  return Math.floor(instantMs / 1000);
}

function byRuid(a: RefreshRow, b: RefreshRow): number {
  return a[3] < b[3] ? -1 : a[3] > b[3] ? 1 : 0;
}

function* pieces<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  if (all.length <= size) {
    if (all.length > 0) yield all;
    return;
  }
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
