import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseOptions, DatabaseServer } from './database-server.ts';
import { skipWithoutPackage } from './debian-package.ts';

// Debian's places: that of the server is not in everybody's PATH.
const installer = '/usr/bin/mariadb-install-db';
const server = '/usr/sbin/mariadbd';
const client = '/usr/bin/mariadb';

/** Executed at every start, before the first client is let in. */
const initSql = `CREATE USER IF NOT EXISTS aorta@127.0.0.1 IDENTIFIED BY 'aorta';
GRANT ALL ON *.* TO aorta@127.0.0.1 WITH GRANT OPTION;
`;

/** A MariaDB of a test. */
export type MariadbServer = DatabaseServer;

/** Sees to it that MariaDB is installed; see `skipWithoutPackage`. */
export function skipWithoutMariadb(): string | false {
  const isThere = (): boolean => [installer, server, client].every((program) => existsSync(program));
  return skipWithoutPackage({ what: 'MariaDB', debianPackage: 'mariadb-server', isThere });
}

/** Starts a MariaDB with a user `aorta`, who may do all and has the password `aorta`, and an empty database `aorta`. */
export function startMariadb({ settings = {} }: DatabaseOptions = {}): Promise<MariadbServer> {
  // MariaDB refuses to be run by root unless root is named.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  return DatabaseServer.start({
    name: 'mariadb',
    install: (folder) => {
      writeFileSync(join(folder, 'init.sql'), initSql);
      return [
        installer,
        ...['--no-defaults', ...user, `--datadir=${join(folder, 'data')}`, '--skip-test-db', '--skip-name-resolve'],
        ...small,
      ];
    },
    serve: (folder, port) => [
      server,
      ...['--no-defaults', ...user, `--datadir=${join(folder, 'data')}`, `--tmpdir=${folder}`],
      ...[`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`],
      ...['--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve'],
      ...[`--init-file=${join(folder, 'init.sql')}`, '--innodb-flush-log-at-trx-commit=1'],
      // As Debian configures it; without a configuration it would be latin1.
      ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci'],
      ...small,
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    ask: ({ port, pathname }, sql) => [
      client,
      ...['--no-defaults', '--protocol=TCP', '--host=127.0.0.1', `--port=${port}`, '--user=aorta', '--password=aorta'],
      ...['--default-character-set=utf8mb4', '-N', '-B', '-e', sql, decodeURIComponent(pathname.slice(1))],
    ],
    url: (port, database) => `mysql://aorta:aorta@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    quote: (name) => `\`${name.replaceAll('`', '``')}\``,
    firstDatabase: 'mysql',
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
}

/** What makes it start sooner. */
const small: readonly string[] = [
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=16M',
  '--innodb-log-file-size=16M',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  // The kernel's asynchronous I/O is refused in some containers.
  '--innodb-use-native-aio=OFF',
];
