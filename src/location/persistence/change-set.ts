import type { Aor } from '../aor.ts';
import { type Binding, isMemoryOnly } from '../binding.ts';
import type { BindingChange } from './database.ts';

/**
 * Changes that wait to be written, coalesced: however often a binding changed, it is one row to write. What
 * `save_memory` wrote (decision 27) is left out.
 */
export class ChangeSet {
  /** By table and ruid. Tables are few. */
  readonly #tables: Map<string, Map<string, BindingChange>>;
  #size: number;

  constructor() {
    this.#tables = new Map();
    this.#size = 0;
  }

  /** How many rows are to be written. */
  get size(): number {
    return this.#size;
  }

  /** Adds what happened to a binding after everything that was added before. */
  add(table: string, aor: Aor, before: Binding | undefined, after: Binding | undefined): void {
    const ruid = (after ?? before)?.ruid;
    // Decision 27: `save_memory` writes no row; what was in the database before stays as it is.
    if (ruid === undefined || (after !== undefined && isMemoryOnly(after))) return;
    const rows = this.#rowsOf(table);
    const earlier = rows.get(ruid);
    if (earlier === undefined) {
      // Behind what was in memory only there may be a row of an earlier `save`.
      rows.set(ruid, {
        table,
        aor,
        ruid,
        before: before !== undefined && isMemoryOnly(before) ? 'unknown' : before,
        after,
      });
      this.#size += 1;
    } else if (earlier.before === undefined && after === undefined) {
      // It came and went while it waited: the database need not hear of it.
      rows.delete(ruid);
      this.#size -= 1;
    } else {
      rows.set(ruid, { table, aor, ruid, before: earlier.before, after });
    }
  }

  /**
   * Puts back what could not be written, as if it had been added before everything that was added since.
   *
   * @param changes as `take` gave them
   */
  restore(changes: readonly BindingChange[]): void {
    for (const change of changes) {
      const rows = this.#rowsOf(change.table);
      const later = rows.get(change.ruid);
      if (later === undefined) this.#size += 1;
      rows.set(change.ruid, { ...(later ?? change), before: 'unknown' });
    }
  }

  /** All of it; the set is empty afterwards. */
  take(): readonly BindingChange[] {
    const all: BindingChange[] = [];
    for (const rows of this.#tables.values()) {
      for (const change of rows.values()) all.push(change);
      rows.clear();
    }
    this.#size = 0;
    return all;
  }

  #rowsOf(table: string): Map<string, BindingChange> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}
