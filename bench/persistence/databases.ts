import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type PostgresServer, skipWithoutPostgres, startPostgres } from '../../test/support/postgres-server.ts';
import { release, track } from '../program.ts';
import { startServer } from '../servers/catalog.ts';
import { type StoredKind, storedServers } from '../servers/stored.ts';
import { GENERATOR_CORE, type Registered, SERVER_CORE } from '../subject.ts';
import { isOnDisk } from './disk.ts';
import { insertBindings, pgInstant, sqliteInstant } from './rows.ts';

const FOLDER = fileURLToPath(new URL('../../.bench', import.meta.url));
const KAMAILIO_TABLES = ['standard', 'usrloc'];
// What an operator would change for so many rows; everything else is as PostgreSQL comes, and commits wait for the disk.
const POSTGRES_SETTINGS = { shared_buffers: '256MB', max_wal_size: '4GB' };

const run = promisify(execFile);

/** The databases of one run of the program: files on a real disk, and a PostgreSQL server of its own. */
export class BenchDatabases {
  readonly folder: string;
  #postgres: PostgresServer | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder; throws where a commit would not be written to a disk. */
  static open(): BenchDatabases {
    mkdirSync(FOLDER, { recursive: true });
    if (!isOnDisk(FOLDER)) throw new Error(`${FOLDER} is in memory, where a commit costs nothing`);
    return new BenchDatabases(mkdtempSync(join(FOLDER, 'persistence-')));
  }

  /** The first process of the PostgreSQL server, for those that use it. */
  databasePidOf(kind: StoredKind): number | undefined {
    return storedServers[kind].backend === 'postgres' ? this.#postgres?.processes[0] : undefined;
  }

  /**
   * Makes a database for a server, with its tables: of Kamailio's by its own scripts, Aorta makes them itself.
   *
   * @returns its URL
   */
  async create(kind: StoredKind, purpose: string): Promise<string> {
    const { program, backend, journal } = storedServers[kind];
    const name = `${kind}-${purpose}`;
    if (backend === 'postgres') {
      const url = await (await this.#startPostgres()).createDatabase(name);
      const scripts = program === 'kamailio' ? KAMAILIO_TABLES : [];
      for (const script of scripts) {
        await run('psql', ['--quiet', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', scriptOf('postgres', script)]);
      }
      return url;
    }
    const file = join(this.folder, `${name}.db`);
    const scripts = program === 'kamailio' ? KAMAILIO_TABLES : [];
    for (const script of scripts) await run('sqlite3', [file, `.read ${scriptOf('db_sqlite', script)}`]);
    if (journal !== undefined) await run('sqlite3', [file, `PRAGMA journal_mode=${journal}`]);
    return `sqlite:${file}`;
  }

  /** Puts bindings into a database that `create` made, without their server. */
  async fill(kind: StoredKind, url: string, count: number, registered: Registered): Promise<void> {
    const isAorta = storedServers[kind].program === 'aorta';
    if (isAorta) await makeTables(kind, url);
    const bindings = { count, registered, q: isAorta ? 0 : -1 };
    if (url.startsWith('sqlite:')) {
      const database = new DatabaseSync(url.slice('sqlite:'.length));
      database.exec('PRAGMA synchronous = OFF');
      database.exec(insertBindings({ ...bindings, instant: sqliteInstant }));
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
      return;
    }
    await run('psql', ['--quiet', '-d', url, '-c', insertBindings({ ...bindings, instant: pgInstant })]);
    await run('psql', ['--quiet', '-d', url, '-c', 'VACUUM ANALYZE', '-c', 'CHECKPOINT']);
  }

  /** Ends the PostgreSQL server and removes every file. */
  async stop(): Promise<void> {
    await this.#postgres?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** On the generator's core: that of the server is the server's alone, whichever server it is. */
  async #startPostgres(): Promise<PostgresServer> {
    if (this.#postgres !== undefined) return this.#postgres;
    const missing = skipWithoutPostgres();
    if (missing !== false) throw new Error(missing);
    const server = await startPostgres({ settings: POSTGRES_SETTINGS });
    this.#postgres = server;
    if (!isOnDisk(server.folder)) throw new Error(`${server.folder} is in memory; TMPDIR must name a folder of a disk`);
    for (const pid of server.processes) {
      execFileSync('taskset', ['-a', '-p', '-c', String(GENERATOR_CORE), String(pid)], { stdio: 'ignore' });
    }
    return server;
  }
}

/** Starts and ends the server: it makes the tables that it finds missing. */
async function makeTables(kind: StoredKind, database: string): Promise<void> {
  const needs = { core: SERVER_CORE, users: 1, transport: 'udp', redirect: false } as const;
  await release(track(await startServer(kind, { ...needs, database })));
}

function scriptOf(backend: string, script: string): string {
  return `/usr/share/kamailio/${backend}/${script}-create.sql`;
}
