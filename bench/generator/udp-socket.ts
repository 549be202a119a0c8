import type { DatagramBatch } from './datagram-batch.ts';
import {
  AF_INET,
  addressOf,
  EAGAIN,
  EINTR,
  errno,
  type Libc,
  MSG_DONTWAIT,
  POLLIN,
  SO_RCVBUF,
  SO_SNDBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from './libc.ts';
import { LoopbackAddress } from './socket-address.ts';

const BUFFER_BYTES = 4 * 1024 * 1024;
const MAX_ERRORS = 1000; // a server that is gone answers every datagram with an ICMP error

/** A UDP socket on 127.0.0.1, connected to the server, that sends and receives datagrams in batches. */
export class UdpSocket {
  readonly port: number;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #polled = new ArrayBuffer(8); // struct pollfd
  readonly #timeout = new ArrayBuffer(16); // struct timespec
  readonly #polledAddress = addressOf(this.#polled);
  readonly #timeoutAddress = addressOf(this.#timeout);
  #errors = 0;

  constructor(libc: Libc, serverPort: number) {
    this.#libc = libc;
    this.#fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (this.#fd < 0) throw new Error(`socket: errno ${errno()}`);
    new Int32Array(this.#polled).set([this.#fd, POLLIN]);
    const value = new ArrayBuffer(16);
    new DataView(value).setUint32(0, BUFFER_BYTES, true);
    const valueAddress = addressOf(value);
    libc.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUF, valueAddress, 4);
    libc.setsockopt(this.#fd, SOL_SOCKET, SO_SNDBUF, valueAddress, 4);
    const own = new LoopbackAddress(0);
    if (libc.bind(this.#fd, own.address, own.length) < 0) throw new Error(`bind: errno ${errno()}`);
    libc.getsockname(this.#fd, own.address, own.lengthAddress);
    this.port = own.port;
    const server = new LoopbackAddress(serverPort);
    if (libc.connect(this.#fd, server.address, server.length) < 0) throw new Error(`connect: errno ${errno()}`);
  }

  /** Sends the first `count` datagrams of the batch, all of them. */
  send(batch: DatagramBatch, count: number): void {
    let sent = 0;
    while (sent < count) {
      const n = this.#libc.sendmmsg(this.#fd, batch.headersFrom(sent), count - sent, 0);
      if (n > 0) sent += n;
      else this.#note('sendmmsg');
    }
  }

  /** Receives what is there, at most one batch; 0 when nothing is. Never waits. */
  receive(batch: DatagramBatch): number {
    const n = this.#libc.recvmmsg(this.#fd, batch.headersFrom(0), batch.capacity, MSG_DONTWAIT, 0);
    if (n > 0) return n;
    this.#note('recvmmsg');
    return 0;
  }

  /** Sleeps until a datagram is there, at most so many milliseconds, which must be less than a second. */
  wait(atMostMs: number): void {
    new BigInt64Array(this.#timeout)[1] = BigInt(Math.round(atMostMs * 1e6));
    this.#libc.ppoll(this.#polledAddress, 1, this.#timeoutAddress, 0);
  }

  close(): void {
    this.#libc.close(this.#fd);
  }

  #note(call: string): void {
    const number = errno();
    if (number === EAGAIN || number === EINTR) return;
    if (++this.#errors > MAX_ERRORS) throw new Error(`${call}: errno ${number}; is the server still there?`);
  }
}
