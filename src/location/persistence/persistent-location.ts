import type { Location } from '../location.ts';

/** What became of opening. */
export interface Loaded {
  /** Bindings that are there now. */
  readonly bindings: number;
  /** Rows that were left out because they make no sense. They are still in the database. */
  readonly unreadable: number;
}

/** How the database behind a location does. */
export interface StoreHealth {
  /** `failing`: the last write or read did not succeed; it is tried again. */
  readonly state: 'ok' | 'failing';
  /** Since when that is so: epoch milliseconds. */
  readonly since: number;
  /** What failed; undefined while all is well. */
  readonly problem: string | undefined;
  /** Changes of bindings that wait to be written. */
  readonly waiting: number;
}

/** A location whose bindings outlive the process. */
export interface PersistentLocation extends Location {
  /**
   * Opens the database and loads the tables that were asked for so far, and those that are named. Until it has
   * resolved nothing may be asked of them.
   *
   * @throws StoreError what keeps it from serving
   */
  open(tables: readonly string[]): Promise<Loaded>;

  readonly health: StoreHealth;

  /** Writes what waits (`ul_flush`). Rejects with a `StoreError` when that is not possible. */
  flush(): Promise<void>;

  /** Writes what waits, as far as that is possible, and closes the database. */
  close(): Promise<void>;
}
