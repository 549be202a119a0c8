import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Aor } from '../../location/aor.ts';
import type {
  BindingChange,
  ConditionalChange,
  LocationDatabase,
  RowBatch,
  ScanOptions,
  StoredBinding,
  TableCount,
  VersionedBindings,
} from '../../location/persistence/database.ts';
import { identifierProblem } from '../../location/persistence/identifier.ts';
import { StoreError } from '../../location/store-error.ts';
import { type ColumnNames, columnKeys, type Row } from '../sql/columns.ts';
import type { RowCodec } from '../sql/row-codec.ts';
import { validAt } from '../sql/valid-at.ts';
import { WritesByTable } from '../sql/writes-by-table.ts';
import { julianDay } from './julian-day.ts';
import type { SqliteSettings, WorkerAnswers, WorkerFailure, WorkerRequest } from './protocol.ts';
import { sqliteError } from './sqlite-error.ts';
import { loadedRow } from './sqlite-file.ts';

/** What an SQLite database is made of. */
export interface SqliteOptions {
  /** Path of the file; it is made when it is missing. */
  readonly file: string;
  readonly columns: ColumnNames;
  readonly useDomain: boolean;
  readonly codec: RowCodec;
  /** Whether expired rows are looked for (`db_mode` 3), and not known from memory. */
  readonly expiresIndex: boolean;
}

/** Rows of one batch of a walk: two milliseconds of the event loop. */
const batchRows = 1_000;

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Bindings in an SQLite file: the default, which needs no service. One worker thread writes, so that nobody else waits
 * for the disk; walks read by a connection of their own.
 */
export class SqliteDatabase implements LocationDatabase {
  readonly place: string;
  readonly #options: SqliteOptions;
  readonly #file: string;
  readonly #asked: Map<number, Asked>;
  #worker: Worker | undefined;
  #lastId: number;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#file = resolve(options.file);
    this.place = `sqlite:${options.file}`;
    this.#asked = new Map();
    this.#worker = undefined;
    this.#lastId = 0;
  }

  async open(): Promise<void> {
    this.#checkPath();
    const { columns, useDomain, expiresIndex } = this.#options;
    const settings: SqliteSettings = { file: this.#file, columns, useDomain, expiresIndex };
    const isSource = import.meta.url.endsWith('.ts');
    const worker = new Worker(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url), {
      workerData: settings,
      name: 'aorta sqlite',
    });
    worker.on('message', ({ id, value, failure }: { id: number; value?: unknown; failure?: WorkerFailure }) => {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (failure !== undefined) asked?.reject(this.#errorOf(failure));
      else asked?.resolve(value as never);
    });
    worker.on('error', (error) => this.#ended(error.message));
    worker.on('exit', () => this.#ended('its thread has ended'));
    this.#worker = worker;
    await this.#ask({ kind: 'ping' });
  }

  async openTable(table: string): Promise<void> {
    const problem = identifierProblem(table);
    if (problem !== undefined) throw new StoreError('STORE_VERSION', problem);
    await this.#ask({ kind: 'open-table', table });
  }

  /** SQLite's texts are as long as one likes, whatever a column says. */
  problemOf(): undefined {
    return undefined;
  }

  async *scan(table: string, options: ScanOptions): AsyncIterable<RowBatch> {
    const { codec, columns } = this.#options;
    const names = columnKeys.map((key) => columns[key]);
    const from =
      options.validAt === undefined
        ? ''
        : `WHERE ${columns.expires} > ${julianDay(options.validAt / 1000)} OR
      ${columns.expires} <= ${julianDay(0)} OR ${columns.flags} & 128`;
    const database = this.#reading(() => new DatabaseSync(this.#file, { readOnly: true, timeout: 5_000 }));
    try {
      const statement = this.#reading(() => database.prepare(`SELECT ${names} FROM ${table} ${from} ORDER BY rowid`));
      statement.setReturnArrays(true);
      const rows = statement.iterate() as unknown as Iterator<Row>;
      for (let isDone = false; !isDone; ) {
        const batch: Row[] = [];
        isDone = this.#reading(() => {
          while (batch.length < batchRows) {
            const next = rows.next();
            if (next.done === true) return true;
            batch.push(loadedRow(next.value));
          }
          return false;
        });
        if (batch.length > 0) yield validAt(codec.decodeAll(batch), options.validAt);
      }
    } finally {
      database.close();
    }
  }

  async commit(changes: readonly BindingChange[]): Promise<void> {
    const writes = new WritesByTable(this.#options.codec);
    for (const change of changes) writes.add(change);
    const missing = await this.#ask({ kind: 'commit', tables: writes.tables() });
    if (missing.length === 0) return;
    // Another program has removed rows that we know: they are written as new ones.
    const again = new WritesByTable(this.#options.codec);
    const ruids = new Set(missing);
    for (const change of changes) if (ruids.has(change.ruid)) again.add({ ...change, before: 'unknown' });
    await this.#ask({ kind: 'commit', tables: again.tables() });
  }

  async readAors(table: string, aors: readonly Aor[]): Promise<readonly VersionedBindings[]> {
    const { codec } = this.#options;
    const answers = await this.#ask({ kind: 'read', table, keys: aors.map((aor) => codec.keyOf(aor)) });
    return aors.map((aor, index) => {
      const { rows, version } = answers[index] ?? { rows: [], version: '[]' };
      return { aor, version, bindings: codec.decodeAll(rows).stored.map(({ binding }) => binding) };
    });
  }

  async compareAndSet(sets: readonly ConditionalChange[]): Promise<readonly boolean[]> {
    const { codec } = this.#options;
    const conditional = sets.map(({ table, aor, version, changes }) => {
      const writes = new WritesByTable(codec);
      for (const change of changes) writes.add(change);
      return { key: codec.keyOf(aor), version, writes: writes.of(table) };
    });
    return this.#ask({ kind: 'compare-and-set', sets: conditional });
  }

  async removeExpired(table: string, now: number, limit: number): Promise<readonly StoredBinding[]> {
    const rows = await this.#ask({ kind: 'remove-expired', table, now, limit });
    return this.#options.codec.decodeAll(rows).stored;
  }

  count(table: string, now: number): Promise<TableCount> {
    return this.#ask({ kind: 'count', table, now });
  }

  async ping(): Promise<void> {
    await this.#ask({ kind: 'ping' });
  }

  async close(): Promise<void> {
    if (this.#worker === undefined) return;
    await this.#ask({ kind: 'close' }).catch(() => undefined);
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask<Request extends WorkerRequest>(request: Request): Promise<WorkerAnswers[Request['kind']]> {
    const worker = this.#worker;
    if (worker === undefined) return Promise.reject(this.#unavailable('it is not open'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      // As a text: what is handed over as objects costs three times as much, on both sides together.
      worker.postMessage(JSON.stringify({ id, request }));
    });
  }

  #ended(why: string): void {
    this.#worker = undefined;
    for (const { reject } of this.#asked.values()) reject(this.#unavailable(why));
    this.#asked.clear();
  }

  /** What the system would only say in its own words. */
  #checkPath(): void {
    const folder = dirname(this.#file);
    if (!existsSync(folder)) throw this.#cannotOpen(`there is no folder ${folder}; make it, or name another file`);
    if (existsSync(this.#file) && !statSync(this.#file).isFile()) throw this.#cannotOpen('it is no file; name another');
    try {
      // SQLite keeps a log beside the file.
      accessSync(folder, constants.W_OK);
      if (existsSync(this.#file)) accessSync(this.#file, constants.R_OK | constants.W_OK);
    } catch {
      throw this.#cannotOpen(`this user may not write it, or not its folder ${folder}; change the rights of both`);
    }
  }

  #reading<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const { message, errcode } = error as { message: string; errcode?: number };
      throw this.#errorOf({ message, errcode });
    }
  }

  #errorOf(failure: WorkerFailure): StoreError {
    return sqliteError(this.place, failure);
  }

  #unavailable(why: string): StoreError {
    return new StoreError('STORE_UNAVAILABLE', `${this.place}: ${why}`);
  }

  #cannotOpen(why: string): StoreError {
    return new StoreError('STORE_CANNOT_OPEN', `${this.place}: ${why}`);
  }
}
