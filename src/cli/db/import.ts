import { createReadStream } from 'node:fs';
import { AortaError } from '../../base/errors.ts';
import type { BindingChange, LocationDatabase } from '../../location/persistence/database.ts';
import { StoreError } from '../../location/store-error.ts';
import { makeDatabase } from '../../stores/open-database.ts';
import { isInUse } from '../../stores/sqlite/in-use.ts';
import { byteLines } from './byte-lines.ts';
import type { DbTarget } from './db-target.ts';
import { headerLine, headerProblem, isHeader } from './dump-header.ts';
import { type PlacedLine, readDumpLine } from './dump-line.ts';
import { counted, messageLine, type Output } from './output.ts';

/** Bindings of one commit: some ten milliseconds of the database. */
const batchSize = 2_000;

/** Tables that one dump may make: a server has a few, and what names more of them is no dump. */
const maxTables = 100;

/** What is imported, and how. */
export interface ImportOptions {
  /** Undefined for stdin. */
  readonly input: string | undefined;
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** Epoch milliseconds of the current whole second. */
  readonly now: number;
  readonly ruid: () => string;
}

/**
 * `aorta db import`: writes the bindings of a dump into a database. What cannot be taken is named, the rest is taken.
 *
 * @returns the exit code: 3 when something was left out
 * @throws AortaError `CONFIG_…` when it is no dump, `STORE_…` when the database fails
 */
export async function importBindings(target: DbTarget, options: ImportOptions, stderr: Output): Promise<number> {
  const run = new Import(target, options, stderr);
  try {
    await run.open();
    for await (const line of byteLines(inputOf(options.input))) {
      if (line.text === undefined) await run.leaveOut(line.number, line.problem ?? '');
      else if (line.text.trim() !== '') await run.take(line.number, line.text);
    }
    return await run.end();
  } finally {
    await run.close();
  }
}

/** A run of the command. */
class Import {
  readonly #target: DbTarget;
  readonly #options: ImportOptions;
  readonly #stderr: Output;
  /** Undefined: nothing is written. */
  readonly #database: LocationDatabase | undefined;
  /** Why nothing can be written to a table; undefined: something can. */
  readonly #tables = new Map<string, string | undefined>();
  /** By table and ruid: a commit writes a row once. */
  readonly #waiting = new Map<string, BindingChange>();
  /** Tables that got something. */
  readonly #used = new Set<string>();
  #hasHeader = false;
  #taken = 0;
  #leftOut = 0;
  #lastLine = 0;
  #lastCommitted = 0;

  constructor(target: DbTarget, options: ImportOptions, stderr: Output) {
    this.#target = target;
    this.#options = options;
    this.#stderr = stderr;
    this.#database = options.dryRun ? undefined : makeDatabase(target.url, target.options);
  }

  async open(): Promise<void> {
    const { url } = this.#target;
    if (this.#database === undefined) return;
    if (url.kind === 'sqlite' && isInUse(url.file)) {
      const what = 'a server that keeps bindings in memory sees what is imported when it is started again';
      await this.#say(`warning: another program has ${url.file} open: ${what}`);
    }
    await this.#database.open();
  }

  /** Reads a line; a header counts as no line. */
  async take(number: number, text: string): Promise<void> {
    const object = parseObject(text);
    if (object !== undefined && isHeader(object)) {
      await this.#readHeader(number, object);
      return;
    }
    if (!this.#hasHeader) {
      throw new AortaError('CONFIG_INVALID', `line ${number}: ${noHeader(this.#target.options.useDomain)}`);
    }
    if (object === undefined) {
      await this.leaveOut(number, 'it is no JSON object');
      return;
    }
    const { now, ruid } = this.#options;
    const line = readDumpLine(object, { aorForm: this.#target.aorForm, now, ruid });
    const problem = typeof line === 'string' ? line : await this.#problemOf(line);
    if (typeof line === 'string' || problem !== undefined) await this.leaveOut(number, problem ?? '');
    else await this.#add(number, line);
  }

  async leaveOut(number: number, problem: string): Promise<void> {
    if (!this.#hasHeader) throw new AortaError('CONFIG_INVALID', `line ${number}: ${problem}; nothing is imported`);
    this.#leftOut += 1;
    await this.#say(`line ${number}: ${problem}`);
  }

  async end(): Promise<number> {
    if (!this.#hasHeader) throw new AortaError('CONFIG_INVALID', noHeader(this.#target.options.useDomain));
    await this.#commit();
    const words = this.#database === undefined ? 'would import' : 'imported';
    const what = `${words} ${counted(this.#taken, 'binding')} into ${counted(this.#used.size, 'table')}`;
    await this.#say(`${what}; ${counted(this.#leftOut, 'line')} left out`);
    return this.#leftOut === 0 ? 0 : 3;
  }

  async close(): Promise<void> {
    await this.#database?.close();
  }

  async #readHeader(number: number, object: Readonly<Record<string, unknown>>): Promise<void> {
    const problem = headerProblem(object, this.#target.options.useDomain);
    if (problem !== undefined) {
      await this.#commit();
      const done = this.#hasHeader
        ? `; the ${counted(this.#taken, 'binding')} of the lines before it are imported`
        : '';
      throw new AortaError('CONFIG_INVALID', `line ${number}: ${problem}${done}`);
    }
    this.#hasHeader = true;
  }

  /** Why a binding cannot be a row of its table. */
  async #problemOf({ table, aor, binding }: PlacedLine): Promise<string | undefined> {
    if (!this.#tables.has(table)) {
      if (this.#tables.size >= maxTables) return `it names one table more than the ${maxTables} that a dump may have`;
      this.#tables.set(table, await this.#tableProblem(table));
    }
    return this.#tables.get(table) ?? this.#database?.problemOf(table, aor, binding);
  }

  async #tableProblem(table: string): Promise<string | undefined> {
    try {
      await this.#database?.openTable(table);
      return undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // A database that answers has nothing against us but this table.
      await this.#database?.ping().catch(() => this.#failed(error));
      return error.message;
    }
  }

  async #add(number: number, { table, aor, binding }: PlacedLine): Promise<void> {
    const { ruid } = binding;
    const key = `${table} ${ruid}`;
    // The later one is to win, which one statement for many rows does not promise.
    if (this.#waiting.size >= batchSize || this.#waiting.has(key)) await this.#commit();
    this.#waiting.set(key, { table, aor, ruid, before: 'unknown', after: binding });
    this.#used.add(table);
    this.#taken += 1;
    this.#lastLine = number;
  }

  async #commit(): Promise<void> {
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    if (changes.length === 0) return;
    await this.#database?.commit(changes).catch((error: unknown) => this.#failed(error));
    this.#lastCommitted = this.#lastLine;
  }

  /** Says how far it came. */
  async #failed(error: unknown): Promise<never> {
    const upTo = this.#lastCommitted === 0 ? 'nothing is imported' : `imported up to line ${this.#lastCommitted}`;
    const again = 'import it again when the database can be written: a binding with a ruid overwrites itself';
    await this.#say(`${upTo}, of what follows nothing is sure; ${again}`);
    throw error;
  }

  async #say(text: string): Promise<void> {
    await this.#stderr.write(messageLine(text));
  }
}

function noHeader(useDomain: boolean): string {
  return `this is no dump of bindings: its first line has to be ${headerLine(useDomain).trim()}; nothing is imported`;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

async function* inputOf(file: string | undefined): AsyncGenerator<Buffer> {
  const stream = file === undefined ? process.stdin : createReadStream(file);
  try {
    for await (const chunk of stream) yield Buffer.from(chunk);
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new AortaError('CONFIG_NOT_FOUND', `${file ?? 'stdin'} cannot be read: ${message}`);
  }
}
