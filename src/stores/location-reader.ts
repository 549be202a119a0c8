import type { LocationDatabase } from '../location/persistence/database.ts';

/** A table that holds bindings, as it was found. */
export interface FoundTable {
  readonly name: string;
  /** What the `version` table says of it; undefined when that says nothing. */
  readonly version: number | undefined;
  /** Columns of the present layout that it has not. */
  readonly missing: readonly string[];
}

/** What a check of a whole database said. */
export interface Soundness {
  /** What was asked for it. */
  readonly check: string;
  /** Empty when it is sound. */
  readonly problems: readonly string[];
}

/**
 * A database that is looked at, and stays as it is: nothing is created, migrated or written. Everything rejects with a
 * `StoreError`.
 */
export interface LocationReader extends Pick<LocationDatabase, 'place' | 'scan' | 'close'> {
  /** @throws StoreError `STORE_CANNOT_OPEN` also when there is no database yet */
  open(): Promise<void>;
  /** Whatever looks like a table of bindings, in the order of its names. */
  tables(): Promise<readonly FoundTable[]>;
  /** How many rows a table has, of whatever layout. */
  rowCount(table: string): Promise<number>;
  /** Undefined where a database has no such check. */
  soundness(): Promise<Soundness | undefined>;
}

/** The columns that any table of bindings has, from OpenSER 1.0 on. */
export const oldestColumns = ['username', 'contact', 'expires', 'q', 'callid', 'cseq'] as const;
