import { isValid } from '../../location/binding.ts';
import { persistenceLimits } from '../../location/persistence/limits.ts';
import { StoreError } from '../../location/store-error.ts';
import type { FoundTable, LocationReader } from '../../stores/location-reader.ts';
import { makeReader } from '../../stores/open-reader.ts';
import type { DbTarget } from './db-target.ts';
import { stateOf, tablesOf } from './location-tables.ts';
import { counted, messageLine, type Output } from './output.ts';

/**
 * `aorta db check`: reads a whole database and says what is in it. The database stays as it is.
 *
 * @param now epoch milliseconds of the current whole second
 * @returns the exit code: 1 when something is wrong with it
 * @throws StoreError when it cannot be opened
 */
export async function checkDatabase(
  { url, options }: DbTarget,
  named: readonly string[] | undefined,
  now: number,
  stdout: Output,
): Promise<number> {
  const reader = makeReader(url, options);
  try {
    await reader.open();
    const check = new Check(reader, now, stdout);
    await check.soundness();
    const tables = await tablesOf(reader, named);
    if (tables.length === 0) await check.say('no table of bindings');
    for (const table of tables) await check.table(table);
    return check.isSound ? 0 : 1;
  } finally {
    await reader.close();
  }
}

class Check {
  isSound = true;
  readonly #reader: LocationReader;
  readonly #now: number;
  readonly #stdout: Output;

  constructor(reader: LocationReader, now: number, stdout: Output) {
    this.#reader = reader;
    this.#now = now;
    this.#stdout = stdout;
  }

  async soundness(): Promise<void> {
    const soundness = await this.#reader.soundness();
    if (soundness === undefined) {
      await this.say(this.#reader.place);
      return;
    }
    const { check, problems } = soundness;
    await this.say(`${this.#reader.place}: ${check}: ${problems.length === 0 ? 'ok' : 'damaged'}`);
    for (const problem of problems) await this.#complain(`  ${problem}`);
  }

  async table(table: FoundTable): Promise<void> {
    try {
      const state = stateOf(table);
      if (state === 'present') return await this.#read(table);
      const rows = counted(await this.#reader.rowCount(table.name), 'row');
      const { name, version } = table;
      if (state === 'old') await this.say(`table ${name}: layout ${version}, ${rows}; "aorta start" migrates it`);
      else if (state === 'left') await this.say(`table ${name}: ${rows} that a migration has left; nobody reads them`);
      else await this.#complain(`table ${name}: ${layoutOf(table)}, ${rows}; nobody here can read them`);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      await this.#complain(`table ${table.name}: ${error.message}`);
    }
  }

  async say(text: string): Promise<void> {
    await this.#stdout.write(messageLine(text));
  }

  async #read(table: FoundTable): Promise<void> {
    const problems: string[] = [];
    const count = { valid: 0, expired: 0, unreadable: 0 };
    for await (const { stored, unreadable } of this.#reader.scan(table.name, {})) {
      for (const { binding } of stored) count[isValid(binding, this.#now) ? 'valid' : 'expired'] += 1;
      count.unreadable += unreadable.length;
      const room = persistenceLimits.maxNamedRows - problems.length;
      for (const { row, problem } of unreadable.slice(0, room)) problems.push(`${row}: ${problem}`);
    }
    const { valid, expired, unreadable } = count;
    const rows = counted(valid + expired + unreadable, 'row');
    const what = `${rows}: ${valid} valid, ${expired} expired, ${unreadable} unreadable`;
    await this.say(`table ${table.name}: ${layoutOf(table)}, ${what}`);
    for (const problem of problems) await this.#complain(`  ${problem}`);
    if (unreadable > problems.length) await this.say(`  and ${unreadable - problems.length} more`);
  }

  async #complain(text: string): Promise<void> {
    this.isSound = false;
    await this.say(text);
  }
}

function layoutOf({ version, missing }: FoundTable): string {
  const what = version === undefined ? 'no layout in table version' : `layout ${version}`;
  return missing.length === 0 ? what : `${what}, without the columns ${missing.join(', ')}`;
}
