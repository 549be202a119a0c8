import type { Libc } from './libc.ts';
import { socketAddressBytes } from './socket-address.ts';

// struct mmsghdr on a 64-bit system: struct msghdr (56), the length (4), padding. The C libraries differ only in
// which of the unused bytes they call padding.
const headerBytes = 64;
const nameAt = 0;
const nameLengthAt = 8;
const vectorAt = 16;
const vectorCountAt = 24;
const receivedAt = 56;
const ioVectorBytes = 16;

/**
 * The `struct mmsghdr` array of recvmmsg(2) and sendmmsg(2), with one io vector and one address per message and a
 * block of bytes behind them. Written once, then only lengths change. The C library reads and writes it in place.
 */
export class MessageHeaders {
  readonly capacity: number;
  /** The bytes that the io vectors point into. */
  readonly bytes: Buffer;
  /** All of the memory, for reading and writing addresses at `addressWord`. */
  readonly words: Uint32Array;
  readonly #start: number;
  readonly #vectors: number;
  readonly #addresses: number;
  readonly #bytes: number;

  /**
   * @param capacity messages per call
   * @param byteCount bytes of all messages together
   */
  constructor(libc: Libc, capacity: number, byteCount: number) {
    this.capacity = capacity;
    this.#vectors = capacity * headerBytes;
    this.#addresses = this.#vectors + capacity * ioVectorBytes;
    this.#bytes = this.#addresses + capacity * socketAddressBytes;
    const block = new ArrayBuffer(this.#bytes + byteCount);
    this.#start = libc.addressOf(block);
    this.words = new Uint32Array(block, 0, this.#bytes / 4);
    this.bytes = Buffer.from(block, this.#bytes);
    for (let index = 0; index < capacity; index += 1) {
      const header = index * headerBytes;
      this.#setPointer(header + nameAt, this.#addresses + index * socketAddressBytes);
      this.#setPointer(header + vectorAt, this.#vectors + index * ioVectorBytes);
      this.words[(header + vectorCountAt) / 4] = 1;
    }
  }

  /** Where the header of a message lies, for the system. */
  headerOf(index: number): number {
    return this.#start + index * headerBytes;
  }

  /** Where the address of a message lies in `words`. */
  addressWord(index: number): number {
    return (this.#addresses + index * socketAddressBytes) / 4;
  }

  /** Before a call: the room for the address when receiving, its length when sending. The system overwrites it. */
  setAddressLength(index: number, length: number): void {
    this.words[(index * headerBytes + nameLengthAt) / 4] = length;
  }

  /** Where in `bytes` a message lies, and how long it is or may be. */
  setRange(index: number, offset: number, length: number): void {
    this.#setPointer(this.#vectors + index * ioVectorBytes, this.#bytes + offset);
    this.setLength(index, length);
  }

  /** Like `setRange` where the offset stays. */
  setLength(index: number, length: number): void {
    this.words[(this.#vectors + index * ioVectorBytes + 8) / 4] = length;
  }

  /** How many bytes of a message recvmmsg filled. */
  receivedLength(index: number): number {
    return this.words[(index * headerBytes + receivedAt) / 4] as number;
  }

  #setPointer(at: number, target: number): void {
    const pointer = this.#start + target;
    this.words[at / 4] = pointer % 2 ** 32;
    this.words[at / 4 + 1] = pointer / 2 ** 32;
  }
}
