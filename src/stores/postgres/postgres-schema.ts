import { type ColumnKey, type ColumnNames, layoutVersion } from '../sql/columns.ts';
import { migratedColumns } from '../sql/migration.ts';
import { ServerError } from '../sql/server-error.ts';
import { type LayoutSteps, longMs, prepareTable, type ServerColumn, type TableDemand } from '../sql/table-layout.ts';
import type { PostgresSession, Statement } from './postgres-session.ts';

/** A table that is ready. */
export interface PostgresTable {
  readonly columns: ReadonlyMap<string, ServerColumn>;
  /** Whether a unique integer `id`, which grows, says in which order rows were inserted. */
  readonly hasId: boolean;
}

/** The table that says which layout another one has. */
export const versionTable =
  'CREATE TABLE IF NOT EXISTS version (id SERIAL PRIMARY KEY NOT NULL, table_name VARCHAR(64) NOT NULL, ' +
  'table_version INTEGER DEFAULT 0 NOT NULL, CONSTRAINT version_table_name_idx UNIQUE (table_name))';

/** A name of a table or column in a statement. It has only letters, digits and `_`: see `identifierProblem`. */
export function quoted(name: string): string {
  return `"${name.toLowerCase()}"`;
}

/**
 * The statements that make a table of layout 9. Widths are what messages may have. A page keeps some room, so that a
 * refresh finds place for the new row beside the old one and touches no index (manual §73.7).
 */
export function postgresSchema(table: string, columns: ColumnNames): readonly string[] {
  const name = (key: ColumnKey): string => quoted(columns[key]);
  return [
    `CREATE TABLE ${quoted(table)} (
  id BIGSERIAL PRIMARY KEY NOT NULL,
  ${name('ruid')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('username')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('domain')} VARCHAR(255) DEFAULT NULL,
  ${name('contact')} VARCHAR(2048) DEFAULT '' NOT NULL,
  ${name('received')} VARCHAR(2048) DEFAULT NULL,
  ${name('path')} VARCHAR(2048) DEFAULT NULL,
  ${name('expires')} TIMESTAMP WITHOUT TIME ZONE DEFAULT '2030-05-28 21:32:15' NOT NULL,
  ${name('q')} REAL DEFAULT 1.0 NOT NULL,
  ${name('callid')} VARCHAR(512) DEFAULT 'Default-Call-ID' NOT NULL,
  ${name('cseq')} INTEGER DEFAULT 1 NOT NULL,
  ${name('last_modified')} TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:01' NOT NULL,
  ${name('flags')} INTEGER DEFAULT 0 NOT NULL,
  ${name('cflags')} INTEGER DEFAULT 0 NOT NULL,
  ${name('user_agent')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('socket')} VARCHAR(255) DEFAULT NULL,
  ${name('methods')} INTEGER DEFAULT NULL,
  ${name('instance')} VARCHAR(255) DEFAULT NULL,
  ${name('reg_id')} INTEGER DEFAULT 0 NOT NULL,
  ${name('server_id')} INTEGER DEFAULT 0 NOT NULL,
  ${name('connection_id')} INTEGER DEFAULT 0 NOT NULL,
  keepalive INTEGER DEFAULT 0 NOT NULL,
  "partition" INTEGER DEFAULT 0 NOT NULL
) WITH (fillfactor = 80)`,
    `CREATE UNIQUE INDEX ON ${quoted(table)} (${name('ruid')})`,
    `CREATE INDEX ON ${quoted(table)} (${name('username')}, ${name('domain')}, ${name('contact')})`,
  ];
}

/**
 * Makes a table ready in one transaction: creates it, migrates an old one, adds the indices that are needed.
 *
 * @throws StoreError `STORE_VERSION`
 */
export function preparePostgresTable(session: PostgresSession, demand: TableDemand): Promise<PostgresTable> {
  // Two servers that start at the same time do not both create it.
  const lock: Statement = { text: "SELECT pg_advisory_xact_lock(hashtextextended('aorta: layout of tables', 0))" };
  return session.transaction([lock, { text: 'SET LOCAL statement_timeout = 0' }], async () => {
    const value = await new Preparation(session, demand).run();
    return { value, last: [] };
  });
}

class Preparation implements LayoutSteps<ServerColumn> {
  readonly instantType = 'timestamp';
  readonly #session: PostgresSession;
  readonly #demand: TableDemand;

  constructor(session: PostgresSession, demand: TableDemand) {
    this.#session = session;
    this.#demand = demand;
  }

  async run(): Promise<PostgresTable> {
    const columns = await prepareTable(this.#demand, this);
    return { columns, hasId: columns.get('id')?.type.startsWith('int') === true && (await this.hasIndex('id', true)) };
  }

  async columnsOf(table: string): Promise<ReadonlyMap<string, ServerColumn>> {
    const { rows } = await this.#ask(
      "SELECT attname, typname, CASE WHEN typname IN ('varchar', 'bpchar') AND atttypmod > 4 THEN atttypmod - 4 END " +
        'FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid ' +
        'WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped',
      quoted(table),
    );
    return new Map(
      rows.map(([name, type, length]) => [
        String(name),
        { type: String(type), maxLength: length === null || length === undefined ? undefined : Number(length) },
      ]),
    );
  }

  async hasIndex(column: string, isUnique: boolean): Promise<boolean> {
    const { count } = await this.#ask(
      'SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] ' +
        'WHERE indrelid = to_regclass($1) AND attname = $2 AND indpred IS NULL AND indisvalid ' +
        `AND ${isUnique ? 'indisunique AND indimmediate AND indnatts = 1' : 'true'}`,
      quoted(this.#demand.table),
      column,
    );
    return count > 0;
  }

  async version(): Promise<number | undefined> {
    const { rows } = await this.#ask("SELECT to_regclass('version')");
    if (rows[0]?.[0] === null) await this.#do(versionTable);
    const found = await this.#ask('SELECT table_version FROM version WHERE table_name = $1', this.#demand.table);
    const version = found.rows[0]?.[0];
    return version === undefined || version === null ? undefined : Number(version);
  }

  async setVersion(): Promise<void> {
    const { table } = this.#demand;
    await this.#ask('DELETE FROM version WHERE table_name = $1', table);
    const insert = `INSERT INTO version (table_name, table_version) VALUES ($1, ${layoutVersion})`;
    await this.#ask(insert, table);
  }

  async create(): Promise<void> {
    const { table, columns } = this.#demand;
    for (const statement of postgresSchema(table, columns)) await this.#do(statement);
    await this.setVersion();
  }

  async migrate(old: string, present: ReadonlySet<string>): Promise<void> {
    const { table, columns } = this.#demand;
    await this.#do(`ALTER TABLE ${quoted(table)} RENAME TO ${quoted(old)}`);
    await this.create();
    const newRuid = 'substr(md5(random()::text || ctid::text || clock_timestamp()::text), 1, 18)';
    const { targets, sources } = migratedColumns(present, columns, { quoted, newRuid });
    const order = present.has('id') ? 'id' : 'ctid';
    await this.#do(
      `INSERT INTO ${quoted(table)} (${targets}) SELECT ${sources} FROM ${quoted(old)} ORDER BY ${order}`,
      longMs,
    );
  }

  async addIndex(column: string, isUnique: boolean): Promise<void> {
    const { table } = this.#demand;
    await this.#do(`CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ON ${quoted(table)} (${quoted(column)})`, longMs);
  }

  isDuplicate(error: unknown): boolean {
    const { code } = (error as { cause?: { code?: unknown } }).cause ?? {};
    return error instanceof ServerError && code === '23505';
  }

  retyped(column: string): string {
    return `ALTER TABLE ${this.#demand.table} ALTER COLUMN ${column} TYPE timestamp`;
  }

  #ask(text: string, ...values: readonly string[]): ReturnType<PostgresSession['one']> {
    return this.#session.one({ text, values });
  }

  async #do(text: string, limitMs?: number): Promise<void> {
    await this.#session.one({ text }, limitMs);
  }
}
