import type { DatagramBatch } from './datagram-driver.ts';
import { type Libc, MSG_DONTWAIT } from './libc.ts';
import { MessageHeaders } from './message-headers.ts';
import { portAt, type SocketAddresses, socketAddressBytes } from './socket-address.ts';

// More in one call would save nothing: what a call costs is spread over enough datagrams. 64 REGISTERs take less
// than half a millisecond, and then timers and connections have their turn.
const capacity = 64;
// No UDP payload is longer than 65,527 bytes, so none is ever cut. Pages that no datagram reached take no memory. The
// odd lines keep the datagrams of a batch from sharing the same places of the processor's caches.
const slotBytes = 65_536 + 9 * 64;
// Lengths of which a slot keeps its Buffer; those of one kind of request differ by a few bytes.
const keptPerSlot = 8;

/** Where the datagrams of one recvmmsg lie; used again for the next, and by all sockets of a driver in turn. */
export class ReceiveSlab implements DatagramBatch {
  /** Datagrams that a full batch has. */
  readonly capacity: number;
  #count: number;
  readonly #libc: Libc;
  readonly #addresses: SocketAddresses;
  readonly #headers: MessageHeaders;
  readonly #kept: (Buffer | undefined)[];

  constructor(libc: Libc, addresses: SocketAddresses) {
    this.capacity = capacity;
    this.#count = 0;
    this.#libc = libc;
    this.#addresses = addresses;
    this.#headers = new MessageHeaders(libc, capacity, capacity * slotBytes);
    this.#kept = new Array<Buffer | undefined>(capacity * keptPerSlot).fill(undefined);
    for (let index = 0; index < capacity; index += 1) {
      this.#headers.setRange(index, index * slotBytes, slotBytes);
      this.#headers.setAddressLength(index, socketAddressBytes);
    }
  }

  /** Datagrams of the last `receive`. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes what has arrived, at most `capacity` datagrams.
   *
   * @returns how many, or -1 with the reason in `errno`
   */
  receive(fd: number): number {
    for (let index = 0; index < this.#count; index += 1) this.#headers.setAddressLength(index, socketAddressBytes);
    const received = this.#libc.recvmmsg(fd, this.#headers.headerOf(0), capacity, MSG_DONTWAIT, 0);
    this.#count = Math.max(0, received);
    return received;
  }

  bytes(index: number): Buffer {
    const length = this.#headers.receivedLength(index);
    const place = index * keptPerSlot + (length & (keptPerSlot - 1));
    const kept = this.#kept[place];
    if (kept?.length === length) return kept;
    const offset = index * slotBytes;
    const bytes = this.#headers.bytes.subarray(offset, offset + length);
    this.#kept[place] = bytes;
    return bytes;
  }

  address(index: number): string {
    return this.#addresses.text(this.#headers.words, this.#headers.addressWord(index));
  }

  port(index: number): number {
    return portAt(this.#headers.words, this.#headers.addressWord(index));
  }
}
