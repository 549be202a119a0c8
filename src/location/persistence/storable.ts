import type { Aor } from '../aor.ts';
import type { Binding } from '../binding.ts';
import { changesBetween } from '../changes.ts';
import { StoreError } from '../store-error.ts';
import type { LocationDatabase } from './database.ts';

/**
 * Sees to it that every binding of a decision can be a row: what a database refuses would fail the changes of others
 * that are committed with it.
 *
 * @throws StoreError `STORE_REFUSED`
 */
export function assertStorable(
  database: LocationDatabase,
  table: string,
  aor: Aor,
  before: readonly Binding[],
  after: readonly Binding[],
): void {
  for (const change of changesBetween(before, after)) {
    const problem = change.after === undefined ? undefined : database.problemOf(table, aor, change.after);
    if (problem !== undefined) throw new StoreError('STORE_REFUSED', `${table}: ${problem}`);
  }
}
