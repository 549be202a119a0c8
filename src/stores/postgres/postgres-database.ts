import type pg from 'pg';
import { type ColumnNames, foldedNames } from '../sql/columns.ts';
import { LocalTime } from '../sql/local-time.ts';
import { ServerDatabase, type ServerDialect } from '../sql/server-database.ts';
import { ServerError } from '../sql/server-error.ts';
import { ServerAccess, type ServerOptions } from '../sql/server-options.ts';
import type { Work } from '../sql/server-session.ts';
import { preparePostgresTable } from './postgres-schema.ts';
import { type PostgresDriver, PostgresSession, type Statement } from './postgres-session.ts';
import { TableStatements } from './table-statements.ts';

/** What a PostgreSQL database is made of; its URL is `postgres://user:password@host:port/database`. */
export type PostgresOptions = ServerOptions<PostgresDriver>;

/** Bindings in a PostgreSQL database, perhaps together with other servers and with Kamailio. */
export class PostgresDatabase extends ServerDatabase<PostgresSession, Statement> {
  constructor(options: PostgresOptions) {
    const time = new LocalTime();
    super(new PostgresDialect(options, time), { ...options, time });
  }
}

class PostgresDialect implements ServerDialect<PostgresSession, Statement> {
  readonly place: string;
  readonly #options: PostgresOptions;
  readonly #access: ServerAccess<PostgresDriver>;
  readonly #time: LocalTime;
  readonly #columns: ColumnNames;
  #tables: number;

  constructor(options: PostgresOptions, time: LocalTime) {
    const load = async (): Promise<PostgresDriver> => (await import('pg')).default as typeof pg;
    this.#access = new ServerAccess(options, { server: 'PostgreSQL', name: 'pg', load });
    this.place = this.#access.place;
    this.#options = options;
    this.#time = time;
    this.#columns = foldedNames(options.columns);
    this.#tables = 0;
  }

  load(): Promise<void> {
    return this.#access.load();
  }

  async connect(): Promise<PostgresSession> {
    return PostgresSession.connect(this.#access.settings);
  }

  bury(session: PostgresSession, identities: readonly string[]): Promise<void> {
    const text =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity ' +
      'WHERE pid = $1::int4 AND extract(epoch FROM backend_start)::text = $2';
    return this.#access.untilGone(identities, async (identity) => {
      const [pid = '', since = ''] = identity.split('@');
      return (await session.one({ text, values: [pid, since] })).count > 0;
    });
  }

  async prepare(session: PostgresSession, table: string): Promise<TableStatements> {
    const { expiresIndex, useDomain, codec } = this.#options;
    const columns = this.#columns;
    const layout = await preparePostgresTable(session, { table, columns, expiresIndex });
    const number = this.#tables;
    this.#tables += 1;
    return new TableStatements({ table, number, columns, layout, useDomain, codec, time: this.#time });
  }

  exclusively<T>(
    session: PostgresSession,
    names: readonly string[],
    first: readonly Statement[],
    work: Work<T, Statement>,
  ): Promise<T> {
    const text =
      'SELECT count(pg_advisory_xact_lock(key)) FROM (' +
      "SELECT DISTINCT hashtextextended('aorta: ' || name, 0) AS key FROM json_array_elements_text($1::json) AS n(name) " +
      'ORDER BY key) k';
    const lock = { name: 'aorta_lock', text, values: [JSON.stringify(names)] };
    return session.transaction([lock, ...first], ([, ...answers]) => work(answers));
  }

  async check(session: PostgresSession): Promise<void> {
    const { rows } = await session.one({ text: 'SHOW transaction_read_only' });
    if (rows[0]?.[0] === 'on') throw new ServerError(this.place, 'read-only', 'transaction_read_only is on');
  }
}
