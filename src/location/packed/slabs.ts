import { assert } from '../../base/assert.ts';

/**
 * Where a block begins, as a positive 31-bit integer: the number of its slab above `unitBits`, the place within the slab
 * in units of 8 bytes below. 0 refers to nothing.
 */
export type Ref = number;

/** Bytes of an ordinary slab; a block that is too large for one gets a slab of its own size. */
export const slabBytes = 65_536;

const unitBits = 13;
const unitMask = 2 ** unitBits - 1;
/** Slabs of 64 KiB times this are 16 GiB; references stay small integers for V8. */
const maxSlabs = 2 ** (31 - unitBits);
/** Empty slabs kept for the next need: at least so many, and one in so many of all. */
const minReserve = 4;
const reserveShare = 16;

/** A Buffer with the two methods of Node that its types leave out: a string to or from bytes, one byte a character. */
export interface Latin1Bytes extends Buffer {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number): number;
}

/** A piece of memory outside the garbage collector's heap, seen as words and as bytes. */
export class Slab {
  readonly number: number;
  readonly words: Int32Array;
  readonly bytes: Latin1Bytes;
  /** Which size of blocks it is cut into; the business of `Blocks`. */
  sizeClass: number;

  constructor(number: number, byteLength: number) {
    // Shared, so that engine threads can one day see the same bindings.
    const buffer = new SharedArrayBuffer(byteLength);
    this.number = number;
    this.words = new Int32Array(buffer);
    // Every Buffer has these methods; only their types are missing.
    this.bytes = Buffer.from(buffer) as unknown as Latin1Bytes;
    this.sizeClass = -1;
  }
}

/** The reference of a place in a slab. */
export function refOf(slab: Slab, byteOffset: number): Ref {
  return (slab.number << unitBits) | (byteOffset >>> 3);
}

/** The index of a reference's first word within its slab. */
export function wordOf(ref: Ref): number {
  return (ref & unitMask) << 1;
}

/** All slabs by their numbers. Growing takes one more and moves nothing. */
export class Slabs {
  /** Dense; a number without a slab holds `#none`. */
  readonly #slabs: Slab[];
  readonly #none: Slab;
  readonly #freeNumbers: number[];
  readonly #reserve: Slab[];
  #count: number;
  #bytes: number;

  constructor() {
    this.#none = new Slab(0, 0);
    // Number 0 is never given out: its first reference would be 0.
    this.#slabs = [this.#none];
    this.#freeNumbers = [];
    this.#reserve = [];
    this.#count = 0;
    this.#bytes = 0;
  }

  /** Bytes of all slabs, those in reserve included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of empty slabs that wait for the next need. */
  get reserveBytes(): number {
    return this.#reserve.length * slabBytes;
  }

  /** The slab that a reference points into. */
  of(ref: Ref): Slab {
    return this.#slabs[ref >>> unitBits] as Slab;
  }

  /** A slab to use. What it holds is undefined. */
  take(byteLength = slabBytes): Slab {
    const kept = byteLength === slabBytes ? this.#reserve.pop() : undefined;
    if (kept !== undefined) return kept;
    const number = this.#freeNumbers.pop() ?? this.#slabs.length;
    assert(number < maxSlabs, 'the location has reached 16 GiB');
    const slab = new Slab(number, byteLength);
    this.#slabs[number] = slab;
    this.#count += 1;
    this.#bytes += byteLength;
    return slab;
  }

  /** Takes a slab back: into the reserve while that is small, else to the garbage collector. */
  give(slab: Slab): void {
    const mostKept = Math.max(minReserve, Math.floor(this.#count / reserveShare));
    if (slab.words.byteLength === slabBytes && this.#reserve.length < mostKept) {
      this.#reserve.push(slab);
      return;
    }
    this.#slabs[slab.number] = this.#none;
    this.#freeNumbers.push(slab.number);
    this.#count -= 1;
    this.#bytes -= slab.words.byteLength;
  }
}
