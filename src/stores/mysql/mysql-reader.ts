import { withoutPassword } from '../../location/persistence/store-url.ts';
import { ServerReader, slowMs } from '../sql/server-reader.ts';
import { MysqlDatabase, type MysqlOptions } from './mysql-database.ts';
import { quoted } from './mysql-schema.ts';
import { MysqlSession } from './mysql-session.ts';

const columnsOfTables =
  'SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS JOIN information_schema.TABLES ' +
  "USING (TABLE_SCHEMA, TABLE_NAME) WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'";

/** A MySQL or MariaDB database that is only read. */
export function mysqlReader(options: MysqlOptions): ServerReader {
  const { url, columns } = options;
  return new ServerReader({
    database: new MysqlDatabase(options),
    columns,
    columnsOfTables,
    quoted,
    connect: async () => {
      // The database has been opened: the driver is there.
      const driver = (await import('mysql2')).default;
      const settings = { driver, url, place: withoutPassword(url), connectMs: 5_000, statementMs: 10_000 };
      const session = await MysqlSession.connect(settings);
      return {
        ask: async (text) => (await session.one(text)).rows,
        askSlowly: (text) => session.unhurried(async () => (await session.one(text, slowMs)).rows),
        end: () => session.end(),
      };
    },
  });
}
