import type { Row } from '../sql/columns.ts';
import type { TableWrites } from '../sql/writes-by-table.ts';

/** A compare-and-set of one address-of-record. */
export interface ConditionalWrites {
  readonly key: readonly [username: string, domain: string];
  /** As `read` gave it. */
  readonly version: string;
  readonly writes: TableWrites;
}

/** What the worker is asked for. */
export type WorkerRequest =
  | { readonly kind: 'open-table'; readonly table: string }
  | { readonly kind: 'commit'; readonly tables: readonly TableWrites[] }
  | { readonly kind: 'compare-and-set'; readonly sets: readonly ConditionalWrites[] }
  | { readonly kind: 'read'; readonly table: string; readonly keys: readonly (readonly [string, string])[] }
  | { readonly kind: 'remove-expired'; readonly table: string; readonly now: number; readonly limit: number }
  | { readonly kind: 'count'; readonly table: string; readonly now: number }
  | { readonly kind: 'ping' }
  | { readonly kind: 'close' };

/** What the worker answers, by request. */
export interface WorkerAnswers {
  'open-table': undefined;
  /** The `ruid`s of refreshes that found no row: another program has removed it. */
  commit: readonly string[];
  'compare-and-set': readonly boolean[];
  read: readonly { readonly rows: readonly Row[]; readonly version: string }[];
  'remove-expired': readonly Row[];
  count: { readonly users: number; readonly contacts: number };
  ping: undefined;
  close: undefined;
}

/** What goes wrong in the worker. */
export interface WorkerFailure {
  readonly message: string;
  /** SQLite's extended result code; undefined when the error is not SQLite's. */
  readonly errcode: number | undefined;
  /** A code of ours, when the worker knows better. */
  readonly code?: string;
}

/** How the worker opens its file. */
export interface SqliteSettings {
  readonly file: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly useDomain: boolean;
  /** Whether rows are looked for by their expiry: an index more to keep. */
  readonly expiresIndex: boolean;
}
