import { type Libc, MSG_DONTWAIT } from './libc.ts';
import { MessageHeaders } from './message-headers.ts';
import { type SocketAddresses, socketAddressLength } from './socket-address.ts';

// As many as one receive batch can make it answer; whatever is more goes in the next call.
const capacity = 64;
// Two kilobytes for each message on average, and always enough for the longest one.
const slabBytes = 128 * 1024;
/** A longer message fits no datagram (RFC 768: the length field has 16 bits). */
export const maxDatagramBytes = 65_535;

/** The datagrams of one socket that wait for the next sendmmsg. */
export class SendSlab {
  readonly #libc: Libc;
  readonly #addresses: SocketAddresses;
  readonly #headers: MessageHeaders;
  readonly #addressLength: number;
  readonly #remoteAddresses: string[];
  readonly #remotePorts: number[];
  #count: number;
  #sent: number;
  #end: number;

  /** @param family of all addresses that are sent to */
  constructor(libc: Libc, addresses: SocketAddresses, family: 4 | 6) {
    this.#libc = libc;
    this.#addresses = addresses;
    this.#headers = new MessageHeaders(libc, capacity, slabBytes);
    this.#addressLength = socketAddressLength(family);
    this.#remoteAddresses = new Array<string>(capacity).fill('');
    this.#remotePorts = new Array<number>(capacity).fill(0);
    this.#count = 0;
    this.#sent = 0;
    this.#end = 0;
    for (let index = 0; index < capacity; index += 1) this.#headers.setAddressLength(index, this.#addressLength);
  }

  get isEmpty(): boolean {
    return this.#sent === this.#count;
  }

  /** Bytes that are not sent yet, roughly: what was sent of a batch counts until all of it is. */
  get byteLength(): number {
    return this.#end;
  }

  /** Copies a datagram in; false when there is no room, which an empty slab has for any of `maxDatagramBytes`. */
  add(bytes: Buffer, address: string, port: number): boolean {
    if (!this.#hasRoomFor(bytes.length)) return false;
    this.#headers.bytes.set(bytes, this.#end);
    this.#append(bytes.length, address, port);
    return true;
  }

  /** The same for a text of one byte per character. */
  addLatin1(text: string, address: string, port: number): boolean {
    if (!this.#hasRoomFor(text.length)) return false;
    this.#headers.bytes.write(text, this.#end, 'latin1');
    this.#append(text.length, address, port);
    return true;
  }

  /**
   * Gives the system as much as it takes in one call.
   *
   * @returns how many it took, or -1 with the reason in `errno`: then it concerns the first one
   */
  send(fd: number): number {
    const first = this.#headers.headerOf(this.#sent);
    const sent = this.#libc.sendmmsg(fd, first, this.#count - this.#sent, MSG_DONTWAIT);
    if (sent > 0) this.#advance(sent);
    return sent;
  }

  /** The address of the first datagram that is not sent yet. */
  get firstAddress(): string {
    return this.#remoteAddresses[this.#sent] as string;
  }

  /** The port of the first datagram that is not sent yet. */
  get firstPort(): number {
    return this.#remotePorts[this.#sent] as number;
  }

  /** Gives up the first datagram that is not sent yet. */
  dropFirst(): void {
    this.#advance(1);
  }

  #hasRoomFor(length: number): boolean {
    return this.#count < capacity && this.#end + length <= slabBytes;
  }

  /** What was written at the end becomes a datagram. */
  #append(length: number, address: string, port: number): void {
    const index = this.#count;
    this.#headers.setRange(index, this.#end, length);
    this.#addresses.write(this.#headers.words, this.#headers.addressWord(index), address, port);
    this.#remoteAddresses[index] = address;
    this.#remotePorts[index] = port;
    this.#end += length;
    this.#count += 1;
  }

  #advance(by: number): void {
    this.#sent += by;
    if (this.#sent < this.#count) return;
    this.#sent = 0;
    this.#count = 0;
    this.#end = 0;
  }
}
