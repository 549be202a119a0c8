import { createHash } from 'node:crypto';
import { type ColumnNames, foldedNames } from '../sql/columns.ts';
import { LocalTime } from '../sql/local-time.ts';
import { ServerDatabase, type ServerDialect } from '../sql/server-database.ts';
import { ServerError } from '../sql/server-error.ts';
import { ServerAccess, type ServerOptions } from '../sql/server-options.ts';
import type { Work } from '../sql/server-session.ts';
import { numberOf } from './mysql-error.ts';
import { prepareMysqlTable } from './mysql-schema.ts';
import { type MysqlDriver, MysqlSession } from './mysql-session.ts';
import { MysqlTableStatements } from './mysql-table.ts';
import { textLiteral } from './text-literal.ts';

/** What a MySQL or MariaDB database is made of; its URL is `mysql://user:password@host:port/database`. */
export type MysqlOptions = ServerOptions<MysqlDriver>;

/** Bindings in a MySQL or MariaDB database, perhaps together with other servers and with Kamailio. */
export class MysqlDatabase extends ServerDatabase<MysqlSession, string> {
  constructor(options: MysqlOptions) {
    const time = new LocalTime();
    super(new MysqlDialect(options, time), { ...options, time });
  }
}

class MysqlDialect implements ServerDialect<MysqlSession, string> {
  readonly place: string;
  readonly #options: MysqlOptions;
  readonly #access: ServerAccess<MysqlDriver>;
  readonly #time: LocalTime;
  readonly #columns: ColumnNames;

  constructor(options: MysqlOptions, time: LocalTime) {
    const load = async (): Promise<MysqlDriver> => (await import('mysql2')).default;
    this.#access = new ServerAccess(options, { server: 'MySQL and MariaDB', name: 'mysql2', load });
    this.place = this.#access.place;
    this.#options = options;
    this.#time = time;
    this.#columns = foldedNames(options.columns);
  }

  load(): Promise<void> {
    return this.#access.load();
  }

  async connect(): Promise<MysqlSession> {
    return MysqlSession.connect(this.#access.settings);
  }

  bury(session: MysqlSession, identities: readonly string[]): Promise<void> {
    return this.#access.untilGone(identities, async (identity) => {
      const text = `SELECT ID FROM information_schema.PROCESSLIST WHERE CONCAT(ID, '@', HOST) = ${textLiteral(identity)}`;
      const { rows } = await session.one(text);
      const id = rows[0]?.[0];
      if (id !== undefined) await kill(session, Number(id));
      return id !== undefined;
    });
  }

  async prepare(session: MysqlSession, table: string): Promise<MysqlTableStatements> {
    const { expiresIndex, useDomain, codec } = this.#options;
    const layout = await prepareMysqlTable(session, { table, columns: this.#columns, expiresIndex });
    return new MysqlTableStatements({ table, columns: this.#columns, layout, useDomain, codec, time: this.#time });
  }

  /** Locks by names are of a whole server, and of a connection: they are to be released. */
  exclusively<T>(
    session: MysqlSession,
    names: readonly string[],
    first: readonly string[],
    work: Work<T, string>,
  ): Promise<T> {
    const { pathname } = new URL(this.#options.url);
    const hashes = names.map((name) => createHash('sha256').update(`${pathname} ${name}`).digest('hex').slice(0, 40));
    const seconds = Math.max(1, Math.floor((this.#access.limits.statementMs * 0.7) / 1000));
    // In one order for all.
    const locks = [...new Set(hashes)].sort().map((hash) => `GET_LOCK('aorta:${hash}', ${seconds})`);
    return session.transaction(
      [`SELECT ${locks.join(', ')}`, ...first],
      async ([locked, ...answers]) => {
        const isLocked = locked?.rows[0]?.every((value) => value === 1);
        if (!isLocked) throw new ServerError(this.place, 'locked', 'GET_LOCK waits for another server');
        return work(answers);
      },
      ['DO RELEASE_ALL_LOCKS()'],
    );
  }

  async check(session: MysqlSession): Promise<void> {
    // A server that may only be read refuses it.
    await session.ask(['START TRANSACTION READ WRITE', 'ROLLBACK']);
  }
}

async function kill(session: MysqlSession, id: number): Promise<void> {
  try {
    await session.one(`KILL ${id}`);
  } catch (error) {
    // It may have ended in the meantime.
    if (!(error instanceof ServerError) || numberOf(error.cause) !== 1094) throw error;
  }
}
