import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreError } from '../../location/store-error.ts';
import { type ColumnKey, columnAt, columnKeys, layoutVersion, type Row } from '../sql/columns.ts';
import { layoutOf } from '../sql/layout-version.ts';
import { parseLocal } from '../sql/local-time.ts';
import type { TableWrites } from '../sql/writes-by-table.ts';
import { julianDay, permanentDay, secondsOfJulianDay } from './julian-day.ts';
import type { ConditionalWrites, SqliteSettings, WorkerAnswers, WorkerRequest } from './protocol.ts';

/**
 * Pages of a new file. A refresh writes the page of its row, whatever the size of the row: smaller pages are less to
 * write (measured: docs/persistence.md).
 */
const pageBytes = 1024;
/** The log is written back into the file when it has so many pages: 1 MB, so that no commit waits long for that. */
const checkpointPages = 1024;
/** How long another program's write is waited for. */
const busyMs = 5_000;
/** Pages kept in memory, kibibytes. */
const cacheKib = 65_536;
/** A file up to this size is looked through for damage when it is opened; a larger one is read, which finds most. */
const maxCheckedBytes = 32 * 1024 * 1024;

/** The table that says which layout another one has. */
const versionTable = `CREATE TABLE IF NOT EXISTS version (
  id INTEGER PRIMARY KEY NOT NULL,
  table_name VARCHAR(32) NOT NULL,
  table_version INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT version_table_name_idx UNIQUE (table_name)
)`;

/** The statements of one table. */
interface TableStatements {
  readonly put: StatementSync;
  readonly refresh: StatementSync;
  readonly remove: StatementSync;
  readonly read: StatementSync;
  readonly removeExpired: StatementSync;
  readonly count: StatementSync;
}

/** An SQLite file with tables of bindings, used by one thread. Whatever it cannot do is thrown. */
export class SqliteFile {
  readonly #settings: SqliteSettings;
  readonly #database: DatabaseSync;
  readonly #statements: Map<string, TableStatements>;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  /** Opens the file, which is made when it is not there. */
  constructor(settings: SqliteSettings) {
    this.#settings = settings;
    this.#statements = new Map();
    const isNew = !existsSync(settings.file) || statSync(settings.file).size === 0;
    this.#database = new DatabaseSync(settings.file, { timeout: busyMs });
    if (isNew) this.#database.exec(`PRAGMA page_size = ${pageBytes}`);
    // A reader never waits for a writer then, and a commit is one sync of one file.
    this.#database.exec('PRAGMA journal_mode = WAL');
    // FULL: a commit that was acknowledged survives a loss of power.
    this.#database.exec('PRAGMA synchronous = FULL');
    this.#database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    this.#database.exec(`PRAGMA cache_size = -${cacheKib}`);
    this.#checkSoundness();
    this.#database.exec(versionTable);
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#database.prepare('COMMIT');
  }

  handle<Request extends WorkerRequest>(request: Request): WorkerAnswers[Request['kind']];
  handle(request: WorkerRequest): WorkerAnswers[keyof WorkerAnswers] {
    switch (request.kind) {
      case 'open-table':
        return this.#openTable(request.table);
      case 'commit':
        return this.#inTransaction(() => request.tables.flatMap((writes) => this.#write(writes)));
      case 'compare-and-set':
        return this.#inTransaction(() => request.sets.map((set) => this.#compareAndSet(set)));
      case 'read':
        return request.keys.map((key) => this.#read(request.table, key));
      case 'remove-expired':
        return this.#removeExpired(request.table, request.now, request.limit);
      case 'count':
        return this.#count(request.table, request.now);
      case 'ping':
        // A file that cannot be written to does not answer.
        this.#inTransaction(() => undefined);
        return undefined;
      case 'close':
        this.#database.close();
        return undefined;
    }
  }

  #checkSoundness(): void {
    if (statSync(this.#settings.file).size > maxCheckedBytes) return;
    const first = this.#database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    const problem = first?.quick_check;
    if (problem !== undefined && problem !== 'ok') throw new StoreError('STORE_CORRUPT', problem);
  }

  #inTransaction<T>(run: () => T): T {
    this.#begin.run();
    try {
      const value = run();
      this.#commit.run();
      return value;
    } catch (error) {
      // Some errors have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** @returns the refreshes that found no row */
  #write({ table, puts, refreshes, removals }: TableWrites): string[] {
    const { put, refresh, remove } = this.#of(table);
    const missing: string[] = [];
    for (const row of puts) put.run(...storedRow(row));
    for (const [expires, cseq, lastModified, ruid] of refreshes) {
      const { changes } = refresh.run(julianDay(expires), cseq, julianDay(lastModified), ruid);
      if (changes === 0) missing.push(ruid);
    }
    for (const ruid of removals) remove.run(ruid);
    return missing;
  }

  #compareAndSet({ key, version, writes }: ConditionalWrites): boolean {
    if (this.#read(writes.table, key).version !== version) return false;
    this.#write(writes);
    return true;
  }

  #read(table: string, [username, domain]: readonly [string, string]): WorkerAnswers['read'][number] {
    const { read } = this.#of(table);
    const rows = (this.#settings.useDomain ? read.all(username, domain) : read.all(username)) as unknown as Row[];
    return { rows: rows.map(loadedRow), version: JSON.stringify(rows) };
  }

  #removeExpired(table: string, now: number, limit: number): readonly Row[] {
    const { removeExpired } = this.#of(table);
    // A little more: what expires in this second has expired, and a Julian day is not exact.
    const removed = this.#inTransaction(() => removeExpired.all(julianDay(now / 1000 + 0.25), limit));
    return (removed as unknown as Row[]).map(loadedRow);
  }

  #count(table: string, now: number): WorkerAnswers['count'] {
    const [users, contacts] = this.#of(table).count.get(julianDay(now / 1000 + 0.25)) as unknown as [number, number];
    return { users, contacts };
  }

  #openTable(table: string): undefined {
    this.#inTransaction(() => {
      const columns = this.#columnsOf(table);
      const version = this.#versionOf(table);
      if (columns.size === 0) {
        this.#create(table);
      } else {
        const layout = layoutOf(table, version, columns, this.#settings.columns);
        if (layout === 'old') this.#migrate(table, version ?? 0, columns);
        else if (version === undefined) this.#setVersion(table);
      }
      this.#database.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${table}_ruid_idx ON ${table} (${this.#name('ruid')})`);
      if (this.#settings.expiresIndex) {
        this.#database.exec(`CREATE INDEX IF NOT EXISTS ${table}_expires_idx ON ${table} (${this.#name('expires')})`);
      }
    });
    this.#of(table);
    return undefined;
  }

  #columnsOf(table: string): ReadonlySet<string> {
    const rows = this.#database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    return new Set(rows.map(({ name }) => String(name)));
  }

  #versionOf(table: string): number | undefined {
    const row = this.#database.prepare('SELECT table_version AS version FROM version WHERE table_name = ?').get(table);
    return row === undefined ? undefined : Number(row.version);
  }

  #setVersion(table: string): void {
    this.#database.prepare('DELETE FROM version WHERE table_name = ?').run(table);
    this.#database.prepare('INSERT INTO version (table_name, table_version) VALUES (?, ?)').run(table, layoutVersion);
  }

  #create(table: string): void {
    for (const statement of sqliteSchema(table, this.#settings.columns)) this.#database.exec(statement);
    this.#setVersion(table);
  }

  /** The old table stays beside the new one, under another name. */
  #migrate(table: string, version: number, columns: ReadonlySet<string>): void {
    const old = `${table}_layout_${version}`;
    if (this.#columnsOf(old).size > 0) {
      throw new StoreError(
        'STORE_VERSION',
        `table ${old} is in the way of the migration of ${table}; rename or drop it`,
      );
    }
    // Names of indices are of the whole file.
    const indices = this.#database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .all(table);
    for (const { name } of indices) this.#database.exec(`DROP INDEX "${String(name)}"`);
    this.#database.exec(`ALTER TABLE ${table} RENAME TO ${old}`);
    this.#create(table);
    const known = columnKeys.filter((key) => columns.has(this.#name(key)));
    const isOpenSer = !columns.has(this.#name('ruid'));
    const targets = known.map((key) => this.#name(key));
    const sources = known.map((key) => migratedValue(key, this.#name(key), isOpenSer));
    if (isOpenSer) {
      targets.push(this.#name('ruid'));
      sources.push('lower(hex(randomblob(9)))');
    }
    this.#database.exec(`INSERT INTO ${table} (${targets}) SELECT ${sources} FROM ${old} ORDER BY rowid`);
  }

  #of(table: string): TableStatements {
    let statements = this.#statements.get(table);
    if (statements === undefined) {
      statements = this.#prepare(table);
      this.#statements.set(table, statements);
    }
    return statements;
  }

  #prepare(table: string): TableStatements {
    const names = columnKeys.map((key) => this.#name(key));
    const ruid = this.#name('ruid');
    const expires = this.#name('expires');
    const flags = this.#name('flags');
    const username = this.#name('username');
    const domain = this.#name('domain');
    const overwritten = names.filter((name) => name !== ruid).map((name) => `${name} = excluded.${name}`);
    const key = this.#settings.useDomain ? `${username} = ? AND ${domain} = ?` : `${username} = ?`;
    const isPermanent = `(${expires} <= ${julianDay(0)} OR ${flags} & 128)`;
    const prepare = (sql: string): StatementSync => {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    return {
      put: prepare(
        `INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')}) ` +
          `ON CONFLICT (${ruid}) DO UPDATE SET ${overwritten}`,
      ),
      refresh: prepare(
        `UPDATE ${table} SET ${expires} = ?, ${this.#name('cseq')} = ?, ${this.#name('last_modified')} = ? WHERE ${ruid} = ?`,
      ),
      remove: prepare(`DELETE FROM ${table} WHERE ${ruid} = ?`),
      read: prepare(`SELECT ${names} FROM ${table} WHERE ${key} ORDER BY rowid`),
      removeExpired: prepare(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${expires} < ? AND NOT ${isPermanent} ` +
          `LIMIT ?) RETURNING ${names}`,
      ),
      count: prepare(
        `SELECT count(DISTINCT ${this.#settings.useDomain ? `${username} || '@' || ${domain}` : username}), count(*) ` +
          `FROM ${table} WHERE ${expires} >= ? OR ${isPermanent}`,
      ),
    };
  }

  #name(key: ColumnKey): string {
    return this.#settings.columns[key] ?? key;
  }
}

/** The statements that make a table. The index on the account is how other programs of the family look for rows. */
export function sqliteSchema(table: string, columns: Readonly<Record<string, string>>): readonly string[] {
  const name = (key: ColumnKey): string => columns[key] ?? key;
  return [
    `CREATE TABLE ${table} (
  id INTEGER PRIMARY KEY NOT NULL,
  ${name('ruid')} VARCHAR(64) DEFAULT '' NOT NULL,
  ${name('username')} VARCHAR(64) DEFAULT '' NOT NULL,
  ${name('domain')} VARCHAR(64) DEFAULT NULL,
  ${name('contact')} VARCHAR(512) DEFAULT '' NOT NULL,
  ${name('received')} VARCHAR(128) DEFAULT NULL,
  ${name('path')} VARCHAR(512) DEFAULT NULL,
  ${name('expires')} TIMESTAMP DEFAULT 2462649.5 NOT NULL,
  ${name('q')} REAL DEFAULT 1.0 NOT NULL,
  ${name('callid')} VARCHAR(255) DEFAULT 'Default-Call-ID' NOT NULL,
  ${name('cseq')} INTEGER DEFAULT 1 NOT NULL,
  ${name('last_modified')} TIMESTAMP DEFAULT 2451544.5 NOT NULL,
  ${name('flags')} INTEGER DEFAULT 0 NOT NULL,
  ${name('cflags')} INTEGER DEFAULT 0 NOT NULL,
  ${name('user_agent')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('socket')} VARCHAR(64) DEFAULT NULL,
  ${name('methods')} INTEGER DEFAULT NULL,
  ${name('instance')} VARCHAR(255) DEFAULT NULL,
  ${name('reg_id')} INTEGER DEFAULT 0 NOT NULL,
  ${name('server_id')} INTEGER DEFAULT 0 NOT NULL,
  ${name('connection_id')} INTEGER DEFAULT 0 NOT NULL,
  keepalive INTEGER DEFAULT 0 NOT NULL,
  "partition" INTEGER DEFAULT 0 NOT NULL
)`,
    `CREATE UNIQUE INDEX ${table}_ruid_idx ON ${table} (${name('ruid')})`,
    `CREATE INDEX ${table}_account_contact_idx ON ${table} (${name('username')}, ${name('domain')}, ${name('contact')})`,
  ];
}

/** All statements that make a file with tables, but for the rows of `version`. */
export function sqliteFileSchema(tables: readonly string[], columns: Readonly<Record<string, string>>): string[] {
  const pages = `PRAGMA page_size = ${pageBytes}`;
  return [pages, versionTable, ...tables.flatMap((table) => sqliteSchema(table, columns))];
}

/** A row as it is stored: instants are Julian days. */
function storedRow(row: Row): SQLInputValue[] {
  const values = row.slice();
  const expires = Number(row[columnAt.expires]);
  values[columnAt.expires] = expires === 0 ? permanentDay : julianDay(expires);
  values[columnAt.last_modified] = julianDay(Number(row[columnAt.last_modified]));
  return values;
}

/** A row as it was stored, perhaps by another program: instants are Julian days or texts. */
export function loadedRow(row: Row): Row {
  const values = row.slice();
  values[columnAt.expires] = secondsOf(row[columnAt.expires]);
  values[columnAt.last_modified] = secondsOf(row[columnAt.last_modified]);
  return values;
}

function secondsOf(value: Row[number] | undefined): number | null {
  if (typeof value === 'number') return secondsOfJulianDay(value);
  return typeof value === 'string' ? (parseLocal(value) ?? null) : null;
}

/** What stands in a column that may not be NULL, where an old layout had nothing. */
const migratedDefaults: Readonly<Partial<Record<ColumnKey, string>>> = {
  q: '-1.0',
  cseq: '1',
  last_modified: '2451544.5',
  flags: '0',
  cflags: '0',
  user_agent: "''",
  reg_id: '0',
};

/** What a column of an old layout becomes. OpenSER's flags have NAT in another bit; its sockets have no transport. */
function migratedValue(key: ColumnKey, name: string, isOpenSer: boolean): string {
  const fallback = migratedDefaults[key];
  const value = fallback === undefined ? name : `coalesce(${name}, ${fallback})`;
  if (!isOpenSer) return value;
  if (key === 'flags') return `((${value} & ~7) | ((${value} & 1) << 16))`;
  if (key !== 'socket') return value;
  return `CASE WHEN instr(${name}, ':') = 0 AND instr(${name}, '_') > 0 THEN 'udp:' || replace(${name}, '_', ':') ELSE ${name} END`;
}
