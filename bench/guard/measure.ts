/**
 * Measures the work of each case and prints it as JSON. `guard.ts` starts it with the flags that it needs: the
 * garbage collector at hand, and a young generation so large that none runs during a count.
 */
import { getHeapStatistics } from 'node:v8';
import { createServer } from '../../src/server/server.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { answerRequest } from '../generator/phone.ts';
import { isReply, statusOf } from '../generator/reply.ts';
import { FIRST_SEQUENCE, type RequestKind, RequestTemplate } from '../generator/request-template.ts';
import { median } from '../subject.ts';
import { CountingClock, CountingRandom } from './counting.ts';
import { MemoryDatagrams } from './memory-datagrams.ts';
import type { Work } from './work.ts';

const USERS = 1_000;
const WARMUP_ROUNDS = 15; // by then every function on the path is compiled as it stays
const ROUNDS = 5;
const AFTER_TRANSACTIONS_MS = 64_000; // longer than any transaction lives (RFC 3261 §17: 64 × T1)

const collect = globalThis.gc;
if (collect === undefined) throw new Error('start it by guard.ts: it needs --expose-gc');

const clock = new CountingClock();
const random = new CountingRandom();
const datagrams = new MemoryDatagrams();
const server = createServer(
  { listen: ['udp:127.0.0.1:5060'], db: 'memory:', admin: 'off' },
  { clock, random, datagrams },
);
await server.start();

const counts = { sent: 0, bytes: 0, events: 0, wrong: 0 };
const answer = Buffer.alloc(4096);
server.on('binding', () => {
  counts.events++;
});
datagrams.sink = (bytes) => {
  counts.sent++;
  counts.bytes += bytes.length;
  if (isReply(bytes, 0)) {
    if (statusOf(bytes, 0) !== 200) counts.wrong++;
    return;
  }
  // A relayed request: its phone answers at once.
  const length = answerRequest(bytes, 0, bytes.length, answer, 0);
  datagrams.deliver(answer.subarray(0, length));
};

const parties = { transport: 'UDP', serverPort: 5060, clientPort: 40_000, salt: 'guard' } as const;
let sequence = FIRST_SEQUENCE;

/** One request of a kind per user: all are written before the count begins. */
function requestsOf(kind: RequestKind): readonly Buffer[] {
  const template = new RequestTemplate(kind, parties);
  return Array.from({ length: USERS }, (_, user) => {
    const bytes = Buffer.alloc(template.length);
    template.lay(bytes, 0);
    template.patch(bytes, 0, user, sequence++);
    return bytes;
  });
}

function deliverAll(requests: readonly Buffer[]): void {
  for (let i = 0; i < requests.length; i++) datagrams.deliver(requests[i] as Buffer);
}

/** The work of `run`, per request. */
function count(run: () => void): Work {
  const before = { ...counts, reads: clock.reads, timers: clock.timers, draws: random.draws };
  collect?.();
  collect?.();
  const buffersBefore = process.memoryUsage().arrayBuffers;
  const heapBefore = getHeapStatistics().used_heap_size;
  run();
  const heapBytes = getHeapStatistics().used_heap_size - heapBefore;
  const bufferBytes = process.memoryUsage().arrayBuffers - buffersBefore;
  return {
    heapBytes: heapBytes / USERS,
    bufferBytes: bufferBytes / USERS,
    clockReads: (clock.reads - before.reads) / USERS,
    timersArmed: (clock.timers - before.timers) / USERS,
    randomDraws: (random.draws - before.draws) / USERS,
    datagramsSent: (counts.sent - before.sent) / USERS,
    bytesSent: (counts.bytes - before.bytes) / USERS,
    bindingEvents: (counts.events - before.events) / USERS,
  };
}

function settle(): void {
  clock.advance(AFTER_TRANSACTIONS_MS);
}

/** Runs a case without counting, while the code is still being compiled. */
function warmUp(run: () => void): undefined {
  run();
}

/** Each round asks every case once; the bindings are the same at its end as at its beginning. */
function round(measure: (run: () => void) => Work | undefined, note: (name: string, work: Work) => void): void {
  const ask = (name: string, run: () => void) => {
    const work = measure(run);
    if (work !== undefined) note(name, work);
  };
  const initial = requestsOf('initial');
  ask('initial REGISTER', () => deliverAll(initial));
  ask('retransmitted REGISTER', () => deliverAll(initial));
  for (const kind of ['refresh', 'query', 'message'] as const) {
    const requests = requestsOf(kind);
    ask(kind === 'message' ? 'relayed MESSAGE' : `${kind} REGISTER`, () => deliverAll(requests));
    settle();
  }
  const parsed = requestsOf('refresh');
  ask('parse of a REGISTER', () => {
    for (let i = 0; i < parsed.length; i++) parseMessage(parsed[i] as Buffer);
  });
  const removals = requestsOf('remove');
  ask('remove REGISTER', () => deliverAll(removals));
  settle();
}

for (let i = 0; i < WARMUP_ROUNDS; i++) round(warmUp, () => {});
const samples = new Map<string, Work[]>();
for (let i = 0; i < ROUNDS; i++) {
  round(count, (name, work) => samples.set(name, [...(samples.get(name) ?? []), work]));
}
await server.stop();
if (counts.wrong > 0) throw new Error(`${counts.wrong} requests were not answered 200`);

const cases: Record<string, Work> = {};
for (const [name, works] of samples) {
  const middle = (metric: keyof Work) => Math.round(median(works.map((work) => work[metric])) * 100) / 100;
  cases[name] = {
    heapBytes: Math.round(middle('heapBytes')),
    bufferBytes: Math.round(middle('bufferBytes')),
    clockReads: middle('clockReads'),
    timersArmed: middle('timersArmed'),
    randomDraws: middle('randomDraws'),
    datagramsSent: middle('datagramsSent'),
    bytesSent: middle('bytesSent'),
    bindingEvents: middle('bindingEvents'),
  };
}
process.stdout.write(JSON.stringify(cases));
