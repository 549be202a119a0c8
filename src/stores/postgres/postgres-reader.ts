import { withoutPassword } from '../../location/persistence/store-url.ts';
import { ServerReader, slowMs } from '../sql/server-reader.ts';
import { PostgresDatabase, type PostgresOptions } from './postgres-database.ts';
import { quoted } from './postgres-schema.ts';
import { PostgresSession } from './postgres-session.ts';

/** Of the tables that a name without a schema means. */
const columnsOfTables =
  'SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid ' +
  "WHERE relkind IN ('r', 'p') AND pg_table_is_visible(pg_class.oid) AND attnum > 0 AND NOT attisdropped " +
  "AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)";

/** A PostgreSQL database that is only read. */
export function postgresReader(options: PostgresOptions): ServerReader {
  const { url, columns } = options;
  return new ServerReader({
    database: new PostgresDatabase(options),
    columns,
    columnsOfTables,
    quoted,
    connect: async () => {
      // The database has been opened: the driver is there.
      const driver = (await import('pg')).default;
      const settings = { driver, url, place: withoutPassword(url), connectMs: 5_000, statementMs: 10_000 };
      const session = await PostgresSession.connect(settings);
      return {
        ask: async (text) => (await session.one({ text })).rows,
        askSlowly: async (text) => {
          await session.one({ text: 'SET statement_timeout = 0' });
          return (await session.one({ text }, slowMs)).rows;
        },
        end: () => session.end(),
      };
    },
  });
}
