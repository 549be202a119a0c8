import { assert } from '../base/assert.ts';
import type { KeyHash } from './key-hash.ts';

/** What a table holds: its place in the chain is its own. */
export class TableEntry {
  readonly key: string;
  /** The hash of its key, once it has been in a table. */
  hash: number;
  isHeld: boolean;
  before: TableEntry | undefined;
  after: TableEntry | undefined;

  constructor(key: string) {
    this.key = key;
    this.hash = 0;
    this.isHeld = false;
    this.before = undefined;
    this.after = undefined;
  }
}

const chainCount = 1 << 14;

/**
 * Transactions at work, by their key.
 *
 * A `Map` would do, were it not for how many come and go: V8 makes a new table every so many insertions, the old one
 * goes on pointing to what was in it and to the next table, and once a single one of them has grown old, all that
 * follow, with every transaction in them, outlive the collections of the young generation: a third of what relaying
 * allocates. Here what is taken out is pointed to by nothing.
 */
export class TransactionTable<T extends TableEntry> {
  readonly #hash: KeyHash;
  readonly #chains: (TableEntry | undefined)[] = new Array<TableEntry | undefined>(chainCount).fill(undefined);
  #size = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): T | undefined {
    if (this.#size === 0) return undefined;
    let entry = this.#chains[this.#hash.of(key) & (chainCount - 1)];
    while (entry !== undefined && entry.key !== key) entry = entry.after;
    // Only entries of this type get in, by `add`.
    return entry as T | undefined;
  }

  /** @param entry one that is in no table, with a key that is not in this one */
  add(entry: T): void {
    assert(!entry.isHeld, 'it is in no table');
    entry.hash = this.#hash.of(entry.key);
    entry.isHeld = true;
    const chain = entry.hash & (chainCount - 1);
    const first = this.#chains[chain];
    entry.after = first;
    if (first !== undefined) first.before = entry;
    this.#chains[chain] = entry;
    this.#size++;
  }

  remove(entry: T): void {
    assert(entry.isHeld, 'it is in the table');
    const { before, after } = entry;
    if (before === undefined) this.#chains[entry.hash & (chainCount - 1)] = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    entry.isHeld = false;
    entry.before = undefined;
    entry.after = undefined;
    this.#size--;
  }

  /** Takes everything out, and shows it. */
  clear(each: (entry: T) => void): void {
    for (let chain = 0; chain < chainCount; chain++) {
      for (let entry = this.#chains[chain]; entry !== undefined; entry = this.#chains[chain]) {
        this.remove(entry as T);
        each(entry as T);
      }
    }
  }
}
