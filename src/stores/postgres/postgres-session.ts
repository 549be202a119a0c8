import { Socket } from 'node:net';
import type pg from 'pg';
import { ServerError } from '../sql/server-error.ts';
import type { SessionSettings } from '../sql/server-options.ts';
import { type Answer, SocketSession, type Work } from '../sql/server-session.ts';
import { isEndOfConnection, postgresError } from './postgres-error.ts';

/** A statement, and the texts of its parameters. A name means that the server prepares it once for a connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly string[];
}

/** What is used of the package `pg`. */
export type PostgresDriver = Pick<typeof pg, 'Client'>;

/** Which command a server has done: `COMMIT`, `UPDATE` … */
interface CommandAnswer extends Answer {
  readonly command: string;
}

/** How long the end of a connection is waited for. */
const endMs = 1_000;

/** The first version with 64-bit hash functions, which advisory locks are named by. */
const oldestVersion = 110_000;

/**
 * What every connection sets. Every statement but a walk looks for rows by a key, and is prepared when tables may still
 * be empty: whatever else a planner might choose then would be wrong later.
 */
function sessionSetup(statementMs: number): string {
  return [
    "SET DateStyle = 'ISO'",
    'SET jit = off',
    'SET enable_seqscan = off',
    'SET enable_hashjoin = off',
    'SET enable_mergejoin = off',
    // The server gives up before we do, and the connection lives on.
    `SET lock_timeout = ${Math.ceil(statementMs * 0.7)}`,
    `SET statement_timeout = ${Math.ceil(statementMs * 0.9)}`,
    // When this process stands still, others need not wait for its locks for ever.
    `SET idle_in_transaction_session_timeout = ${statementMs * 3}`,
    // A walk without a key reads in the order in which rows lie.
    'SET synchronize_seqscans = off',
    // What is acknowledged is on the disk; whoever wants even more keeps it.
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  ].join('; ');
}

const asText = { getTypeParser: () => (text: string) => text };

/** A connection to a PostgreSQL server. What it is asked for is sent at once, whatever is still to be answered. */
export class PostgresSession extends SocketSession<Statement> {
  readonly #settings: SessionSettings<PostgresDriver>;
  readonly #client: pg.Client;

  private constructor(settings: SessionSettings<PostgresDriver>) {
    const socket = new Socket();
    super(socket, { place: settings.place, errorOf: postgresError, isEnd: isEndOfConnection });
    this.#settings = settings;
    this.#client = new settings.driver.Client({
      connectionString: settings.url,
      connectionTimeoutMillis: settings.connectMs,
      application_name: 'aorta',
      keepAlive: true,
      pipeline: true,
      types: asText,
      stream: () => socket,
    });
    this.#client.on('error', (error) => this.calls.fail(error));
    this.#client.on('end', () => this.calls.fail(new Error('Connection terminated')));
  }

  /** @throws ServerError */
  static connect(settings: SessionSettings<PostgresDriver>): Promise<PostgresSession> {
    const session = new PostgresSession(settings);
    return session.begin(() => session.#identified());
  }

  ask(statements: readonly Statement[], limitMs = this.#settings.statementMs): Promise<readonly CommandAnswer[]> {
    return this.calls.within(limitMs, () => {
      this.socket.cork();
      const answers = statements.map((statement) => this.#send(statement));
      this.socket.uncork();
      return Promise.all(answers);
    });
  }

  async transaction<T>(first: readonly Statement[], work: Work<T, Statement>): Promise<T> {
    try {
      const [, ...answers] = await this.ask([{ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' }, ...first]);
      const { value, last } = await work(answers);
      const committed = (await this.ask([...last, { text: 'COMMIT' }])).at(-1);
      if (committed?.command !== 'COMMIT') {
        throw new ServerError(this.#settings.place, 'refused', `COMMIT was answered ${committed?.command}`);
      }
      return value;
    } catch (error) {
      if (this.failure === undefined) await this.#rollBack();
      throw error;
    }
  }

  async end(): Promise<void> {
    if (this.failure !== undefined) return;
    const timer = setTimeout(() => this.socket.destroy(), endMs);
    await this.#client.end();
    clearTimeout(timer);
    this.socket.destroy();
  }

  /** The server's process, and since when: its number may come again. */
  async #identified(): Promise<string> {
    await this.#client.connect();
    const { statementMs, connectMs, place } = this.#settings;
    const who =
      "SELECT pid || '@' || extract(epoch FROM backend_start), current_setting('server_version_num') " +
      'FROM pg_stat_activity WHERE pid = pg_backend_pid()';
    const version = await this.one({ text: 'SHOW server_version_num' }, connectMs);
    const number = Number(version.rows[0]?.[0]);
    if (number < oldestVersion) throw new ServerError(place, 'too-old', `PostgreSQL 11 or newer, this is ${number}`);
    const answers = await this.ask([{ text: sessionSetup(statementMs) }, { text: who }], connectMs);
    const identity = answers[1]?.rows[0]?.[0];
    // Without it, nobody could see to the end of what it was doing.
    if (!identity) throw new ServerError(place, 'no-right', 'pg_stat_activity does not show our own connection');
    return String(identity);
  }

  async #send({ name, text, values }: Statement): Promise<CommandAnswer> {
    const query = { text, rowMode: 'array' as const, ...(name !== undefined && { name }) };
    const result = await this.#client.query<(string | null)[]>(query, values as string[] | undefined);
    return { rows: result.rows, count: result.rowCount ?? 0, command: result.command };
  }

  async #rollBack(): Promise<void> {
    try {
      await this.one({ text: 'ROLLBACK' });
    } catch (error) {
      this.calls.fail(error);
    }
  }
}
