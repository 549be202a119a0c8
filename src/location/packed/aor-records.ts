import { assert } from '../../base/assert.ts';
import { KeyedHash } from '../../base/keyed-hash.ts';
import type { Random } from '../../base/random.ts';
import { type Aor, asAor } from '../aor.ts';
import type { Binding } from '../binding.ts';
import {
  BindingWriter,
  bindingWords,
  dueAt,
  isValidAt,
  patchBinding,
  patchHead,
  pushTextIds,
  readBinding,
} from './binding-codec.ts';
import { Blocks } from './blocks.ts';
import { escaped, isLatin1, unescaped } from './escaped-text.ts';
import { FlowChains } from './flow-chains.ts';
import { type MemoryReport, memoryReport } from './memory-report.ts';
import { PackedWheel } from './packed-wheel.ts';
import { firstBinding, keyBits, maxTables, recordEnd, recordHeadWords, recordWord, wordsOf } from './record-layout.ts';
import { RecordOrder } from './record-order.ts';
import { RecordWords } from './record-words.ts';
import { RefIndex } from './ref-index.ts';
import { scrambled } from './scrambled.ts';
import { type Ref, type Slab, Slabs, wordOf } from './slabs.ts';
import { type TextId, TextPool } from './text-pool.ts';

/** A table by its number. */
export type TableNumber = number;

/**
 * The records of all tables, one for each address-of-record that has bindings, and everything that refers to them. A
 * reference to a record is good until the next change: when a record goes or gets another size, another record moves.
 */
export class AorRecords {
  readonly wheel: PackedWheel;
  readonly flows: FlowChains;
  readonly #slabs: Slabs;
  readonly #hash: KeyedHash;
  readonly #pool: TextPool;
  readonly #blocks: Blocks;
  readonly #index: RefIndex<string>;
  readonly #orders: RecordOrder[];
  readonly #words: RecordWords;
  readonly #writer: BindingWriter;
  /** Scratch: the texts to release and the heads to write in the present change. */
  readonly #releases: TextId[];
  readonly #heads: number[];
  /** The key word that the index looks for, beside the text. */
  #soughtKey: number;
  #usedWords: number;

  /** @param random gives the key of the hash */
  constructor(random: Random) {
    this.#slabs = new Slabs();
    this.#hash = new KeyedHash(random);
    this.#pool = new TextPool(this.#slabs, this.#hash);
    this.#blocks = new Blocks(this.#slabs, (from, to) => this.#moved(from, to));
    this.#index = new RefIndex(this.#slabs, (ref, text) => this.#hasKey(ref, text));
    this.#orders = [];
    this.#words = new RecordWords(this.#slabs);
    this.#writer = new BindingWriter(this.#pool);
    this.#releases = [];
    this.#heads = [];
    this.#soughtKey = 0;
    this.#usedWords = 0;
    this.wheel = new PackedWheel(this.#words);
    this.flows = new FlowChains(this.#slabs);
  }

  /** A number for one table more. */
  addTable(): TableNumber {
    assert(this.#orders.length < maxTables, `a location has ${maxTables} tables at most`);
    return this.#orders.push(new RecordOrder(this.#words)) - 1;
  }

  /** The records of a table in the order of their creation. */
  orderOf(table: TableNumber): RecordOrder {
    return this.#orders[table] as RecordOrder;
  }

  /** The record of an address-of-record; 0 when it has none. */
  find(table: TableNumber, aor: Aor): Ref {
    const found = this.#find(table, aor, 0);
    // A text beyond Latin-1 is not found as it is, so only what is new pays for the second look.
    return found !== 0 || isLatin1(aor) ? found : this.#find(table, escaped(aor), keyBits.escaped);
  }

  /** The bindings of a record in list order, expired ones included. */
  read(ref: Ref): readonly Binding[] {
    const slab = this.#slabs.of(ref);
    const { words } = slab;
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    let at = firstBinding(words, start);
    const first = readBinding(slab, at, this.#pool);
    at += bindingWords(words, at);
    if (at === end) return [first];
    const bindings = [first];
    for (; at < end; at += bindingWords(words, at)) bindings.push(readBinding(slab, at, this.#pool));
    return bindings;
  }

  tableOf(ref: Ref): TableNumber {
    return (this.#words.get(ref, recordWord.key) >>> keyBits.tableShift) & keyBits.tableMask;
  }

  aorOf(ref: Ref): Aor {
    const { words, bytes } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const key = words[start + recordWord.key] as number;
    const keyAt = (start + recordHeadWords) * 4;
    const text = bytes.latin1Slice(keyAt, keyAt + (key >>> keyBits.lengthShift));
    return asAor(key & keyBits.escaped ? unescaped(text) : text);
  }

  /** How many bindings of a record have expired at `now`: -1 when it is all of them. */
  countExpired(ref: Ref, now: number): number {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    let expired = 0;
    let valid = 0;
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      if (isValidAt(words, at, now)) valid += 1;
      else expired += 1;
    }
    return valid === 0 ? -1 : expired;
  }

  /** How many bindings a record has. */
  count(ref: Ref): number {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    let count = 0;
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) count += 1;
    return count;
  }

  /** Makes a record. The address-of-record has none, and the list is not empty. */
  create(table: TableNumber, aor: Aor, bindings: readonly Binding[]): void {
    const latin1 = isLatin1(aor);
    const text = latin1 ? aor : escaped(aor);
    assert(text.length <= keyBits.maxLength, 'an address-of-record is a text of at most a million characters');
    const used = recordHeadWords + wordsOf(text.length) + this.#writer.measure(bindings);
    const hash = this.#hashOf(table, text);
    const ref = this.#blocks.allocate(used * 4);
    const slab = this.#slabs.of(ref);
    const start = wordOf(ref);
    slab.words[start + recordWord.hash] = hash;
    slab.words[start + recordWord.key] = keyOf(table, text, latin1 ? 0 : keyBits.escaped);
    slab.words[start + recordWord.used] = used;
    slab.words[start + recordWord.wheelPrevious] = 0;
    slab.bytes.latin1Write(text, (start + recordHeadWords) * 4);
    this.#writer.write(slab, firstBinding(slab.words, start), bindings);
    this.#usedWords += used;
    this.#index.insert(hash, ref);
    this.orderOf(table).append(ref);
    this.flows.link(ref);
    this.schedule(ref);
  }

  /**
   * Overwrites the bindings of a record.
   *
   * @param stored what it has
   * @param next what it gets; not empty
   */
  replace(ref: Ref, stored: readonly Binding[], next: readonly Binding[]): void {
    if (!this.#patch(ref, stored, next)) this.#rewrite(ref, next);
  }

  /** Removes a record. */
  remove(ref: Ref): void {
    this.#index.remove(this.#words.get(ref, recordWord.hash), ref);
    this.orderOf(this.tableOf(ref)).remove(ref);
    this.wheel.cancel(ref);
    this.flows.unlink(ref);
    this.#collectTextIds(ref);
    this.#usedWords -= this.#words.get(ref, recordWord.used);
    this.#blocks.free(ref);
    this.#releaseTexts();
  }

  /**
   * Sees to it that the record stands on the wheel no later than its earliest expiry. A refresh makes that later and
   * moves nothing: the record is met at the old instant and put back then.
   */
  schedule(ref: Ref): void {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      const due = dueAt(words, at);
      if (due < earliest) earliest = due;
    }
    if (earliest === Number.POSITIVE_INFINITY) this.wheel.cancel(ref);
    else this.wheel.require(ref, earliest);
  }

  memory(): MemoryReport {
    return memoryReport({
      slabs: this.#slabs,
      blocks: this.#blocks,
      usedBytes: this.#usedWords * 4,
      index: this.#index,
      flows: this.flows,
      texts: this.#pool,
      wheel: this.wheel,
    });
  }

  /**
   * Writes nothing but numbers where nothing else changed, as in most refreshes. All or nothing: what cannot be stored
   * at all has to be found by `measure` while the record is still as it was.
   */
  #patch(ref: Ref, stored: readonly Binding[], next: readonly Binding[]): boolean {
    const count = next.length;
    if (stored.length !== count) return false;
    const { words } = this.#slabs.of(ref);
    const first = firstBinding(words, wordOf(ref));
    const heads = this.#heads;
    for (let i = 0, at = first; i < count; i++) {
      if (i > 0) at += bindingWords(words, at);
      const before = stored[i] as Binding;
      const after = next[i] as Binding;
      if (before === after) continue;
      const head = patchHead(words, at, before, after);
      if (head === -1) return false;
      heads[i] = head;
    }
    for (let i = 0, at = first; i < count; i++) {
      if (i > 0) at += bindingWords(words, at);
      if (stored[i] === next[i]) continue;
      patchBinding(words, at, next[i] as Binding, heads[i] as number);
      // The others have not changed, and the record stands no later than theirs.
      const due = dueAt(words, at);
      if (due === Number.POSITIVE_INFINITY) this.schedule(ref);
      else this.wheel.require(ref, due);
    }
    return true;
  }

  #rewrite(ref: Ref, next: readonly Binding[]): void {
    const slab = this.#slabs.of(ref);
    const start = wordOf(ref);
    const first = firstBinding(slab.words, start) - start;
    const used = first + this.#writer.measure(next);
    const stays = this.#blocks.fits(ref, used * 4);
    const to = stays ? ref : this.#blocks.allocate(used * 4);
    this.#collectTextIds(ref);
    this.flows.unlink(ref);
    this.#usedWords += used - this.#words.get(ref, recordWord.used);
    const toSlab = this.#slabs.of(to);
    const toStart = wordOf(to);
    if (!stays) copyHead(slab, start, toSlab, toStart, first);
    toSlab.words[toStart + recordWord.used] = used;
    this.#writer.write(toSlab, toStart + first, next);
    this.flows.link(to);
    this.schedule(to);
    if (!stays) {
      this.#relink(ref, to);
      this.#blocks.free(ref);
    }
    this.#releaseTexts();
  }

  #moved(from: Ref, to: Ref): void {
    this.#relink(from, to);
    this.flows.relocate(from, to);
  }

  /** Tells everything but the flows that the record at `from` is at `to` now. */
  #relink(from: Ref, to: Ref): void {
    this.#index.replace(this.#words.get(to, recordWord.hash), from, to);
    this.orderOf(this.tableOf(to)).relocate(from, to);
    this.wheel.relocate(to);
  }

  #collectTextIds(ref: Ref): void {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      pushTextIds(words, at, this.#releases);
    }
  }

  /** Releases the texts of what is gone, after what is new has taken its own: a text that both have stays. */
  #releaseTexts(): void {
    for (const id of this.#releases) this.#pool.release(id);
    this.#releases.length = 0;
  }

  #find(table: TableNumber, text: string, escapedBit: number): Ref {
    this.#soughtKey = keyOf(table, text, escapedBit);
    return this.#index.find(this.#hashOf(table, text), text);
  }

  /** Tables differ in the hash too, so that a text that all of them have does not fill one place of the index. */
  #hashOf(table: TableNumber, text: string): number {
    return this.#hash.of(text) ^ scrambled(table);
  }

  #hasKey(ref: Ref, text: string): boolean {
    const { words, bytes } = this.#slabs.of(ref);
    const start = wordOf(ref);
    if (words[start + recordWord.key] !== this.#soughtKey) return false;
    const keyAt = (start + recordHeadWords) * 4;
    for (let i = 0; i < text.length; i++) if (bytes[keyAt + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}

function keyOf(table: TableNumber, text: string, escapedBit: number): number {
  return (text.length << keyBits.lengthShift) | (table << keyBits.tableShift) | escapedBit;
}

function copyHead(from: Slab, fromStart: number, to: Slab, toStart: number, count: number): void {
  for (let i = 0; i < count; i++) to.words[toStart + i] = from.words[fromStart + i] as number;
}
