import type { Logger } from '../../base/logger.ts';
import type { Place, TableInMemory } from '../location.ts';
import type { LocationDatabase, UnreadableRow } from './database.ts';
import { persistenceLimits } from './limits.ts';
import type { Loaded } from './persistent-location.ts';

/** What loading needs besides the table. */
export interface LoadParts {
  readonly database: LocationDatabase;
  readonly logger: Logger;
  /** Where a binding goes in the list of its address-of-record. */
  readonly place: Place;
}

/**
 * Fills a table with the rows of a database that have not expired (usrloc 7). A row that makes no sense is named in the
 * log and left where it is.
 *
 * @param now epoch milliseconds
 */
export async function loadTable(
  table: TableInMemory,
  { database, logger, place }: LoadParts,
  now: number,
): Promise<Loaded> {
  let bindings = 0;
  const unreadable = new UnreadableRows(database.place, table.name, logger);
  for await (const batch of database.scan(table.name, { validAt: now })) {
    for (const { aor, binding } of batch.stored) table.restore(aor, binding, place);
    bindings += batch.stored.length;
    unreadable.add(batch.unreadable);
  }
  unreadable.end();
  return { bindings, unreadable: unreadable.count };
}

/** Says which rows make no sense: the first ones by name, the others by their number. */
export class UnreadableRows {
  count = 0;
  readonly #place: string;
  readonly #table: string;
  readonly #logger: Logger;

  constructor(place: string, table: string, logger: Logger) {
    this.#place = place;
    this.#table = table;
    this.#logger = logger;
  }

  add(rows: readonly UnreadableRow[]): void {
    for (const { row, problem } of rows) {
      this.count += 1;
      if (this.count > persistenceLimits.maxNamedRows) continue;
      const what = `a row of table ${this.#table} cannot be used and is left as it is: ${problem}`;
      this.#logger.warn(what, { row, database: this.#place });
    }
  }

  end(): void {
    const more = this.count - persistenceLimits.maxNamedRows;
    if (more > 0)
      this.#logger.warn(`${more} more rows of table ${this.#table} cannot be used`, { database: this.#place });
  }
}
