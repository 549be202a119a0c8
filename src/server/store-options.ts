import { identifierProblem } from '../location/persistence/identifier.ts';
import { parseStoreUrl, type StoreUrl } from '../location/persistence/store-url.ts';
import type { UsrlocOptions } from '../modules/usrloc-module.ts';
import type { Problem } from './problem.ts';

/** When bindings are written: usrloc's `db_mode`, by its words. */
export type DbMode = 'none' | 'write-through' | 'write-back' | 'db-only';

const dbModes: readonly DbMode[] = ['none', 'write-through', 'write-back', 'db-only'];

/** Where and when bindings are kept. */
export interface StoreOptions {
  /** `memory:` goes with the mode `none`, and only with it. */
  readonly url: StoreUrl;
  readonly mode: DbMode;
  /** Tables to be loaded before the server serves. */
  readonly tables: readonly string[];
}

/** What was said of the store. */
interface Given {
  readonly db?: string;
  readonly dbMode?: DbMode;
  readonly tables?: readonly string[];
}

/** Reads where and when bindings are kept: an option wins over usrloc's parameters. */
export function readStore(given: Given, usrloc: UsrlocOptions, problems: Problem[]): StoreOptions {
  const mode = given.dbMode ?? (usrloc.dbMode as DbMode);
  if (!dbModes.includes(mode)) {
    problems.push({ place: 'db-mode', message: `must be one of ${dbModes.join(', ')}, not ${JSON.stringify(mode)}` });
  }
  const text = given.db ?? (usrloc.dbUrl || 'memory:');
  const url = parseStoreUrl(text);
  const place = given.db === undefined ? 'usrloc.db_url' : 'db';
  // Nobody opens what `none` leaves aside; an option that is wrong is said all the same.
  if ('problem' in url && (given.db !== undefined || mode !== 'none')) problems.push({ place, message: url.problem });
  const tables = given.tables ?? [];
  for (const table of tables) {
    const problem = identifierProblem(table);
    if (problem !== undefined) problems.push({ place: 'tables', message: problem });
  }
  if ('problem' in url || url.kind === 'memory') return { url: { kind: 'memory' }, mode: 'none', tables };
  return { url: mode === 'none' ? { kind: 'memory' } : url, mode, tables };
}
