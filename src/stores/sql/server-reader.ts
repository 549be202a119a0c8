import type { LocationDatabase, RowBatch, ScanOptions } from '../../location/persistence/database.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import { type FoundTable, type LocationReader, oldestColumns } from '../location-reader.ts';
import { type ColumnNames, columnKeys, foldedNames } from './columns.ts';
import type { AnswerRow } from './server-session.ts';
import { notOpen } from './session.ts';

/** How long the server may take for what it must see every row for. */
export const slowMs = 600_000;

/** A connection for questions about tables. */
export interface Questions {
  ask(text: string): Promise<readonly AnswerRow[]>;
  /** The same, for what takes its time. */
  askSlowly(text: string): Promise<readonly AnswerRow[]>;
  end(): Promise<void>;
}

/** What a database system says differently. */
export interface ReaderDialect {
  /** Walks. */
  readonly database: LocationDatabase;
  readonly columns: ColumnNames;
  readonly connect: () => Promise<Questions>;
  /** All columns of all tables: rows of the name of a table and that of a column. */
  readonly columnsOfTables: string;
  /** A name in a statement. */
  readonly quoted: (name: string) => string;
}

/** A database in a server that is only read. */
export class ServerReader implements LocationReader {
  readonly place: string;
  readonly #dialect: ReaderDialect;
  #questions: Questions | undefined;

  constructor(dialect: ReaderDialect) {
    this.place = dialect.database.place;
    this.#dialect = dialect;
    this.#questions = undefined;
  }

  async open(): Promise<void> {
    await this.#dialect.database.open();
    this.#questions = await this.#dialect.connect();
  }

  async tables(): Promise<readonly FoundTable[]> {
    const names = foldedNames(this.#dialect.columns);
    const columns = await this.#asked().ask(this.#dialect.columnsOfTables);
    const byTable = Map.groupBy(columns, ([table]) => String(table));
    const versions = byTable.has('version') ? await this.#versions() : new Map<string, number>();
    const found: FoundTable[] = [];
    for (const name of [...byTable.keys()].sort()) {
      const present = new Set(byTable.get(name)?.map(([, column]) => String(column).toLowerCase()));
      // Nothing of this family has another kind of name, and it could not stand in a statement.
      if (identifierProblem(name) !== undefined || !oldestColumns.every((key) => present.has(names[key]))) continue;
      const missing = columnKeys.map((key) => names[key]).filter((column) => !present.has(column));
      found.push({ name, version: versions.get(name.toLowerCase()), missing });
    }
    return found;
  }

  async rowCount(table: string): Promise<number> {
    const [row] = await this.#asked().askSlowly(`SELECT count(*) FROM ${this.#dialect.quoted(table)}`);
    return Number(row?.[0]);
  }

  /** A table of the present layout is at most given an index that it lacks. */
  async *scan(table: string, options: ScanOptions): AsyncIterable<RowBatch> {
    const { database } = this.#dialect;
    await database.openTable(table);
    yield* database.scan(table, options);
  }

  /** A server looks after itself. */
  async soundness(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    await this.#questions?.end();
    await this.#dialect.database.close();
  }

  /** By the names of tables in small letters: servers are not of one mind about their case. */
  async #versions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#asked().ask('SELECT table_name, table_version FROM version');
    return new Map(rows.map(([name, version]) => [String(name).toLowerCase(), Number(version)]));
  }

  #asked(): Questions {
    if (this.#questions === undefined) throw notOpen(this.place);
    return this.#questions;
  }
}
