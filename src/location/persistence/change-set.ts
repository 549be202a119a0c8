import type { Aor } from '../aor.ts';
import { type Binding, bindingFlags } from '../binding.ts';
import type { BindingChange } from './database.ts';

/** A change, and how long it waits. */
interface WaitingChange extends BindingChange {
  /** When the row began to differ from the binding: epoch milliseconds. */
  readonly since: number;
}

/**
 * Changes that wait to be written, coalesced: however often a binding changed, it is one row to write. What
 * `save_memory` wrote (decision 27) is left out.
 */
export class ChangeSet {
  /** By table and ruid, what has waited longest first. Tables are few. */
  readonly #tables: Map<string, Map<string, WaitingChange>>;
  #size: number;

  constructor() {
    this.#tables = new Map();
    this.#size = 0;
  }

  /** How many rows are to be written. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds what happened to a binding after everything that was added before.
   *
   * @param at epoch milliseconds; for those who do not take all at once
   */
  add(table: string, aor: Aor, before: Binding | undefined, after: Binding | undefined, at = 0): void {
    const ruid = (after ?? before)?.ruid;
    // Decision 27: `save_memory` writes no row; what was in the database before stays as it is.
    if (ruid === undefined || isMemoryOnly(after)) return;
    const rows = this.#rowsOf(table);
    const earlier = rows.get(ruid);
    if (earlier === undefined) {
      // Behind what was in memory only there may be a row of an earlier `save`.
      rows.set(ruid, { table, aor, ruid, before: isMemoryOnly(before) ? 'unknown' : before, after, since: at });
      this.#size += 1;
    } else if (earlier.before === undefined && after === undefined) {
      // It came and went while it waited: the database need not hear of it.
      rows.delete(ruid);
      this.#size -= 1;
    } else {
      rows.set(ruid, { table, aor, ruid, before: earlier.before, after, since: earlier.since });
    }
  }

  /**
   * Puts back what could not be written, as if it had been added before everything that was added since.
   *
   * @param changes as `take` gave them
   */
  restore(changes: readonly BindingChange[]): void {
    const later = new Map(this.#tables);
    this.#tables.clear();
    this.#size = 0;
    for (const change of changes) this.#set({ since: 0, ...change, before: 'unknown' });
    for (const [table, rows] of later) {
      for (const change of rows.values()) {
        const first = this.#rowsOf(table).get(change.ruid);
        this.#set(first === undefined ? change : { ...change, before: first.before, since: first.since });
      }
    }
  }

  /**
   * Takes changes out, those that have waited longest first.
   *
   * @param until epoch milliseconds: only what has waited since then or longer; undefined: all
   */
  take(until = Number.POSITIVE_INFINITY): readonly BindingChange[] {
    const taken: BindingChange[] = [];
    for (const rows of this.#tables.values()) {
      for (const [ruid, change] of rows) {
        if (change.since > until) break;
        taken.push(change);
        rows.delete(ruid);
      }
    }
    this.#size -= taken.length;
    return taken;
  }

  #set(change: WaitingChange): void {
    const rows = this.#rowsOf(change.table);
    if (!rows.has(change.ruid)) this.#size += 1;
    rows.set(change.ruid, change);
  }

  #rowsOf(table: string): Map<string, WaitingChange> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}

function isMemoryOnly(binding: Binding | undefined): boolean {
  return binding !== undefined && (binding.flags & bindingFlags.memoryOnly) !== 0;
}
