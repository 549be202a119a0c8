import type { KeyedHash } from '../../base/keyed-hash.ts';
import { Blocks, type BlocksReport } from './blocks.ts';
import { type IndexReport, RefIndex } from './ref-index.ts';
import { type Ref, type Slab, type Slabs, slabBytes, wordOf } from './slabs.ts';

/** Stands for an interned text in a record. 0 is none. */
export type TextId = number;

export interface TextPoolReport {
  readonly texts: number;
  /** Bytes in use, of those of `blocks`. */
  readonly usedBytes: number;
  readonly blocks: BlocksReport;
  readonly index: IndexReport;
  /** Bytes of the table from ids to blocks; it stays as large as it was at most. */
  readonly idBytes: number;
}

/** The words of an interned text, before its bytes. */
const textWord = { hash: 0, references: 1, length: 2, id: 3 } as const;
const headBytes = 16;

const idsPerSlab = slabBytes / 4;
const idShift = Math.log2(idsPerSlab);

/** Texts of recent use kept as strings, each in the place of its id's last bits. */
const recentCount = 256;
/** Longer ones are read anew, so that this memory stays small. */
const maxRecentLength = 1024;

/**
 * Texts that many bindings share, such as a User-Agent: stored once, with a count of references. A text has an id
 * rather than an address, because blocks move.
 */
export class TextPool {
  readonly #slabs: Slabs;
  readonly #hash: KeyedHash;
  readonly #blocks: Blocks;
  readonly #index: RefIndex<string>;
  /** From id to block; a free id holds the negative of the next free one. */
  readonly #ids: Slab[];
  #nextId: TextId;
  #freeId: TextId;
  #usedBytes: number;
  readonly #recentIds: Int32Array;
  readonly #recentTexts: string[];

  constructor(slabs: Slabs, hash: KeyedHash) {
    this.#slabs = slabs;
    this.#hash = hash;
    this.#blocks = new Blocks(slabs, (from, to) => this.#moved(from, to));
    this.#index = new RefIndex(slabs, (ref, text) => this.#textAt(ref) === text);
    this.#ids = [];
    this.#nextId = 1;
    this.#freeId = 0;
    this.#usedBytes = 0;
    this.#recentIds = new Int32Array(recentCount);
    this.#recentTexts = new Array<string>(recentCount).fill('');
  }

  /**
   * The id of a text, with one reference more.
   *
   * @param text Latin-1
   */
  acquire(text: string): TextId {
    const hash = this.#hash.of(text);
    const found = this.#index.find(hash, text);
    if (found === 0) return this.#add(hash, text);
    const { words } = this.#slabs.of(found);
    const at = wordOf(found);
    words[at + textWord.references] = (words[at + textWord.references] as number) + 1;
    return words[at + textWord.id] as number;
  }

  /** Takes one reference back. */
  release(id: TextId): void {
    const ref = this.#refOf(id);
    const { words } = this.#slabs.of(ref);
    const at = wordOf(ref);
    const references = (words[at + textWord.references] as number) - 1;
    words[at + textWord.references] = references;
    if (references > 0) return;
    this.#index.remove(words[at + textWord.hash] as number, ref);
    this.#usedBytes -= headBytes + (words[at + textWord.length] as number);
    if (this.#recentIds[id % recentCount] === id) this.#recentIds[id % recentCount] = 0;
    this.#setRef(id, -this.#freeId);
    this.#freeId = id;
    this.#blocks.free(ref);
  }

  /** The text of an id that has references. */
  text(id: TextId): string {
    const place = id % recentCount;
    if (this.#recentIds[place] === id) return this.#recentTexts[place] as string;
    return this.#read(this.#refOf(id), id);
  }

  report(): TextPoolReport {
    return {
      texts: this.#index.size,
      usedBytes: this.#usedBytes,
      blocks: this.#blocks.report(),
      index: this.#index.report(),
      idBytes: this.#ids.length * slabBytes,
    };
  }

  #add(hash: number, text: string): TextId {
    const bytes = headBytes + text.length;
    const id = this.#takeId();
    const ref = this.#blocks.allocate(bytes);
    const slab = this.#slabs.of(ref);
    const at = wordOf(ref);
    slab.words[at + textWord.hash] = hash;
    slab.words[at + textWord.references] = 1;
    slab.words[at + textWord.length] = text.length;
    slab.words[at + textWord.id] = id;
    slab.bytes.latin1Write(text, at * 4 + headBytes);
    this.#setRef(id, ref);
    this.#index.insert(hash, ref);
    this.#usedBytes += bytes;
    return id;
  }

  #takeId(): TextId {
    const id = this.#freeId;
    if (id !== 0) {
      this.#freeId = -this.#refOf(id);
      return id;
    }
    this.#nextId += 1;
    if (this.#nextId > this.#ids.length * idsPerSlab) this.#ids.push(this.#slabs.take());
    return this.#nextId - 1;
  }

  #refOf(id: TextId): Ref {
    return (this.#ids[id >>> idShift] as Slab).words[id & (idsPerSlab - 1)] as number;
  }

  #setRef(id: TextId, ref: Ref): void {
    (this.#ids[id >>> idShift] as Slab).words[id & (idsPerSlab - 1)] = ref;
  }

  #textAt(ref: Ref): string {
    return this.text(this.#slabs.of(ref).words[wordOf(ref) + textWord.id] as number);
  }

  #read(ref: Ref, id: TextId): string {
    const { words, bytes } = this.#slabs.of(ref);
    const at = wordOf(ref);
    const length = words[at + textWord.length] as number;
    const start = at * 4 + headBytes;
    const text = bytes.latin1Slice(start, start + length);
    if (length <= maxRecentLength) {
      this.#recentIds[id % recentCount] = id;
      this.#recentTexts[id % recentCount] = text;
    }
    return text;
  }

  #moved(_from: Ref, to: Ref): void {
    const { words } = this.#slabs.of(to);
    const at = wordOf(to);
    const id = words[at + textWord.id] as number;
    this.#index.replace(words[at + textWord.hash] as number, this.#refOf(id), to);
    this.#setRef(id, to);
  }
}
