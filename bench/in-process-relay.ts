/** What does a relayed MESSAGE cost without the kernel: lookup, stateful relay, the phone's 200 relayed back? */
import { PerformanceObserver } from 'node:perf_hooks';
import { createServer } from '../src/server/server.ts';
import { answerRequest } from './generator/phone.ts';
import { isReply, statusOf } from './generator/reply.ts';
import { FIRST_SEQUENCE, type RequestKind, RequestTemplate } from './generator/request-template.ts';
import { MemoryDatagrams } from './guard/memory-datagrams.ts';
import { program, say } from './program.ts';
import { markdownTable } from './report/table.ts';
import { median } from './subject.ts';

const USERS = 10_000;
const ROUNDS = 40;
const COLD_ROUNDS = 5; // while the code is being compiled
const BATCH = 64;
const MEGABYTE = 1 << 20;

const parties = { transport: 'UDP', serverPort: 5060, clientPort: 40_000, salt: 'inproc' } as const;
const datagrams = new MemoryDatagrams();
/** What the phones say to the requests of one batch, until it is delivered. */
const answers = Array.from({ length: BATCH }, () => Buffer.alloc(4096));
const answerLengths: number[] = [];
let sequence = FIRST_SEQUENCE;
let answered = 0;

datagrams.sink = (bytes) => {
  if (!isReply(bytes, 0)) {
    const answer = answers[answerLengths.length] as Buffer;
    answerLengths.push(answerRequest(bytes, 0, bytes.length, answer, 0));
  } else if (statusOf(bytes, 0) === 200) answered += 1;
};

/** One request of a kind per user, each in memory that is used again by the next round. */
class Requests {
  readonly bytes: readonly Buffer[];
  readonly #template: RequestTemplate;

  constructor(kind: RequestKind) {
    const template = new RequestTemplate(kind, parties);
    this.#template = template;
    this.bytes = Array.from({ length: USERS }, () => Buffer.alloc(template.length));
    for (const bytes of this.bytes) template.lay(bytes, 0);
  }

  /** Makes them new requests. */
  renew(): void {
    for (let user = 0; user < USERS; user++) this.#template.patch(this.bytes[user] as Buffer, 0, user, sequence++);
  }
}

/** Delivers what a socket would have after one wake-up: some requests, then what the phones say to them. */
function deliver(requests: readonly Buffer[]): void {
  for (let from = 0; from < requests.length; from += BATCH) {
    const to = Math.min(from + BATCH, requests.length);
    for (let i = from; i < to; i++) datagrams.deliver(requests[i] as Buffer);
    for (let i = 0; i < answerLengths.length; i++) {
      datagrams.deliver((answers[i] as Buffer).subarray(0, answerLengths[i]));
    }
    answerLengths.length = 0;
  }
}

/** CPU microseconds per request of one round over all users, the garbage collector's threads included. */
async function round(requests: Requests): Promise<number> {
  requests.renew();
  answered = 0;
  const before = process.cpuUsage();
  deliver(requests.bytes);
  await new Promise(setImmediate); // timers that are due, as between two wake-ups
  const { user, system } = process.cpuUsage(before);
  if (answered !== USERS) throw new Error(`${answered} of ${USERS} requests were answered 200`);
  return (user + system) / USERS;
}

await program('What does a relayed MESSAGE cost without the kernel?', async () => {
  const server = createServer({ listen: ['udp:127.0.0.1:5060'] }, { datagrams });
  await server.start();
  await round(new Requests('initial'));
  const messages = new Requests('message');
  const pauses: number[] = [];
  const observer = new PerformanceObserver((list) => pauses.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ['gc'] });
  const costs: number[] = [];
  for (let number = 0; number < ROUNDS; number++) costs.push(await round(messages));
  await new Promise(setImmediate);
  observer.disconnect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const warm = costs.slice(COLD_ROUNDS);
  const mean = warm.reduce((sum, cost) => sum + cost, 0) / warm.length;
  say(
    markdownTable([
      ['relayed', 'median of the rounds', 'mean', 'longest pause of GC', 'pauses together', 'heap', 'buffers'],
      [
        String(USERS * ROUNDS),
        `${median(warm).toFixed(2)} µs`,
        `${mean.toFixed(2)} µs`,
        `${Math.max(0, ...pauses).toFixed(1)} ms`,
        `${pauses.reduce((sum, pause) => sum + pause, 0).toFixed(0)} ms`,
        `${(heapUsed / MEGABYTE).toFixed(0)} MiB`,
        `${(arrayBuffers / MEGABYTE).toFixed(0)} MiB`,
      ],
    ]),
  );
  await server.stop();
});
