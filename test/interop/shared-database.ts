import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { kamailioSchema } from './kamailio.ts';

/** A database that several programs have in common. */
export interface SharedDatabase {
  /** As Kamailio's manual writes it; Aorta reads it as well. */
  readonly url: string;
  /** Makes Kamailio's tables, as its administrator does. */
  makeKamailioTables(): Promise<void>;
  /** Sets the expiry of the contacts of a user back by a day. */
  expire(username: string): Promise<void>;
}

/** Where such databases are made. */
export interface DatabaseKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** An empty one, and another one each time. */
  empty(): Promise<SharedDatabase>;
  dispose(): Promise<void>;
}

const run = promisify(execFile);

/** SQLite files in a temporary folder. */
export function sqliteDatabases(): DatabaseKind {
  const folder = mkdtempSync(join(tmpdir(), 'aorta-shared-'));
  let count = 0;
  return {
    name: 'SQLite',
    empty: async () => {
      count += 1;
      const file = join(folder, `${count}.db`);
      const sqlite = (statement: string) => run('sqlite3', ['-bail', '-cmd', '.timeout 5000', file, statement]);
      return {
        // An absolute path begins at the fourth slash.
        url: `sqlite:///${file}`,
        makeKamailioTables: async () => {
          for (const schema of kamailioSchema('db_sqlite')) await sqlite(`.read ${schema}`);
        },
        expire: async (username) => {
          await sqlite(`UPDATE location SET expires = expires - 1 WHERE username = '${username}'`);
        },
      };
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Databases of a PostgreSQL server. */
export async function postgresDatabases(): Promise<DatabaseKind> {
  // What is proven does not depend on the disk.
  const server: PostgresServer = await startPostgres({ settings: { fsync: 'off' } });
  let count = 0;
  return {
    name: 'PostgreSQL',
    empty: async () => {
      count += 1;
      const name = `shared${count}`;
      const url = await server.createDatabase(name);
      return {
        url,
        makeKamailioTables: async () => {
          for (const schema of kamailioSchema('postgres')) {
            await run('psql', ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', schema]);
          }
        },
        expire: async (username) => {
          const sql = `UPDATE location SET expires = expires - interval '1 day' WHERE username = '${username}'`;
          await server.query(sql, name);
        },
      };
    },
    dispose: () => server.dispose(),
  };
}
