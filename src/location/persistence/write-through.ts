import { assert } from '../../base/assert.ts';
import { wholeSecond } from '../../base/clock.ts';
import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { Random } from '../../base/random.ts';
import type { Aor } from '../aor.ts';
import { type Binding, validOnes } from '../binding.ts';
import { areDistinct, changesBetween } from '../changes.ts';
import type { Decide, Decision, TableInMemory } from '../location.ts';
import { GroupCommit, type StagedList } from './group-commit.ts';
import type { LoadedTables } from './loaded-tables.ts';
import type { StoreHealth } from './persistent-location.ts';
import { reconcile } from './reconcile.ts';
import { type MemoryAndDatabase, ServedFromMemory, TableServedFromMemory } from './served-from-memory.ts';
import { assertStorable } from './storable.ts';

/** What a write-through location is made of. */
export interface WriteThroughParts extends MemoryAndDatabase {
  /** Spreads what is to be tried again. */
  readonly random: Random;
}

const none: readonly Binding[] = Object.freeze([]);

/**
 * A location whose every change is in the database before anybody hears of it: `update` resolves after the commit,
 * and until then nobody but a later `update` of the same address-of-record sees what was decided. Memory is what the
 * database has; a commit that fails leaves both as they were.
 *
 * Changes are committed in groups: while one group is written, what comes forms the next (`GroupCommit`).
 */
export class WriteThroughLocation extends ServedFromMemory<WriteThroughTable> {
  readonly #commits: GroupCommit;

  constructor(parts: WriteThroughParts) {
    super(parts);
    this.#commits = new GroupCommit(parts, {
      apply: (staged) => this.table(staged.table).apply(staged),
      forget: () => {
        for (const table of this.tables()) table.forget();
      },
      restore: (table, aor, rows) => this.table(table).reconcile(aor, rows),
    });
    // Rows of what has expired go without anybody waiting for it.
    parts.memory.onEvent(({ type, table, aor, before }) => {
      if (type !== 'expire' || before === undefined) return;
      if (!this.table(table).isStaged(aor, before.ruid)) this.#commits.drop(table, aor, before);
    });
  }

  get health(): StoreHealth {
    return this.#commits.health;
  }

  flush(): Promise<void> {
    return this.#commits.flush();
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.loaded.close();
    await this.parts.database.close();
  }

  protected makeTable(memory: TableInMemory): WriteThroughTable {
    return new WriteThroughTable(memory, this.loaded, this.#commits, this.parts);
  }
}

class WriteThroughTable extends TableServedFromMemory {
  readonly #commits: GroupCommit;
  readonly #parts: MemoryAndDatabase;
  /** What was decided and is not committed yet: the newest list of each address-of-record. */
  readonly #staged: Map<Aor, StagedList>;
  /** The list that a decision was shown. */
  #shown: readonly Binding[];

  constructor(memory: TableInMemory, loaded: LoadedTables, commits: GroupCommit, parts: MemoryAndDatabase) {
    super(memory, loaded);
    this.#commits = commits;
    this.#parts = parts;
    this.#staged = new Map();
    this.#shown = none;
  }

  protected change<T>(aor: Aor, now: number, decide: Decide<T>): MaybePromise<T> {
    this.#commits.assertKnown(this.name, aor);
    const staged = this.#staged.get(aor);
    const decision =
      staged === undefined ? this.#decideOnMemory(aor, now, decide) : this.#decideOn(staged, now, decide);
    // What expired on the way may have made a listener change the same address-of-record.
    if (this.#staged.get(aor) !== staged) return this.change(aor, now, decide);
    const { bindings, result } = decision;
    if (bindings === 'unchanged' || bindings === this.#shown || bindings.length + this.#shown.length === 0) {
      // What it is told has to be durable too: a retransmission waits for what its first form did.
      return staged === undefined ? result : staged.group.done.then(() => result);
    }
    assert(areDistinct(bindings), 'a decision lists the same ruid twice');
    assertStorable(this.#parts.database, this.name, aor, this.#shown, bindings);
    const group = this.#commits.openGroup();
    for (const { before, after } of changesBetween(this.#shown, bindings)) {
      group.changes.add(this.name, aor, before, after);
    }
    const next = { table: this.name, aor, bindings, now, group };
    group.staged.push(next);
    this.#staged.set(aor, next);
    return group.done.then(() => result);
  }

  /** Whether a binding is part of what waits for its commit. */
  isStaged(aor: Aor, ruid: string): boolean {
    return this.#staged.get(aor)?.bindings.some((binding) => binding.ruid === ruid) === true;
  }

  /** A list has been committed: from now on everybody sees it. */
  apply(staged: StagedList): void {
    const { aor, bindings, now } = staged;
    if (this.#staged.get(aor) === staged) this.#staged.delete(aor);
    this.memory.update(aor, now, () => ({ bindings, result: undefined }));
  }

  /** What was decided will not be committed. */
  forget(): void {
    this.#staged.clear();
  }

  /** Takes over what the database says of an address-of-record. */
  reconcile(aor: Aor, rows: readonly Binding[]): void {
    const now = wholeSecond(this.#parts.clock);
    const { place } = this.#parts;
    this.memory.update(aor, now, (present) => ({ bindings: reconcile(present, rows, place, now), result: undefined }));
  }

  /** Through the memory's own update: it sees to what has expired, and to decisions that are not pure. */
  #decideOnMemory<T>(aor: Aor, now: number, decide: Decide<T>): Decision<T> {
    return this.memory.update(aor, now, (valid) => {
      const decision = decide(valid);
      this.#shown = valid;
      return { bindings: 'unchanged', result: decision };
    });
  }

  #decideOn<T>(staged: StagedList, now: number, decide: Decide<T>): Decision<T> {
    const valid = validOnes(staged.bindings, now);
    const decision = decide(valid);
    this.#shown = valid;
    return decision;
  }
}
