import type { LocationDatabase } from '../location/persistence/database.ts';
import type { StoreUrl } from '../location/persistence/store-url.ts';
import { MysqlDatabase } from './mysql/mysql-database.ts';
import { PostgresDatabase } from './postgres/postgres-database.ts';
import type { ColumnNames } from './sql/columns.ts';
import { RowCodec } from './sql/row-codec.ts';
import { SqliteDatabase } from './sqlite/sqlite-database.ts';

/** How rows are laid out in a database. */
export interface DatabaseOptions {
  readonly columns: ColumnNames;
  readonly useDomain: boolean;
  /** `nat_bflag`; -1 for none. */
  readonly natBflag: number;
  /** Whether nobody has a copy in memory (`db_mode` 3): then expired rows are looked for in the database. */
  readonly isOnlyCopy: boolean;
}

/** The database of a URL; nothing is opened yet. */
export function makeDatabase(url: Exclude<StoreUrl, { kind: 'memory' }>, options: DatabaseOptions): LocationDatabase {
  const { columns, useDomain, natBflag, isOnlyCopy } = options;
  const codec = new RowCodec({ useDomain, natBflag, serverId: 0 });
  switch (url.kind) {
    case 'sqlite':
      return new SqliteDatabase({ file: url.file, columns, useDomain, codec, expiresIndex: isOnlyCopy });
    case 'postgres':
      return new PostgresDatabase({ url: url.url, columns, useDomain, codec, expiresIndex: isOnlyCopy });
    case 'mysql':
      return new MysqlDatabase({ url: url.url, columns, useDomain, codec, expiresIndex: isOnlyCopy });
  }
}
