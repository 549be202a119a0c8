import type { Aor } from '../aor.ts';
import { type Binding, isMemoryOnly } from '../binding.ts';
import type { LocationInMemory } from '../location.ts';
import type { BindingChange } from './database.ts';
import { isRefresh } from './is-refresh.ts';

/** A row that differs from its binding. What it is to say is looked up in memory when it is written. */
export interface DirtyRow {
  readonly table: string;
  readonly aor: Aor;
  readonly ruid: string;
  /** Since when: epoch milliseconds. */
  readonly since: number;
  /**
   * `refreshed`: the row is there, and differs in the numbers that a refresh writes. `changed`: it is there or not, and
   * differs. `new`: there is none. `gone`: there is to be none.
   */
  state: 'refreshed' | 'changed' | 'new' | 'gone';
}

/**
 * Which rows of a database differ from the bindings in memory: one entry for each binding, however often it changed, and
 * nothing of the binding itself, which would only outlive its time here. What `save_memory` wrote (decision 27) has none.
 */
export class DirtyRows {
  /** By table and ruid, what has waited longest first. Tables are few. */
  readonly #tables: Map<string, Map<string, DirtyRow>>;
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
   * A binding has changed.
   *
   * @param at epoch milliseconds
   */
  note(table: string, aor: Aor, before: Binding | undefined, after: Binding | undefined, at: number): void {
    if (after !== undefined && isMemoryOnly(after)) return;
    const ruid = (after ?? before)?.ruid;
    if (ruid === undefined) return;
    const rows = this.#rowsOf(table);
    const row = rows.get(ruid);
    if (row === undefined) {
      this.#size += 1;
      rows.set(ruid, { table, aor, ruid, since: at, state: stateOf(before, after) });
    } else if (after === undefined && row.state === 'new') {
      // It came and went while it waited: the database need not hear of it.
      this.#size -= 1;
      rows.delete(ruid);
    } else if (after === undefined) row.state = 'gone';
    else if (row.state === 'refreshed') row.state = stateOf(before, after);
  }

  /** Puts back what could not be written, before what was noted since. Whether the rows were written nobody knows. */
  restore(failed: readonly DirtyRow[]): void {
    const later = new Map(this.#tables);
    this.#tables.clear();
    this.#size = 0;
    for (const row of failed) this.#set({ ...row, state: row.state === 'gone' ? 'gone' : 'changed' });
    for (const rows of later.values()) {
      for (const row of rows.values()) {
        const first = this.#rowsOf(row.table).get(row.ruid);
        if (first === undefined) this.#set(row);
        else first.state = row.state === 'gone' ? 'gone' : 'changed';
      }
    }
  }

  /**
   * Takes rows out, those that have waited longest first.
   *
   * @param until epoch milliseconds: only what has waited since then or longer
   */
  take(until: number): readonly DirtyRow[] {
    const taken: DirtyRow[] = [];
    for (const rows of this.#tables.values()) {
      for (const [ruid, row] of rows) {
        if (row.since > until) break;
        taken.push(row);
        rows.delete(ruid);
      }
    }
    this.#size -= taken.length;
    return taken;
  }

  #set(row: DirtyRow): void {
    this.#size += 1;
    this.#rowsOf(row.table).set(row.ruid, row);
  }

  #rowsOf(table: string): Map<string, DirtyRow> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }
}

/**
 * What is to be written, from the bindings as they are now.
 *
 * @param now epoch milliseconds of the current whole second
 */
export function changesOf(rows: readonly DirtyRow[], memory: LocationInMemory, now: number): readonly BindingChange[] {
  const changes: BindingChange[] = [];
  for (const { table, aor, ruid, state } of rows) {
    const bindings = state === 'gone' ? [] : memory.table(table).get(aor, now);
    const after = bindings.find((binding) => binding.ruid === ruid);
    // What expires in this very second will be noted as gone.
    if (after === undefined && state !== 'gone') continue;
    if (after !== undefined && isMemoryOnly(after)) continue;
    changes.push({ table, aor, ruid, before: state === 'refreshed' ? after : 'unknown', after });
  }
  return changes;
}

function stateOf(before: Binding | undefined, after: Binding | undefined): DirtyRow['state'] {
  if (after === undefined) return 'gone';
  if (before === undefined) return 'new';
  // Behind what was in memory only there may be a row of an earlier `save`.
  return isMemoryOnly(before) || !isRefresh(before, after) ? 'changed' : 'refreshed';
}
