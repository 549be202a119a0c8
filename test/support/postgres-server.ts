import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseOptions, DatabaseServer } from './database-server.ts';
import { skipWithoutPackage } from './debian-package.ts';

/** Debian has a folder for each major version in here. */
const versions = '/usr/lib/postgresql';

/** A PostgreSQL of a test. */
export type PostgresServer = DatabaseServer;

/** Sees to it that PostgreSQL is installed; see `skipWithoutPackage`. */
export function skipWithoutPostgres(): string | false {
  const isThere = (): boolean => binaries() !== undefined;
  return skipWithoutPackage({ what: 'PostgreSQL', debianPackage: 'postgresql', isThere });
}

/** Starts a PostgreSQL with a superuser `aorta`, whose password nobody asks for, and an empty database `aorta`. */
export function startPostgres({ settings = {} }: DatabaseOptions = {}): Promise<PostgresServer> {
  const folder = binaries();
  if (folder === undefined) throw new Error('PostgreSQL is not installed');
  return DatabaseServer.start({
    name: 'postgres',
    ...(process.getuid?.() === 0 && { user: debianUser() }),
    install: (place) => [
      join(folder, 'initdb'),
      ...['-D', join(place, 'data'), '--username=aorta', '--auth=trust', '--locale=C', '--encoding=UTF8'],
      // Only a crash of the whole machine could tell the difference, and the files do not outlive that.
      '--no-sync',
    ],
    serve: (place, port) => [
      join(folder, 'postgres'),
      ...['-D', join(place, 'data')],
      ...Object.entries({
        listen_addresses: '127.0.0.1',
        port: `${port}`,
        unix_socket_directories: place,
        fsync: 'on',
        synchronous_commit: 'on',
        shared_buffers: '16MB',
        ...settings,
      }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ask: ({ href }, sql) => [
      join(folder, 'psql'),
      ...['--no-psqlrc', '--quiet', '-At', '-F', '\t', '-P', 'null=NULL', '-v', 'ON_ERROR_STOP=1'],
      ...['-d', href, '-c', sql],
    ],
    url: (port, database) => `postgres://aorta@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    firstDatabase: 'postgres',
    // Its manual's fast shutdown: clients are disconnected, not waited for.
    stopSignal: 'SIGINT',
    // Its manual's immediate shutdown: no checkpoint, but the shared memory is given back.
    crashSignal: 'SIGQUIT',
  });
}

/** The programs of the newest version that has a server. */
function binaries(): string | undefined {
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((folder) => ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(folder, program))));
}

/** PostgreSQL refuses to be run by root; its package brings the user `postgres`. */
function debianUser(): { uid: number; gid: number } {
  const id = (what: string): number => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
