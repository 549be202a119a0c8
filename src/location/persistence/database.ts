import type { Aor } from '../aor.ts';
import type { Binding } from '../binding.ts';

/** A change of one binding as a database has to follow it. */
export interface BindingChange {
  readonly table: string;
  readonly aor: Aor;
  /** Which row: that of the binding's identity. */
  readonly ruid: string;
  /** What the row says; undefined: there is none. `unknown`: what was written before may have failed. */
  readonly before: Binding | undefined | 'unknown';
  /** What the row is to say, whether there is one or not; undefined: there is to be none. */
  readonly after: Binding | undefined;
}

/** A row, read. */
export interface StoredBinding {
  readonly aor: Aor;
  readonly binding: Binding;
}

/** A row that makes no sense, and why; it stays where it is. */
export interface UnreadableRow {
  /** What names it for an operator: the values of its key. */
  readonly row: string;
  readonly problem: string;
}

/** Some rows of a table. */
export interface RowBatch {
  readonly stored: readonly StoredBinding[];
  readonly unreadable: readonly UnreadableRow[];
}

/** The rows of one address-of-record, and what tells them from every other state of it. */
export interface VersionedBindings {
  readonly aor: Aor;
  /** In the order in which the rows were inserted; expired ones included. */
  readonly bindings: readonly Binding[];
  /** Equal for equal rows only. */
  readonly version: string;
}

/** Changes of one address-of-record that hold only as long as its rows are those that were read. */
export interface ConditionalChange {
  readonly table: string;
  readonly aor: Aor;
  /** As `readAors` gave it. */
  readonly version: string;
  readonly changes: readonly BindingChange[];
}

/** How many addresses-of-record and bindings a table has that count. */
export interface TableCount {
  readonly users: number;
  readonly contacts: number;
}

/** What a walk over a table leaves out. */
export interface ScanOptions {
  /** Epoch milliseconds: rows that have expired by then are left out. Undefined: all rows. */
  readonly validAt?: number | undefined;
}

/**
 * A database that keeps the bindings of tables. Everything rejects with a `StoreError`, in bounded time: one that hangs
 * fails. Calls need not wait for each other; a backend does them in the order of the calls, or so that nobody can tell.
 * After a failure, no call sees a state that an earlier call could still change: what was under way is made or dead.
 */
export interface LocationDatabase {
  /** Where it is, for people: without a password. */
  readonly place: string;

  /**
   * Opens it.
   *
   * @throws StoreError `STORE_CANNOT_OPEN`, `STORE_CORRUPT`; the message names the place and the remedy
   */
  open(): Promise<void>;

  /**
   * Makes a table ready: creates it when it is missing, migrates an old layout.
   *
   * @throws StoreError `STORE_VERSION` for a layout that is newer or of another program
   */
  openTable(table: string): Promise<void>;

  /**
   * Why a binding cannot be a row of a table that is open: a text is longer than its column.
   *
   * @returns undefined when it can be one
   */
  problemOf(table: string, aor: Aor, binding: Binding): string | undefined;

  /** Walks over the rows of a table in the order of their insertion, in batches. May be left early. */
  scan(table: string, options: ScanOptions): AsyncIterable<RowBatch>;

  /**
   * Makes changes, all or none: when it resolves they survive whatever becomes of this process and its machine; when it
   * rejects, none may have been made, or (a connection that broke in the very end) all.
   */
  commit(changes: readonly BindingChange[]): Promise<void>;

  /** Reads the rows of some addresses-of-record; one entry for each, in the same order. */
  readAors(table: string, aors: readonly Aor[]): Promise<readonly VersionedBindings[]>;

  /**
   * Makes the changes of each address-of-record whose rows are still those of its version, durable as by `commit`.
   *
   * @returns for each whether they were made; one AoR stands in a call once
   */
  compareAndSet(sets: readonly ConditionalChange[]): Promise<readonly boolean[]>;

  /**
   * Removes rows that have expired, those that no server remembers included. Of several servers that do so at the same
   * time, one gets each row.
   *
   * @param now epoch milliseconds
   * @param limit how many at the most
   * @returns what was removed, as far as it makes sense
   */
  removeExpired(table: string, now: number, limit: number): Promise<readonly StoredBinding[]>;

  /** Counts what has not expired. */
  count(table: string, now: number): Promise<TableCount>;

  /** Whether it answers: resolves, or says by its error why not. */
  ping(): Promise<void>;

  /** Ends every connection, after what was called before. */
  close(): Promise<void>;
}
