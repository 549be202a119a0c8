/** One measurement of `bench/location.ts`: `measure.ts packed|plain USERS` prints one JSON object. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { getHeapSpaceStatistics } from 'node:v8';
import { type Aor, asAor } from '../../src/location/aor.ts';
import type { Binding } from '../../src/location/binding.ts';
import { MemoryLocation } from '../../src/location/memory-location.ts';
import { PackedLocation } from '../../src/location/packed-location.ts';
import { SystemRandom } from '../../src/server/system-random.ts';

const [kind, size] = process.argv.slice(2);
const users = Number(size);
assert(users > 0 && (kind === 'packed' || kind === 'plain'), 'measure.ts packed|plain USERS');
assert(gc, 'needs --expose-gc');

const refreshes = 1_000_000;
const rounds = 3;
const collectAtOnce = 1000;
const start = 1_700_000_000_000;
const lifetimeMs = 3_600_000;
const mb = 2 ** 20;

const random = new SystemRandom();
const packed = kind === 'packed' ? new PackedLocation({ random }) : undefined;
const location = packed ?? new MemoryLocation();
const table = location.table('location');

const emptyBytes = pssBytes();
let growingMs = 0;
for (let i = 0; i < users; i++) {
  const aor = aorOf(i);
  const binding = newBinding(i);
  const took = threadMs();
  table.update(aor, start, () => ({ bindings: [binding], result: undefined }));
  growingMs = Math.max(growingMs, threadMs() - took);
}
gc();
const gcFrom = threadMs();
gc();
const gcMs = threadMs() - gcFrom;
const bytesPerContact = (pssBytes() - emptyBytes) / users;
const newSpace = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');

let refreshUs = Number.POSITIVE_INFINITY;
for (let round = 1; round <= rounds; round++) {
  const now = start + round * 1000;
  // Making the key costs as much for both; it is taken off.
  const cost = cpuUs(() => eachUser((aor) => refresh(aor, now))) - cpuUs(() => eachUser(() => undefined));
  refreshUs = Math.min(refreshUs, cost / refreshes);
}

const end = start + lifetimeMs + (rounds + 1) * 1000;
let collectingMs = 0;
let collected = 0;
do {
  const took = threadMs();
  collected += location.collect(end, collectAtOnce);
  collectingMs = Math.max(collectingMs, threadMs() - took);
} while (location.isCollecting);
assert.equal(collected, users);

const ownBytesPerContact = packed && bytesFull(packed) / users;
const newSpaceMb = (newSpace?.physical_space_size ?? 0) / mb;
process.stdout.write(
  JSON.stringify({ bytesPerContact, ownBytesPerContact, newSpaceMb, refreshUs, growingMs, collectingMs, gcMs }),
);

/** The location's report of when it was full: it is filled once more. */
function bytesFull(of: PackedLocation): number {
  for (let i = 0; i < users; i++) {
    table.update(aorOf(i), end, () => ({ bindings: [newBinding(i)], result: undefined }));
  }
  return of.memory().bytes;
}

/** Visits users in an order that is far from that of their creation, so that caches get no help. */
function eachUser(visit: (aor: Aor) => void): void {
  for (let i = 0; i < refreshes; i++) visit(aorOf((Math.imul(i, 2_654_435_761) >>> 0) % users));
}

function refresh(aor: Aor, now: number): void {
  table.update(aor, now, ([binding]) => {
    assert(binding);
    const next = { ...binding, cseq: binding.cseq + 1, expiresAt: now + lifetimeMs, lastModifiedAt: now };
    return { bindings: [next], result: undefined };
  });
}

function aorOf(i: number): Aor {
  return asAor(Buffer.from(`user${100_000 + i}@example.com`).toString('latin1'));
}

function newBinding(i: number): Binding {
  const id = random.token();
  return {
    ruid: random.token(),
    contact: `sip:user${100_000 + i}@10.1.2.3:5060`,
    expiresAt: start + lifetimeMs,
    q: -1,
    callId: `${id.slice(0, 8)}-${id.slice(8, 12)}-4d1c-9a7e-${id.slice(6)}`,
    cseq: 1,
    received: undefined,
    path: undefined,
    socket: 'udp:127.0.0.1:5060',
    flowId: undefined,
    userAgent: `Desk Phone/5.0.${i % 20} (firmware 21)`,
    flags: 0,
    branchFlags: 0,
    methods: undefined,
    instance: undefined,
    regId: 0,
    extension: '',
    lastModifiedAt: start,
  };
}

function pssBytes(): number {
  gc?.();
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'latin1'));
  return Number(pss?.[1]) * 1024;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function cpuUs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
