import { DatagramBatch } from './datagram-batch.ts';
import { InFlight } from './in-flight.ts';
import type { Job, JobResult } from './job.ts';
import type { Libc } from './libc.ts';
import { Pacer } from './pacer.ts';
import { answerRequest } from './phone.ts';
import { isReply, sequenceOf, statusOf } from './reply.ts';
import { FIRST_SEQUENCE, RequestTemplate } from './request-template.ts';
import { UdpSocket } from './udp-socket.ts';
import { UserWalk } from './users.ts';
import { Window } from './window.ts';

const BATCH = 64;
const DATAGRAM_BYTES = 2048;
const EXPIRE_EVERY = 256; // turns of the loop between two looks for losses
const LONGEST_SLEEP_MS = 1;
const SHORTEST_SLEEP_MS = 0.06; // the kernel may add 50 µs to a sleep (prctl(2), PR_SET_TIMERSLACK)

/**
 * Load over one UDP socket. The loop never sleeps where the generator has a core of its own: its wake-ups would be in
 * the measured latency. The socket is also the phone of every user: what the server relays to a contact arrives
 * here and is answered 200.
 */
export class UdpLoad {
  readonly port: number;
  readonly #socket: UdpSocket;
  readonly #serverPort: number;
  readonly #salt: string;
  readonly #outgoing = new DatagramBatch(BATCH, DATAGRAM_BYTES);
  readonly #incoming = new DatagramBatch(BATCH, DATAGRAM_BYTES);
  readonly #answers = new DatagramBatch(BATCH, DATAGRAM_BYTES);
  readonly #inFlight = new InFlight(FIRST_SEQUENCE);
  readonly #walks = new Map<string, UserWalk>();

  /** @param salt keeps its Call-IDs apart from those of other generators */
  constructor(libc: Libc, serverPort: number, salt: string) {
    this.#salt = salt;
    this.#socket = new UdpSocket(libc, serverPort);
    this.#serverPort = serverPort;
    this.port = this.#socket.port;
  }

  close(): void {
    this.#socket.close();
  }

  /** Runs one phase to its end, without giving the thread away. */
  run(job: Job): JobResult {
    const template = this.#layTemplate(job);
    const walk = this.#walkOf(job);
    const window = new Window(job, this.port);
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

      const due = left === 0 || flight.full ? 0 : pacer.due(now, flight.count, Math.min(BATCH, left));
      for (let i = 0; i < due; i++) {
        const at = pacer.take(now);
        if (window.isOpen) window.sendLag.record(now - at);
        template.patch(this.#outgoing.bytes, i * DATAGRAM_BYTES, walk.next(), flight.add(at));
      }
      if (due > 0) {
        this.#socket.send(this.#outgoing, due);
        left -= due;
        if (window.isOpen) window.sent += due;
      }

      const received = this.#socket.receive(this.#incoming);
      if (received === 0 && due === 0 && job.databasePid !== undefined) {
        const sleepMs = Math.min(LONGEST_SLEEP_MS, pacer.idleMs(now));
        if (sleepMs > SHORTEST_SLEEP_MS) this.#socket.wait(sleepMs);
      }
      const after = performance.now();
      if (received > 0) this.#takeIn(received, window, after);
      else if (due === 0 && window.isOpen) window.idleMs += after - now;
      if (++turn % EXPIRE_EVERY === 0) lost += flight.expire(after - job.timeoutMs);
      if (window.isOpen && after - lastAt > window.longestGapMs) window.longestGapMs = after - lastAt;
      lastAt = after;
      now = after;
    }
  }

  #takeIn(received: number, window: Window, now: number): void {
    const { bytes } = this.#incoming;
    let answers = 0;
    for (let i = 0; i < received; i++) {
      const offset = i * DATAGRAM_BYTES;
      const length = this.#incoming.receivedLength(i);
      if (!isReply(bytes, offset)) {
        const written = answerRequest(bytes, offset, length, this.#answers.bytes, answers * DATAGRAM_BYTES);
        if (written > 0) this.#answers.setLength(answers++, written);
        continue;
      }
      const status = statusOf(bytes, offset);
      if (status < 200) continue;
      const sentAt = this.#inFlight.settle(sequenceOf(bytes, offset, length));
      if (sentAt < 0) window.unexpected++;
      else window.countReply(status, sentAt, now);
    }
    if (answers > 0) this.#socket.send(this.#answers, answers);
  }

  #layTemplate(job: Job): RequestTemplate {
    const template = new RequestTemplate(job.kind, {
      transport: 'UDP',
      serverPort: this.#serverPort,
      clientPort: this.port,
      salt: this.#salt,
    });
    for (let i = 0; i < BATCH; i++) {
      template.lay(this.#outgoing.bytes, i * DATAGRAM_BYTES);
      this.#outgoing.setLength(i, template.length);
    }
    return template;
  }

  /** Every user once, in another order than they were registered, going on where the last phase stopped. */
  #walkOf(job: Job): UserWalk {
    const order = job.kind === 'initial' || job.kind === 'remove' ? 'registering' : 'calling';
    const key = `${order} ${job.users}`;
    let walk = this.#walks.get(key);
    if (walk === undefined) {
      walk = new UserWalk(job.users, order === 'registering' ? 0.618 : 0.387);
      this.#walks.set(key, walk);
    }
    return walk;
  }
}
