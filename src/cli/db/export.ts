import { isValid } from '../../location/binding.ts';
import { StoreError } from '../../location/store-error.ts';
import { makeReader } from '../../stores/open-reader.ts';
import type { DbTarget } from './db-target.ts';
import { headerLine } from './dump-header.ts';
import { dumpLine } from './dump-line.ts';
import { stateOf, type TableState, tablesOf } from './location-tables.ts';
import { counted, messageLine, type Output } from './output.ts';

/** What is exported. */
export interface ExportOptions {
  /** Undefined: all that there are. */
  readonly tables: readonly string[] | undefined;
  /** Expired bindings too. */
  readonly all: boolean;
  /** Epoch milliseconds of the current whole second. */
  readonly now: number;
}

/**
 * `aorta db export`: writes every binding as a line of JSON. The database stays as it is.
 *
 * @returns the exit code
 * @throws StoreError
 */
export async function exportBindings(
  target: DbTarget,
  { tables, all, now }: ExportOptions,
  stdout: Output,
  stderr: Output,
): Promise<number> {
  const reader = makeReader(target.url, target.options);
  try {
    await reader.open();
    const names: string[] = [];
    for (const table of await tablesOf(reader, tables)) {
      const state = stateOf(table);
      if (state === 'present') names.push(table.name);
      else if (state === 'old' || tables !== undefined) throw cannotRead(reader.place, table.name, state);
      else if (state === 'foreign') await stderr.write(messageLine(`table ${table.name} ${whyNot[state]}; left out`));
    }
    const count = { exported: 0, expired: 0, unreadable: 0 };
    await stdout.write(headerLine(target.options.useDomain));
    for (const table of names) {
      for await (const { stored, unreadable } of reader.scan(table, {})) {
        let lines = '';
        const problems = unreadable.map(({ row, problem }) => `${row}: ${problem}`);
        for (const { aor, binding } of stored) {
          if (!all && !isValid(binding, now)) {
            count.expired += 1;
            continue;
          }
          const written = dumpLine(table, aor, binding);
          if (typeof written === 'string') problems.push(`${JSON.stringify({ ruid: binding.ruid })}: ${written}`);
          else {
            lines += `${written.line}\n`;
            count.exported += 1;
          }
        }
        count.unreadable += problems.length;
        for (const problem of problems) await stderr.write(messageLine(`table ${table}: row ${problem}`));
        await stdout.write(lines);
        if (stdout.error !== undefined) return cutOff(stdout.error, stderr);
      }
    }
    const { exported, expired, unreadable } = count;
    const what = `exported ${counted(exported, 'binding')} of ${counted(names.length, 'table')}`;
    const left = `${counted(expired + unreadable, 'row')} left out (${expired} expired, ${unreadable} unreadable)`;
    await stderr.write(messageLine(`${what}; ${left}`));
    return 0;
  } finally {
    await reader.close();
  }
}

/** Whoever reads only the beginning knows that; a disk that is full has to be told. */
async function cutOff({ code, message }: NodeJS.ErrnoException, stderr: Output): Promise<number> {
  if (code === 'EPIPE') return 0;
  await stderr.write(messageLine(`aorta: the export cannot be written, and is not complete: ${message}`));
  return 2;
}

/** Why rows of a table cannot be exported. */
const whyNot: Readonly<Record<Exclude<TableState, 'present'>, string>> = {
  old: 'has an old layout; "aorta start" migrates it, and leaves the old table beside it',
  left: 'is what a migration has left of an old layout',
  foreign: 'has a layout that this version does not know',
};

function cannotRead(place: string, table: string, state: keyof typeof whyNot): StoreError {
  return new StoreError('STORE_VERSION', `${place}: table ${table} ${whyNot[state]}`);
}
