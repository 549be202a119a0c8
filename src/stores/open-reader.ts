import type { StoreUrl } from '../location/persistence/store-url.ts';
import type { LocationReader } from './location-reader.ts';
import { mysqlReader } from './mysql/mysql-reader.ts';
import type { DatabaseOptions } from './open-database.ts';
import { postgresReader } from './postgres/postgres-reader.ts';
import { RowCodec } from './sql/row-codec.ts';
import { SqliteReader } from './sqlite/sqlite-reader.ts';

/** What reads the database of a URL and leaves it as it is; nothing is opened yet. */
export function makeReader(url: Exclude<StoreUrl, { kind: 'memory' }>, options: DatabaseOptions): LocationReader {
  const { columns, useDomain, natBflag } = options;
  const codec = new RowCodec({ useDomain, natBflag, serverId: 0 });
  const parts = { columns, useDomain, codec, expiresIndex: false };
  switch (url.kind) {
    case 'sqlite':
      return new SqliteReader({ ...parts, file: url.file });
    case 'postgres':
      return postgresReader({ ...parts, url: url.url });
    case 'mysql':
      return mysqlReader({ ...parts, url: url.url });
  }
}
