import type { Ref, Slab, Slabs } from './slabs.ts';

/** Where the bytes of an index are. */
export interface IndexReport {
  readonly entries: number;
  /** Bytes of its slabs: 8 for each slot, taken or not. */
  readonly bytes: number;
}

/** Slots of an ordinary segment: one slab. */
const segmentSlots = 8192;
/** A fuller segment is split; linear probing gets slow beyond. */
const maxLoad = 0.85;
/** Two halves of one segment that together are this empty become one again. */
const mergeLoad = 0.25;
/** A split must move at least one entry in so many, or the segment grows instead. */
const worthwhileShare = 16;
/** Leading bits that a segment can have in common: the last bit still tells its halves apart. */
const maxDepth = 31;

/** An open-addressing table with linear probing. Two words for each slot: a hash and a reference, 0 when it is free. */
class Segment {
  readonly slab: Slab;
  readonly words: Int32Array;
  readonly mask: number;
  readonly limit: number;
  /** How many leading bits all its hashes have in common. */
  readonly depth: number;
  count: number;

  constructor(slab: Slab, depth: number) {
    const slots = slab.words.length >>> 1;
    this.slab = slab;
    this.words = slab.words.fill(0);
    this.mask = slots - 1;
    this.limit = Math.floor(slots * maxLoad);
    this.depth = depth;
    this.count = 0;
  }

  put(hash: number, ref: Ref): void {
    const { words, mask } = this;
    let slot = hash & mask;
    while (words[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    words[slot * 2] = hash;
    words[slot * 2 + 1] = ref;
    this.count += 1;
  }

  /** The slot of an entry that is there. */
  slotOf(hash: number, ref: Ref): number {
    const { words, mask } = this;
    let slot = hash & mask;
    while (words[slot * 2 + 1] !== ref || words[slot * 2] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  /** Empties a slot and closes the gap, so that no probe ends too early. */
  clear(slot: number): void {
    const { words, mask } = this;
    let gap = slot;
    for (let next = (gap + 1) & mask; words[next * 2 + 1] !== 0; next = (next + 1) & mask) {
      const hash = words[next * 2] as number;
      // An entry may move back as far as the slot where its search begins.
      if (((next - hash) & mask) < ((next - gap) & mask)) continue;
      words[gap * 2] = hash;
      words[gap * 2 + 1] = words[next * 2 + 1] as number;
      gap = next;
    }
    words[gap * 2 + 1] = 0;
    this.count -= 1;
  }

  /** Puts every entry into the segment that `choose` names by the hash. */
  moveAll(choose: (hash: number) => Segment): void {
    const { words } = this;
    for (let i = 0; i < words.length; i += 2) {
      const ref = words[i + 1] as number;
      const hash = words[i] as number;
      if (ref !== 0) choose(hash).put(hash, ref);
    }
  }
}

/**
 * From a 32-bit hash to references, by extendible hashing: the leading bits of a hash choose a segment of one slab, and
 * a segment that is full is split in two. So growing costs one segment at a time (some 100 µs), never the whole.
 */
export class RefIndex<Key> {
  readonly #slabs: Slabs;
  readonly #matches: (ref: Ref, key: Key) => boolean;
  /** One segment for each value of the leading `#depth` bits; neighbours may be the same. */
  #directory: Segment[];
  #depth: number;
  #size: number;
  #bytes: number;

  /** @param matches whether what is at `ref` has this key; asked when the hashes agree */
  constructor(slabs: Slabs, matches: (ref: Ref, key: Key) => boolean) {
    this.#slabs = slabs;
    this.#matches = matches;
    this.#depth = 0;
    this.#size = 0;
    this.#bytes = 0;
    this.#directory = [this.#segment(segmentSlots, 0)];
  }

  get size(): number {
    return this.#size;
  }

  /** The reference of the entry with that key; 0 when there is none. */
  find(hash: number, key: Key): Ref {
    const { words, mask } = this.#segmentOf(hash);
    let slot = hash & mask;
    for (;;) {
      const ref = words[slot * 2 + 1] as number;
      if (ref === 0) return 0;
      if (words[slot * 2] === hash && this.#matches(ref, key)) return ref;
      slot = (slot + 1) & mask;
    }
  }

  /** Adds an entry whose key is not there. */
  insert(hash: number, ref: Ref): void {
    let segment = this.#segmentOf(hash);
    while (segment.count >= segment.limit) {
      this.#makeRoom(segment, hash);
      segment = this.#segmentOf(hash);
    }
    segment.put(hash, ref);
    this.#size += 1;
  }

  /** Removes an entry that is there. */
  remove(hash: number, ref: Ref): void {
    const segment = this.#segmentOf(hash);
    segment.clear(segment.slotOf(hash, ref));
    this.#size -= 1;
    if (segment.depth > 0 && segment.count < segment.limit * mergeLoad) this.#merge(segment, hash);
  }

  /** Notes that what was at `from` is at `to` now. */
  replace(hash: number, from: Ref, to: Ref): void {
    const segment = this.#segmentOf(hash);
    segment.words[segment.slotOf(hash, from) * 2 + 1] = to;
  }

  report(): IndexReport {
    return { entries: this.#size, bytes: this.#bytes };
  }

  #segmentOf(hash: number): Segment {
    // In two steps, because a shift by 32 is none.
    return this.#directory[(hash >>> 1) >>> (31 - this.#depth)] as Segment;
  }

  #segment(slots: number, depth: number): Segment {
    const slab = this.#slabs.take(slots * 8);
    this.#bytes += slots * 8;
    return new Segment(slab, depth);
  }

  #drop(segment: Segment): void {
    this.#bytes -= segment.slab.words.byteLength;
    this.#slabs.give(segment.slab);
  }

  #makeRoom(segment: Segment, hash: number): void {
    const bit = 31 - segment.depth;
    const ones = segment.depth < maxDepth ? countOnes(segment, bit) : 0;
    const least = Math.min(ones, segment.count - ones);
    // Hashes that have all these bits in common will not part soon: one segment that is larger.
    if (least < segment.count / worthwhileShare) this.#grow(segment, hash);
    else this.#split(segment, hash, segment.count - least, bit);
  }

  #grow(segment: Segment, hash: number): void {
    const grown = this.#segment((segment.mask + 1) * 2, segment.depth);
    segment.moveAll(() => grown);
    this.#assign(hash, grown.depth, grown);
    this.#drop(segment);
  }

  #split(segment: Segment, hash: number, most: number, bit: number): void {
    const slots = most < segmentSlots * maxLoad ? segmentSlots : segment.mask + 1;
    const zeros = this.#segment(slots, segment.depth + 1);
    const ones = this.#segment(slots, segment.depth + 1);
    segment.moveAll((other) => ((other >>> bit) & 1 ? ones : zeros));
    if (segment.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((entry) => [entry, entry]);
      this.#depth += 1;
    }
    const mask = 1 << bit;
    this.#assign(hash & ~mask, zeros.depth, zeros);
    this.#assign(hash | mask, ones.depth, ones);
    this.#drop(segment);
  }

  #merge(segment: Segment, hash: number): void {
    const other = this.#segmentOf(hash ^ (1 << (32 - segment.depth)));
    if (other.depth !== segment.depth) return;
    const count = segment.count + other.count;
    if (count > segmentSlots * maxLoad * mergeLoad) return;
    const merged = this.#segment(segmentSlots, segment.depth - 1);
    segment.moveAll(() => merged);
    other.moveAll(() => merged);
    this.#assign(hash, merged.depth, merged);
    this.#drop(segment);
    this.#drop(other);
  }

  /** Names a segment in all places of the directory whose leading bits are those of `hash`. */
  #assign(hash: number, depth: number, segment: Segment): void {
    const span = 2 ** (this.#depth - depth);
    const from = ((hash >>> 1) >>> (31 - depth)) * span;
    for (let i = 0; i < span; i++) this.#directory[from + i] = segment;
  }
}

function countOnes(segment: Segment, bit: number): number {
  const { words } = segment;
  let ones = 0;
  for (let i = 0; i < words.length; i += 2) {
    if (words[i + 1] !== 0) ones += ((words[i] as number) >>> bit) & 1;
  }
  return ones;
}
