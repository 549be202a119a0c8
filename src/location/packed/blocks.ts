import { classBytes, classCount, largeBytes, largestClassBytes, sizeClassOf } from './size-class.ts';
import { type Ref, refOf, type Slab, type Slabs, slabBytes, wordOf } from './slabs.ts';

/** Where the bytes of a block store's slabs are; the parts add up to its slabs. */
export interface BlocksReport {
  readonly blocks: number;
  /** Bytes of the blocks in use, each rounded up to its size class. */
  readonly blockBytes: number;
  /** Places for blocks that are free: in the last slab of each class only. */
  readonly vacantBytes: number;
  /** Ends of slabs that are too short for one more block. */
  readonly tailBytes: number;
}

/** The slabs of one size; all full but the last. */
class BlockClass {
  readonly bytes: number;
  readonly perSlab: number;
  readonly slabs: Slab[];
  /** Blocks in the last slab. */
  used: number;

  constructor(sizeClass: number) {
    this.bytes = classBytes(sizeClass);
    this.perSlab = Math.floor(slabBytes / this.bytes);
    this.slabs = [];
    this.used = this.perSlab;
  }

  get count(): number {
    return this.slabs.length * this.perSlab - (this.perSlab - this.used);
  }
}

/**
 * Memory in blocks of many sizes without holes: a slab is cut into blocks of one size class, and a block that is freed
 * is filled by the last one of its class at once. So the free places of a class fit into one slab, whatever came and
 * went before.
 */
export class Blocks {
  readonly #slabs: Slabs;
  readonly #moved: (from: Ref, to: Ref) => void;
  readonly #classes: readonly BlockClass[];
  #largeCount: number;
  #largeBytes: number;

  /** @param moved hears that the block at `from` is at `to` now, its bytes being there already */
  constructor(slabs: Slabs, moved: (from: Ref, to: Ref) => void) {
    this.#slabs = slabs;
    this.#moved = moved;
    this.#classes = Array.from({ length: classCount }, (_, sizeClass) => new BlockClass(sizeClass));
    this.#largeCount = 0;
    this.#largeBytes = 0;
  }

  /** A block of at least so many bytes; what it holds is undefined. Moves nothing. */
  allocate(bytes: number): Ref {
    if (bytes > largestClassBytes) return this.#allocateLarge(bytes);
    const sizeClass = sizeClassOf(bytes);
    const blocks = this.#classes[sizeClass] as BlockClass;
    if (blocks.used === blocks.perSlab) {
      const slab = this.#slabs.take();
      slab.sizeClass = sizeClass;
      blocks.slabs.push(slab);
      blocks.used = 0;
    }
    const slab = blocks.slabs[blocks.slabs.length - 1] as Slab;
    blocks.used += 1;
    return refOf(slab, (blocks.used - 1) * blocks.bytes);
  }

  /** Whether a block would serve for so many bytes as well as a new one. */
  fits(ref: Ref, bytes: number): boolean {
    const slab = this.#slabs.of(ref);
    if (slab.sizeClass !== -1) return bytes <= largestClassBytes && sizeClassOf(bytes) === slab.sizeClass;
    return bytes > largestClassBytes && largeBytes(bytes) === slab.words.byteLength;
  }

  /** Frees a block that nothing refers to any more. Another block of its class may move to its place. */
  free(ref: Ref): void {
    const slab = this.#slabs.of(ref);
    if (slab.sizeClass === -1) {
      this.#largeCount -= 1;
      this.#largeBytes -= slab.words.byteLength;
      this.#slabs.give(slab);
      return;
    }
    const blocks = this.#classes[slab.sizeClass] as BlockClass;
    const lastSlab = blocks.slabs[blocks.slabs.length - 1] as Slab;
    const last = refOf(lastSlab, (blocks.used - 1) * blocks.bytes);
    if (last !== ref) {
      copyWords(lastSlab.words, wordOf(last), slab.words, wordOf(ref), blocks.bytes >>> 2);
      this.#moved(last, ref);
    }
    blocks.used -= 1;
    if (blocks.used > 0) return;
    blocks.slabs.pop();
    blocks.used = blocks.perSlab;
    this.#slabs.give(lastSlab);
  }

  report(): BlocksReport {
    const report = {
      blocks: this.#largeCount,
      blockBytes: this.#largeBytes,
      vacantBytes: 0,
      tailBytes: 0,
    };
    for (const { bytes, perSlab, slabs, used, count } of this.#classes) {
      report.blocks += count;
      report.blockBytes += count * bytes;
      report.vacantBytes += (perSlab - used) * bytes;
      report.tailBytes += slabs.length * (slabBytes - perSlab * bytes);
    }
    return report;
  }

  #allocateLarge(bytes: number): Ref {
    const slab = this.#slabs.take(largeBytes(bytes));
    slab.sizeClass = -1;
    this.#largeCount += 1;
    this.#largeBytes += slab.words.byteLength;
    return refOf(slab, 0);
  }
}

function copyWords(from: Int32Array, fromAt: number, to: Int32Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i] as number;
}
