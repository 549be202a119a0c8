import { addressOf } from './libc.ts';

const MMSGHDR_BYTES = 64; // struct msghdr (56) + msg_len (4) + padding, 64-bit ABI
const IOVEC_BYTES = 16;
const IOV_POINTER_AT = 16;
const IOV_COUNT_AT = 24;
const RECEIVED_LENGTH_AT = 56;

/**
 * A fixed number of datagrams in one block of memory, laid out as recvmmsg(2) and sendmmsg(2) want it: headers,
 * then one io vector per datagram, then the bytes. Nothing is allocated after construction.
 */
export class DatagramBatch {
  readonly capacity: number;
  readonly stride: number;
  /** The bytes of all datagrams: datagram i begins at `i * stride`. */
  readonly bytes: Buffer;
  readonly #address: number;
  readonly #words: Uint32Array;
  readonly #vectorWord: number;

  /** @param capacity datagrams per system call; @param stride bytes kept for each */
  constructor(capacity: number, stride: number) {
    const vectorsAt = capacity * MMSGHDR_BYTES;
    const bytesAt = vectorsAt + capacity * IOVEC_BYTES;
    const block = new ArrayBuffer(bytesAt + capacity * stride);
    this.capacity = capacity;
    this.stride = stride;
    this.bytes = Buffer.from(block, bytesAt);
    this.#address = addressOf(block);
    this.#words = new Uint32Array(block, 0, bytesAt / 4);
    this.#vectorWord = vectorsAt / 4;
    const view = new DataView(block);
    for (let i = 0; i < capacity; i++) {
      const header = i * MMSGHDR_BYTES;
      const vector = vectorsAt + i * IOVEC_BYTES;
      view.setBigUint64(header + IOV_POINTER_AT, BigInt(this.#address + vector), true);
      view.setBigUint64(header + IOV_COUNT_AT, 1n, true);
      view.setBigUint64(vector, BigInt(this.#address + bytesAt + i * stride), true);
      view.setBigUint64(vector + 8, BigInt(stride), true);
    }
  }

  /** Where the headers from datagram `index` on begin, for the system call. */
  headersFrom(index: number): number {
    return this.#address + index * MMSGHDR_BYTES;
  }

  /** How many bytes of datagram `index` will be sent. */
  setLength(index: number, length: number): void {
    this.#words[this.#vectorWord + index * 4 + 2] = length;
  }

  /** How many bytes the last recvmmsg put into datagram `index`. */
  receivedLength(index: number): number {
    return this.#words[(index * MMSGHDR_BYTES + RECEIVED_LENGTH_AT) / 4] as number;
  }
}
