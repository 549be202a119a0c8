import type { StoreUrl } from '../location/persistence/store-url.ts';
import { mysqlSchema, versionTable as mysqlVersionTable } from './mysql/mysql-schema.ts';
import { postgresSchema, versionTable } from './postgres/postgres-schema.ts';
import { type ColumnNames, layoutVersion } from './sql/columns.ts';
import { sqliteFileSchema } from './sqlite/sqlite-file.ts';

/** A kind of database. */
export type DatabaseKind = Exclude<StoreUrl['kind'], 'memory'>;

/** The statements that make tables in a kind of database, as its own client takes them. */
export function schemaText(kind: DatabaseKind, tables: readonly string[], columns: ColumnNames): string {
  const statements = [...statementsOf(kind, tables, columns), ...tables.map(versionRow)];
  return statements.map((statement) => `${statement};\n`).join('\n');
}

function statementsOf(kind: DatabaseKind, tables: readonly string[], columns: ColumnNames): readonly string[] {
  switch (kind) {
    case 'sqlite':
      return sqliteFileSchema(tables, columns);
    case 'postgres':
      return [versionTable, ...tables.flatMap((table) => postgresSchema(table, columns))];
    case 'mysql':
      return [mysqlVersionTable, ...tables.map((table) => mysqlSchema(table, columns))];
  }
}

function versionRow(table: string): string {
  return `INSERT INTO version (table_name, table_version) VALUES ('${table}', ${layoutVersion})`;
}
