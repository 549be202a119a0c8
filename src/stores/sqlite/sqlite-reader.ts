import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RowBatch, ScanOptions } from '../../location/persistence/database.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import { StoreError } from '../../location/store-error.ts';
import { type FoundTable, type LocationReader, oldestColumns, type Soundness } from '../location-reader.ts';
import { columnKeys } from '../sql/columns.ts';
import { SqliteDatabase, type SqliteOptions } from './sqlite-database.ts';
import { sqliteError } from './sqlite-error.ts';

/** Problems of a damaged file that are listed: each says much the same. */
const maxProblems = 20;

/** How long another program's lock is waited for. */
const busyMs = 5_000;

/** An SQLite file that is only read. */
export class SqliteReader implements LocationReader {
  readonly place: string;
  readonly #options: SqliteOptions;
  readonly #file: string;
  /** Walks by a connection of its own, and is not opened: that would be for writing. */
  readonly #walks: SqliteDatabase;
  #database: DatabaseSync | undefined;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#file = resolve(options.file);
    this.#walks = new SqliteDatabase(options);
    this.place = this.#walks.place;
    this.#database = undefined;
  }

  async open(): Promise<void> {
    if (!existsSync(this.#file)) {
      throw new StoreError('STORE_CANNOT_OPEN', `${this.place}: there is no such file; name another one`);
    }
    this.#reading(() => {
      this.#database = new DatabaseSync(this.#file, { readOnly: true, timeout: busyMs });
      // What is no database shows when it is read.
      this.#all('SELECT count(*) FROM sqlite_master');
    });
  }

  async tables(): Promise<readonly FoundTable[]> {
    const names = this.#options.columns;
    return this.#reading(() => {
      const versions = this.#versions();
      const tables = this.#all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
      const found: FoundTable[] = [];
      for (const name of tables.map((row) => String(row.name))) {
        // Nothing of this family has such a name, and it could not stand in a statement.
        if (identifierProblem(name) !== undefined) continue;
        const columns = new Set(this.#all('SELECT name FROM pragma_table_info(?)', name).map((row) => row.name));
        if (!oldestColumns.every((key) => columns.has(names[key]))) continue;
        const missing = columnKeys.map((key) => names[key]).filter((column) => !columns.has(column));
        found.push({ name, version: versions.get(name), missing });
      }
      return found;
    });
  }

  async rowCount(table: string): Promise<number> {
    return this.#reading(() => Number(this.#all(`SELECT count(*) AS count FROM "${table}"`)[0]?.count));
  }

  scan(table: string, options: ScanOptions): AsyncIterable<RowBatch> {
    return this.#walks.scan(table, options);
  }

  async soundness(): Promise<Soundness> {
    const rows = this.#reading(() => this.#all(`PRAGMA quick_check(${maxProblems})`));
    const lines = rows.map((row) => String(row.quick_check));
    return { check: 'quick_check', problems: lines.filter((line) => line !== 'ok') };
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  #versions(): ReadonlyMap<string, number> {
    const isThere = this.#all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'version'").length > 0;
    const rows = isThere ? this.#all('SELECT table_name, table_version FROM version') : [];
    return new Map(rows.map((row) => [String(row.table_name), Number(row.table_version)]));
  }

  #all(sql: string, ...parameters: readonly string[]): Record<string, unknown>[] {
    return this.#database?.prepare(sql).all(...parameters) ?? [];
  }

  #reading<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const { message, errcode } = error as { message: string; errcode?: number };
      throw sqliteError(this.place, { message, errcode });
    }
  }
}
