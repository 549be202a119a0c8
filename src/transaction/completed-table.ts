import type { Clock, Timer } from '../base/clock.ts';
import type { Flow } from '../transport/flow.ts';
import type { KeyHash } from './key-hash.ts';

/** What a table is made of. */
export interface CompletedTableParts {
  readonly clock: Clock;
  /** How long a record is kept: timer J, K or D. */
  readonly keepMs: number;
  readonly hash: KeyHash;
  /** The memory that it may take; beyond it the oldest records go before their time. */
  readonly maxBytes: number;
}

/** What a record is found by; `hash` is that of the key. */
export interface KeptEntry {
  readonly key: string;
  readonly hash: number;
}

/** Bytes of one piece of memory, some hundreds of records. */
const chunkBytes = 1 << 18;
/** Pieces that are kept for use again: at a steady rate one is freed for each that is taken. */
const spareChunks = 4;
/** Chains of the hash table: one record each at a rate of 30,000 a second. Pages that nothing touches take no memory. */
const chainCount = 1 << 20;
/** The clock is asked no oftener than this, however densely records come, ms. */
const sweepMs = 10;

/** Words of a record before its key and its message; a record begins at a multiple of eight bytes. */
const headerWords = 8;
const nextWord = 0;
const hashWord = 1;
const keyLengthWord = 4;
const messageLengthWord = 5;
const flowWord = 6;
const noteWord = 7;
/** The due instant is the second double of a record. */
const dueDouble = 1;
/** In place of the number of its flow: the record was deleted. */
const deleted = -1;

/** The place of a record: its chunk and its offset there. 0 is no place. */
type Place = number;
const offsetBits = 15;
const offsetMask = (1 << offsetBits) - 1;

/**
 * What is left of transactions in Completed: the key, and the message that answers a retransmission. All are kept
 * equally long, so they expire in the order in which they came, by one timer of the clock.
 *
 * At ten thousand requests a second timer J holds 320,000 of them. As objects they would all grow old, and the
 * garbage collector would look at each of them again and again. So they lie in pieces of memory outside the heap,
 * written one after the other and freed whole; a hash table over them finds one by its key.
 */
export class CompletedTable {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #hash: KeyHash;
  readonly #maxBytes: number;
  /** The first record of each chain. Most servers never need it, so it is made for the first record. */
  #chains: Int32Array | undefined = undefined;
  /** Chunks by the number that stands in a place; the first number is 1. */
  #chunks: (Chunk | undefined)[] = [undefined];
  #unused: number[] = [];
  #spare: Chunk[] = [];
  #oldest: Chunk | undefined = undefined;
  #newest: Chunk | undefined = undefined;
  #bytes = 0;
  #size = 0;
  #forgotten = 0;
  #timer: Timer | undefined = undefined;
  #timerAt = 0;

  constructor({ clock, keepMs, hash, maxBytes }: CompletedTableParts) {
    this.#clock = clock;
    this.#keepMs = keepMs;
    this.#hash = hash;
    this.#maxBytes = maxBytes;
  }

  /** How many records there are. */
  get size(): number {
    return this.#size;
  }

  /** The memory that they take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many went before their time for want of memory. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * Keeps a record.
   *
   * @param entry its key is a text of one byte per character, and not in the table
   * @param message what answers a retransmission, a text of one byte per character; empty when nothing does
   * @param flow what it is sent by
   * @param note a number of the caller's own
   */
  add({ key, hash }: KeptEntry, message: string, flow: Flow, note: number): void {
    const chunk = this.#roomFor(afterRecord(0, key.length + message.length));
    const at = chunk.end;
    const word = at >> 2;
    const { words, bytes } = chunk;
    const chains = this.#chains ?? this.#makeChains();
    const chain = hash & (chainCount - 1);
    const dueAt = this.#clock.now() + this.#keepMs;
    words[word + nextWord] = chains[chain] as number; // the chain is inside
    words[word + hashWord] = hash;
    chunk.doubles[(at >> 3) + dueDouble] = dueAt;
    words[word + keyLengthWord] = key.length;
    words[word + messageLengthWord] = message.length;
    words[word + flowWord] = chunk.indexOf(flow);
    words[word + noteWord] = note;
    const body = at + headerWords * 4;
    // A call into the runtime costs more than a loop over so short a text.
    for (let i = 0; i < key.length; i++) bytes[body + i] = key.charCodeAt(i);
    if (message.length > 0) bytes.write(message, body + key.length, 'latin1');
    chunk.end = afterRecord(at, key.length + message.length);
    chains[chain] = (chunk.number << offsetBits) | (at >> 3);
    this.#size++;
    if (this.#timer === undefined) this.#arm(this.#keepMs, dueAt);
  }

  /** The place of the record with that key, 0 when there is none; good until the table is changed. */
  find(key: string): Place {
    if (this.#size === 0 || this.#chains === undefined) return 0;
    const hash = this.#hash.of(key);
    for (let place = this.#chains[hash & (chainCount - 1)] as Place; place !== 0; ) {
      const chunk = this.#chunkOf(place);
      const at = offsetOf(place);
      const word = at >> 2;
      if (chunk.words[word + hashWord] === hash && chunk.holdsKey(at, key)) {
        return (chunk.doubles[(at >> 3) + dueDouble] as number) > this.#clock.now() ? place : 0;
      }
      place = chunk.words[word + nextWord] as Place;
    }
    return 0;
  }

  /** The message of a record. */
  messageAt(place: Place): string {
    const chunk = this.#chunkOf(place);
    const at = offsetOf(place);
    const start = at + headerWords * 4 + (chunk.words[(at >> 2) + keyLengthWord] as number);
    return chunk.bytes.toString('latin1', start, start + (chunk.words[(at >> 2) + messageLengthWord] as number));
  }

  /** The flow of a record. */
  flowAt(place: Place): Flow {
    const chunk = this.#chunkOf(place);
    return chunk.flows[chunk.words[(offsetOf(place) >> 2) + flowWord] as number] as Flow;
  }

  /** The note of a record. */
  noteAt(place: Place): number {
    return this.#chunkOf(place).words[(offsetOf(place) >> 2) + noteWord] as number;
  }

  /** Forgets the record of that key; does nothing when there is none. */
  delete(key: string): void {
    const place = this.find(key);
    if (place === 0) return;
    const { words } = this.#chunkOf(place);
    const word = offsetOf(place) >> 2;
    this.#unchain(place, words[word + hashWord] as number);
    words[word + flowWord] = deleted;
    this.#size--;
  }

  /** Forgets everything. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#chains = undefined;
    this.#chunks = [undefined];
    this.#unused = [];
    this.#spare = [];
    this.#oldest = undefined;
    this.#newest = undefined;
    this.#bytes = 0;
    this.#size = 0;
  }

  #makeChains(): Int32Array {
    this.#chains = new Int32Array(chainCount);
    return this.#chains;
  }

  #chunkOf(place: Place): Chunk {
    return this.#chunks[place >> offsetBits] as Chunk; // a place names a chunk in use
  }

  #roomFor(length: number): Chunk {
    const newest = this.#newest;
    if (newest !== undefined && newest.end + length <= newest.bytes.length) return newest;
    const chunk = this.#takeChunk(length);
    while (this.#bytes + chunk.bytes.length > this.#maxBytes && this.#oldest !== undefined) this.#forget(this.#oldest);
    if (this.#newest === undefined) this.#oldest = chunk;
    else this.#newest.newer = chunk;
    this.#newest = chunk;
    this.#bytes += chunk.bytes.length;
    return chunk;
  }

  #takeChunk(length: number): Chunk {
    const spare = length <= chunkBytes ? this.#spare.pop() : undefined;
    const number = this.#unused.pop() ?? this.#chunks.length;
    const chunk = spare ?? new Chunk(Math.max(length, chunkBytes));
    chunk.number = number;
    this.#chunks[number] = chunk;
    return chunk;
  }

  // The oldest chunk, when its last record is gone.
  #free(chunk: Chunk): void {
    this.#oldest = chunk.newer;
    if (chunk === this.#newest) this.#newest = undefined;
    this.#chunks[chunk.number] = undefined;
    this.#unused.push(chunk.number);
    this.#bytes -= chunk.bytes.length;
    chunk.reset();
    if (chunk.bytes.length === chunkBytes && this.#spare.length < spareChunks) this.#spare.push(chunk);
  }

  #forget(chunk: Chunk): void {
    const before = this.#size;
    while (chunk.start < chunk.end) this.#dropFirst(chunk);
    this.#forgotten += before - this.#size;
    this.#free(chunk);
  }

  #dropFirst(chunk: Chunk): void {
    const { words } = chunk;
    const at = chunk.start;
    const word = at >> 2;
    if (words[word + flowWord] !== deleted) {
      this.#unchain((chunk.number << offsetBits) | (at >> 3), words[word + hashWord] as number);
      this.#size--;
    }
    chunk.start = afterRecord(
      at,
      (words[word + keyLengthWord] as number) + (words[word + messageLengthWord] as number),
    );
  }

  #unchain(place: Place, hash: number): void {
    const chains = this.#chains as Int32Array; // there is a record
    const chunk = this.#chunkOf(place);
    const next = chunk.words[(offsetOf(place) >> 2) + nextWord] as Place;
    const chain = hash & (chainCount - 1);
    let other = chains[chain] as Place;
    if (other === place) {
      chains[chain] = next;
      return;
    }
    for (;;) {
      const { words } = this.#chunkOf(other);
      const link = (offsetOf(other) >> 2) + nextWord;
      other = words[link] as Place;
      if (other === place) {
        words[link] = next;
        return;
      }
    }
  }

  #arm(delayMs: number, at: number): void {
    this.#timerAt = at;
    this.#timer = this.#clock.after(delayMs, () => this.#sweep());
  }

  #sweep(): void {
    this.#timer = undefined;
    // The timer counts on while somebody sets the clock back, so what it was armed for is due.
    const now = Math.max(this.#clock.now(), this.#timerAt);
    for (let chunk = this.#oldest; chunk !== undefined; chunk = this.#oldest) {
      while (chunk.start < chunk.end) {
        const dueAt = chunk.doubles[(chunk.start >> 3) + dueDouble] as number;
        if (dueAt > now) {
          this.#arm(Math.min(Math.max(dueAt - now, sweepMs), this.#keepMs), dueAt);
          return;
        }
        this.#dropFirst(chunk);
      }
      this.#free(chunk);
    }
  }
}

function offsetOf(place: Place): number {
  return (place & offsetMask) << 3;
}

/** Where the record after the one at `at` begins, whose key and message have so many bytes. */
function afterRecord(at: number, bytes: number): number {
  return (at + headerWords * 4 + bytes + 7) & ~7;
}

/** A piece of memory with records one after the other. */
class Chunk {
  number: number;
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** The flows of its records; those of one peer often follow each other. */
  readonly flows: Flow[];
  /** Where its first record begins that is not gone. */
  start: number;
  /** Where the next record goes. */
  end: number;
  newer: Chunk | undefined;

  /** @param length a multiple of eight */
  constructor(length: number) {
    const memory = new ArrayBuffer(length);
    this.number = 0;
    this.bytes = Buffer.from(memory);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.flows = [];
    this.start = 0;
    this.end = 0;
    this.newer = undefined;
  }

  indexOf(flow: Flow): number {
    const { flows } = this;
    if (flows.length === 0 || flows[flows.length - 1] !== flow) flows.push(flow);
    return flows.length - 1;
  }

  holdsKey(at: number, key: string): boolean {
    if (this.words[(at >> 2) + keyLengthWord] !== key.length) return false;
    const start = at + headerWords * 4;
    return this.bytes.toString('latin1', start, start + key.length) === key;
  }

  reset(): void {
    this.flows.length = 0;
    this.start = 0;
    this.end = 0;
    this.newer = undefined;
  }
}
