import { StoreError } from '../store-error.ts';
import { identifierProblem } from './identifier.ts';
import { persistenceLimits } from './limits.ts';

/**
 * Sees to it that a table may be made of a name that a route has used for the first time.
 *
 * @param tables those that there are, by name
 * @throws StoreError `STORE_REFUSED`
 */
export function assertNewTable(name: string, tables: ReadonlyMap<string, unknown>): void {
  const problem = identifierProblem(name);
  if (problem !== undefined) throw new StoreError('STORE_REFUSED', problem);
  if (tables.size >= persistenceLimits.maxTables) {
    throw new StoreError('STORE_REFUSED', `no table ${name}: there are ${persistenceLimits.maxTables} already`);
  }
  for (const known of tables.keys()) {
    if (known.toLowerCase() !== name.toLowerCase()) continue;
    throw new StoreError('STORE_REFUSED', `tables ${known} and ${name} would be one table of the database; write one`);
  }
}
