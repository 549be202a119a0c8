import { wholeSecond } from '../base/clock.ts';
import { systemClock } from '../server/system-clock.ts';
import { SystemRandom } from '../server/system-random.ts';
import type { DbArguments } from './db/arguments.ts';
import { checkDatabase } from './db/check.ts';
import { targetOf } from './db/db-target.ts';
import { exportBindings } from './db/export.ts';
import { importBindings } from './db/import.ts';
import { Output } from './db/output.ts';
import { printSchema } from './db/schema.ts';

/**
 * `aorta db`: what an operator does with a database beside a server.
 *
 * @returns the exit code
 * @throws AortaError wrong arguments or configuration, or a database that fails
 */
export async function db(given: DbArguments): Promise<number> {
  const target = await targetOf(given);
  const stdout = new Output(process.stdout);
  const stderr = new Output(process.stderr);
  const now = wholeSecond(systemClock);
  switch (given.verb) {
    case 'schema':
      return printSchema(target, given.tables, stdout);
    case 'export':
      return exportBindings(target, { tables: given.tables, all: given.all, now }, stdout, stderr);
    case 'check':
      return checkDatabase(target, given.tables, now, stdout);
    case 'import': {
      const random = new SystemRandom();
      const { input, dryRun } = given;
      return importBindings(target, { input, dryRun, now, ruid: () => random.token() }, stderr);
    }
  }
}
