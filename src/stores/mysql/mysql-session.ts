import { Socket } from 'node:net';
import type mysql from 'mysql2';
import { ServerError } from '../sql/server-error.ts';
import type { SessionSettings } from '../sql/server-options.ts';
import { type Answer, type AnswerRow, SocketSession, type Work } from '../sql/server-session.ts';
import { isEndOfConnection, mysqlError } from './mysql-error.ts';

/** What is used of the package `mysql2`. */
export type MysqlDriver = Pick<typeof mysql, 'createConnection'>;

/** How long the end of a connection is waited for. */
const endMs = 1_000;

/** Characters of statements that are sent at once; a server takes some millions of bytes. */
const maxPacketLength = 500_000;

/** The first versions that skip locked rows. */
const oldest = { mariadb: [10, 6], mysql: [8, 0] } as const;

/** When a connection has been silent for so long, it is seen whether the other side is still there. */
const keepAliveMs = 30_000;

/** What every connection sets. */
function sessionSetup(statementMs: number, isMariadb: boolean): readonly string[] {
  // The server gives up before we do, and the connection lives on.
  const lockSeconds = Math.max(1, Math.floor((statementMs * 0.7) / 1000));
  const limitMs = Math.ceil(statementMs * 0.9);
  return [
    'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
    // A text that is too long is an error, backslashes are escapes, and the flags of old rows may be negative.
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_UNSIGNED_SUBTRACTION'",
    'SET autocommit = 1',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET innodb_lock_wait_timeout = ${lockSeconds}`,
    `SET lock_wait_timeout = ${lockSeconds}`,
    isMariadb ? `SET max_statement_time = ${limitMs / 1000}` : `SET max_execution_time = ${limitMs}`,
    // When this process stands still, others need not wait for its locks for ever.
    ...(isMariadb ? [`SET idle_transaction_timeout = ${Math.ceil((statementMs * 3) / 1000)}`] : []),
  ];
}

/** A connection to a MySQL or MariaDB server. Statements are texts with their values in them. */
export class MysqlSession extends SocketSession<string> {
  #isMariadb: boolean;
  readonly #settings: SessionSettings<MysqlDriver>;
  readonly #connection: mysql.Connection;

  private constructor(settings: SessionSettings<MysqlDriver>) {
    const { place, url, connectMs } = settings;
    super(new Socket(), { place, errorOf: mysqlError, isEnd: isEndOfConnection });
    this.socket.setNoDelay(true);
    this.socket.setKeepAlive(true, keepAliveMs);
    this.#isMariadb = false;
    this.#settings = settings;
    this.#connection = settings.driver.createConnection({
      uri: url,
      stream: ({ config: { host, port } }: { config: { host: string; port: number } }) =>
        this.socket.connect({ host, port }),
      connectTimeout: connectMs,
      charset: 'UTF8MB4_BIN',
      flags: ['-LOCAL_FILES'],
      multipleStatements: true,
      rowsAsArray: true,
      dateStrings: true,
      supportBigNumbers: true,
      trace: false,
    });
    this.#connection.on('error', (error) => this.calls.fail(error));
    this.#connection.on('end', () => this.calls.fail(new Error('the server closed the connection')));
  }

  /** @throws ServerError */
  static async connect(settings: SessionSettings<MysqlDriver>): Promise<MysqlSession> {
    const session = MysqlSession.#made(settings);
    return session.begin(() => session.#identified());
  }

  /** What a URL says that makes no sense to the driver is thrown at once. */
  static #made(settings: SessionSettings<MysqlDriver>): MysqlSession {
    try {
      return new MysqlSession(settings);
    } catch (error) {
      throw mysqlError(settings.place, error);
    }
  }

  ask(statements: readonly string[], limitMs = this.#settings.statementMs): Promise<readonly Answer[]> {
    return this.calls.within(limitMs, async () => {
      const answers: Answer[] = [];
      // One packet after the other: an error may have ended the transaction that the next ones are to be in.
      for (const packet of packets(statements)) answers.push(...(await this.#send(packet)));
      return answers;
    });
  }

  /** @param release what is to be done when the transaction has ended */
  async transaction<T>(first: readonly string[], work: Work<T, string>, release: readonly string[] = []): Promise<T> {
    try {
      const [, ...answers] = await this.ask(['START TRANSACTION READ WRITE', ...first]);
      const { value, last } = await work(answers);
      await this.ask([...last, 'COMMIT', ...release]);
      return value;
    } catch (error) {
      if (this.failure === undefined) await this.#undo(['ROLLBACK', ...release]);
      throw error;
    }
  }

  /** Does something for which the server may take its time. */
  async unhurried<T>(work: () => Promise<T>): Promise<T> {
    const setup = sessionSetup(this.#settings.statementMs, this.#isMariadb);
    await this.one(this.#isMariadb ? 'SET max_statement_time = 0' : 'SET max_execution_time = 0');
    try {
      return await work();
    } finally {
      if (this.failure === undefined) await this.ask(setup);
    }
  }

  async end(): Promise<void> {
    if (this.failure !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, endMs);
      this.#connection.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.destroy();
  }

  /** The server's number of the connection, and whom it is to: the number may come again. */
  async #identified(): Promise<string> {
    const { connectMs, statementMs, place } = this.#settings;
    await this.calls.within(connectMs + endMs, () => this.#connected());
    const { rows } = await this.one('SELECT VERSION()', connectMs);
    const version = String(rows[0]?.[0]);
    this.#isMariadb = /mariadb/i.test(version);
    if (isTooOld(version, this.#isMariadb ? oldest.mariadb : oldest.mysql)) {
      throw new ServerError(place, 'too-old', `MySQL 8.0 or MariaDB 10.6 or newer, this is ${version}`);
    }
    await this.ask(sessionSetup(statementMs, this.#isMariadb), connectMs);
    const who = await this.one(
      "SELECT CONCAT(ID, '@', HOST) FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()",
      connectMs,
    );
    const identity = who.rows[0]?.[0];
    // Without it, nobody could see to the end of what it was doing.
    if (!identity) throw new ServerError(place, 'no-right', 'the process list does not show our own connection');
    return String(identity);
  }

  #connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.connect((error) => (error ? reject(error) : resolve()));
    });
  }

  #send(packet: readonly string[]): Promise<readonly Answer[]> {
    return new Promise((resolve, reject) => {
      this.#connection.query(packet.join('; '), (error, result) => {
        if (error) reject(withoutStatements(error));
        else resolve(packet.length === 1 ? [answerOf(result)] : (result as unknown[]).map(answerOf));
      });
    });
  }

  async #undo(statements: readonly string[]): Promise<void> {
    try {
      await this.ask(statements);
    } catch (error) {
      this.calls.fail(error);
    }
  }
}

function* packets(statements: readonly string[]): Generator<readonly string[]> {
  let packet: string[] = [];
  let length = 0;
  for (const statement of statements) {
    if (packet.length > 0 && length + statement.length > maxPacketLength) {
      yield packet;
      packet = [];
      length = 0;
    }
    packet.push(statement);
    length += statement.length;
  }
  if (packet.length > 0) yield packet;
}

/** The driver adds what was asked, which may be very long, and is nobody's business in a log. */
function withoutStatements(error: Error & { sql?: unknown }): Error {
  delete error.sql;
  return error;
}

function answerOf(result: unknown): Answer {
  if (Array.isArray(result)) return { rows: result as AnswerRow[], count: result.length };
  return { rows: [], count: (result as mysql.ResultSetHeader).affectedRows };
}

function isTooOld(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first = '0', second = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}
