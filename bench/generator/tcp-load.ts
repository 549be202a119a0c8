import { InFlight } from './in-flight.ts';
import type { Job, JobResult } from './job.ts';
import {
  AF_INET,
  addressOf,
  EAGAIN,
  EINTR,
  EPOLL_CTL_ADD,
  EPOLLIN,
  errno,
  IPPROTO_TCP,
  type Libc,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  TCP_NODELAY,
} from './libc.ts';
import { Pacer } from './pacer.ts';
import { sequenceOf, statusOf } from './reply.ts';
import { FIRST_SEQUENCE, RequestTemplate } from './request-template.ts';
import { LoopbackAddress } from './socket-address.ts';
import { Window } from './window.ts';

const EVENTS = 64;
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16; // struct epoll_event is packed on x86-64 only
const EVENT_DATA_AT = EVENT_BYTES - 8;
const MESSAGE_BYTES = 4096;
const CONNECT_BATCH = 64; // below the usual backlog, so that no SYN is dropped and waits a second
const CONNECTIONS_PER_HOST = 500; // many offices rather than one flooder: servers limit what one address opens
const EXPIRE_EVERY = 256;

/**
 * Load over many TCP connections, one per user, a request over each in turn. At most one request waits on a
 * connection, so a reply is complete when an empty line ends it: a REGISTER's reply has no body.
 */
export class TcpLoad {
  readonly port = 0;
  readonly #libc: Libc;
  readonly #serverPort: number;
  readonly #epoll: number;
  readonly #fds: number[] = [];
  readonly #connectionOf = new Map<number, number>();
  readonly #partial = new Map<number, Buffer>();
  readonly #events = new ArrayBuffer(EVENTS * EVENT_BYTES);
  readonly #eventView = new DataView(this.#events);
  readonly #eventsAddress = addressOf(this.#events);
  readonly #request = Buffer.from(new ArrayBuffer(MESSAGE_BYTES));
  readonly #reply = Buffer.from(new ArrayBuffer(MESSAGE_BYTES));
  readonly #requestAddress = addressOf(this.#request.buffer as ArrayBuffer);
  readonly #replyAddress = addressOf(this.#reply.buffer as ArrayBuffer);
  readonly #inFlight = new InFlight(FIRST_SEQUENCE);
  #next = 0;

  constructor(libc: Libc, serverPort: number, connections: number) {
    this.#libc = libc;
    this.#serverPort = serverPort;
    this.#epoll = libc.epollCreate(SOCK_CLOEXEC);
    for (let opened = 0; opened < connections; opened += CONNECT_BATCH) {
      for (let i = opened; i < Math.min(connections, opened + CONNECT_BATCH); i++) this.#connect();
    }
  }

  close(): void {
    for (const fd of this.#fds) this.#libc.close(fd);
    this.#libc.close(this.#epoll);
  }

  /** Runs one phase to its end, without giving the thread away. */
  run(job: Job): JobResult {
    const template = new RequestTemplate(job.kind, {
      transport: 'TCP',
      serverPort: this.#serverPort,
      clientPort: 5060,
      salt: process.pid.toString(36),
    });
    template.lay(this.#request, 0);
    const window = new Window(job, 0);
    const flight = this.#inFlight;
    const startedAt = performance.now();
    const pacer = new Pacer(job.pace, startedAt);
    const openAt = startedAt + job.warmupMs;
    let closeAt = Number.POSITIVE_INFINITY;
    let finish: ((lost: number) => JobResult) | undefined;
    let left = job.maxRequests === 0 ? Number.POSITIVE_INFINITY : job.maxRequests;
    let lost = 0;
    let turn = 0;
    let lastAt = startedAt;
    let now = startedAt;
    for (;;) {
      if (finish === undefined && !window.isOpen && now >= openAt) {
        now = window.open();
        pacer.restart(now);
        closeAt = now + job.measureMs;
        lastAt = now;
      }
      if (window.isOpen && (now >= closeAt || (left === 0 && flight.count === 0))) {
        finish = window.close();
        left = 0;
      }
      if (finish !== undefined && flight.count === 0) return finish(lost);

      const due = left === 0 || flight.full ? 0 : pacer.due(now, flight.count, Math.min(EVENTS, left));
      for (let i = 0; i < due; i++) {
        const at = pacer.take(now);
        if (window.isOpen) window.sendLag.record(now - at);
        this.#sendNext(template, flight.add(at));
      }
      left -= due;
      if (window.isOpen) window.sent += due;

      const ready = this.#libc.epollWait(this.#epoll, this.#eventsAddress, EVENTS, 0);
      const after = performance.now();
      if (ready > 0) this.#takeIn(ready, window);
      else if (due === 0 && window.isOpen) window.idleMs += after - now;
      if (++turn % EXPIRE_EVERY === 0) lost += flight.expire(after - job.timeoutMs);
      if (window.isOpen && after - lastAt > window.longestGapMs) window.longestGapMs = after - lastAt;
      lastAt = after;
      now = after;
    }
  }

  #connect(): void {
    const fd = this.#libc.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw new Error(`socket: errno ${errno()}; is the limit of open files too low?`);
    const own = new LoopbackAddress(0, 1 + Math.floor(this.#fds.length / CONNECTIONS_PER_HOST));
    if (this.#libc.bind(fd, own.address, own.length) < 0) throw new Error(`bind: errno ${errno()}`);
    const server = new LoopbackAddress(this.#serverPort);
    if (this.#libc.connect(fd, server.address, server.length) < 0) {
      throw new Error(`connect: errno ${errno()} at connection ${this.#fds.length + 1}`);
    }
    const one = new ArrayBuffer(16);
    new DataView(one).setUint32(0, 1, true);
    this.#libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, addressOf(one), 4);
    this.#eventView.setUint32(0, EPOLLIN, true);
    this.#eventView.setBigUint64(EVENT_DATA_AT, BigInt(fd), true);
    if (this.#libc.epollControl(this.#epoll, EPOLL_CTL_ADD, fd, this.#eventsAddress) < 0) {
      throw new Error(`epoll_ctl: errno ${errno()}`);
    }
    this.#connectionOf.set(fd, this.#fds.length);
    this.#fds.push(fd);
  }

  #sendNext(template: RequestTemplate, sequence: number): void {
    const user = this.#next;
    this.#next = (this.#next + 1) % this.#fds.length;
    template.patch(this.#request, 0, user, sequence);
    const sent = this.#libc.send(this.#fds[user] as number, this.#requestAddress, template.length, MSG_NOSIGNAL);
    if (sent !== template.length) throw new Error(`send: ${sent} of ${template.length} bytes, errno ${errno()}`);
  }

  #takeIn(ready: number, window: Window): void {
    for (let i = 0; i < ready; i++) {
      const fd = this.#eventView.getUint32(i * EVENT_BYTES + EVENT_DATA_AT, true);
      const length = this.#libc.recv(fd, this.#replyAddress, MESSAGE_BYTES, MSG_DONTWAIT);
      if (length === 0) throw new Error(`the server closed connection ${this.#connectionOf.get(fd)}`);
      if (length < 0) {
        const number = errno();
        if (number === EAGAIN || number === EINTR) continue;
        throw new Error(`recv: errno ${number} on connection ${this.#connectionOf.get(fd)}`);
      }
      this.#takeReply(fd, length, window);
    }
  }

  #takeReply(fd: number, length: number, window: Window): void {
    let bytes = this.#reply;
    let total = length;
    const begun = this.#partial.get(fd);
    if (begun !== undefined) {
      bytes = Buffer.concat([begun, this.#reply.subarray(0, length)]);
      total = bytes.length;
    }
    if (!endsWithEmptyLine(bytes, total)) {
      this.#partial.set(fd, Buffer.from(bytes.subarray(0, total)));
      return;
    }
    if (begun !== undefined) this.#partial.delete(fd);
    const sentAt = this.#inFlight.settle(sequenceOf(bytes, 0, total));
    if (sentAt < 0) window.unexpected++;
    else window.countReply(statusOf(bytes, 0), sentAt, performance.now());
  }
}

function endsWithEmptyLine(bytes: Buffer, length: number): boolean {
  return length >= 4 && bytes[length - 1] === 0x0a && bytes[length - 2] === 0x0d && bytes[length - 3] === 0x0a;
}
