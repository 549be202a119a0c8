import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { type Aor, asAor } from './aor.ts';
import { type Binding, bindingFlags } from './binding.ts';
import type { LocationEvent, LocationInMemory } from './location.ts';
import { MemoryLocation } from './memory-location.ts';
import { PackedLocation } from './packed-location.ts';
import { checkAccounts } from './testing/packed-accounts.ts';
import { sameBindings, sameEvent } from './testing/same-binding.ts';

const steps = 200_000;
const tables = ['location', 'aliases', 'spare'];

/** Numbers that are the same in every run (xorshift). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  roll(sides: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % sides;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.roll(times) === 0;
  }

  text(prefix: string, most: number): string {
    return prefix + 'x'.repeat(this.roll(most)) + this.roll(1000);
  }
}

/** What one step does to a list, the same for both locations: it is decided before either is asked. */
type Edit = (bindings: readonly Binding[]) => readonly Binding[] | 'unchanged';

let ruids = 0;

function freshBinding(dice: Dice, now: number): Binding {
  ruids += 1;
  const long = dice.once(50);
  return sampleBinding(`r${ruids}`, {
    contact: dice.text('sip:user@10.1.2.3;p=', long ? 1000 : 30),
    callId: dice.text('call-', long ? 1000 : 40),
    expiresAt: now + (1 + dice.roll(dice.once(20) ? 20_000 : 120)) * 1000,
    lastModifiedAt: now,
    q: dice.once(3) ? dice.roll(1001) : -1,
    cseq: dice.roll(2 ** 31),
    userAgent: dice.once(10) ? '' : `Phone ${dice.roll(dice.once(20) ? 5000 : 12)}`,
    socket: dice.once(10) ? undefined : `udp:127.0.0.1:${5060 + dice.roll(3)}`,
    path: dice.once(10) ? dice.text('<sip:edge;lr>', 20) : undefined,
    received: dice.once(5) ? dice.text('sip:192.0.2.1:', 5) : undefined,
    instance: dice.once(8) ? `<urn:uuid:${dice.roll(1e6)}>` : undefined,
    extension: dice.once(8) ? ';+sip.ice' : '',
    flowId: dice.once(4) ? dice.roll(40) : undefined,
    flags: dice.once(200) ? bindingFlags.permanent : dice.once(4) ? bindingFlags.nat : 0,
    branchFlags: dice.once(9) ? dice.roll(64) : 0,
    methods: dice.once(9) ? dice.roll(4096) : undefined,
    regId: dice.once(9) ? 1 : 0,
  });
}

function editOf(dice: Dice, now: number): Edit {
  const kind = dice.roll(20);
  const pick = dice.roll(1000);
  const fresh = freshBinding(dice, now);
  if (kind < 5) return (list) => (list.length < 6 ? [...list, fresh] : list.slice(1));
  if (kind < 14) {
    // A refresh: new numbers, sometimes another Call-ID or flow.
    const callId = dice.once(6) ? fresh.callId : undefined;
    const flow = dice.once(12) ? { flowId: fresh.flowId } : {};
    const { expiresAt, q, flags } = fresh;
    return (list) =>
      list.map((binding, i) =>
        i === pick % list.length
          ? { ...binding, expiresAt, q, flags, ...flow, cseq: binding.cseq + 1, callId: callId ?? binding.callId }
          : binding,
      );
  }
  if (kind < 16) return (list) => list.filter((_, i) => i !== pick % list.length);
  if (kind < 17) return (list) => [...list].reverse();
  if (kind < 18) return () => [];
  if (kind < 19) return () => [fresh];
  return () => 'unchanged';
}

function listen(location: LocationInMemory): LocationEvent[] {
  const events: LocationEvent[] = [];
  location.onEvent((event) => events.push(event));
  return events;
}

test(`${steps} random steps: the same answers and the same events as the plain implementation, every byte accounted for`, () => {
  const dice = new Dice(20_240_607);
  const packed = new PackedLocation({ random: new FakeRandom() });
  const model = new MemoryLocation();
  const events = listen(packed);
  const expected = listen(model);
  for (const name of tables) for (const location of [packed, model]) location.table(name);
  let now = sampleNow;
  for (let step = 0; step < steps; step++) {
    // The number of users swells and shrinks, so that slabs come and go.
    const users = 50 + Math.floor(1500 * (1 + Math.sin(step / 15_000)));
    const name = tables[dice.once(4) ? dice.roll(tables.length) : 0] ?? '';
    const aor = asAor(`user${dice.roll(users)}@example.com`);
    if (dice.once(100)) now += dice.roll(10) * 1000;
    if (dice.once(10_000)) now += 9000 * 1000;
    if (dice.once(150)) assert.equal(packed.collect(now), model.collect(now), `step ${step}`);
    const edit = editOf(dice, now);
    const seen = updated(packed, name, aor, now, edit);
    const seenByModel = updated(model, name, aor, now, edit);
    assert.ok(sameBindings(seen, seenByModel), `step ${step}`);
    const [got, wanted] = [packed, model].map((location) => location.table(name).get(aor, now));
    assert.ok(got && wanted && sameBindings(got, wanted), `step ${step}`);
    if (dice.once(5000)) compareAll(packed, model, now);
    if (events.length > 1000) compareEvents(events, expected);
  }
  compareEvents(events, expected);
  compareAll(packed, model, now);
  empty(packed, now);
});

function updated(location: LocationInMemory, table: string, aor: Aor, now: number, edit: Edit): readonly Binding[] {
  return location.table(table).update(aor, now, (list) => ({ bindings: edit(list), result: list }));
}

function compareEvents(events: LocationEvent[], expected: LocationEvent[]): void {
  assert.equal(events.length, expected.length);
  for (const [i, event] of events.entries()) assert.ok(sameEvent(event, expected[i]), `event ${event.sequence}`);
  events.length = 0;
  expected.length = 0;
}

function compareAll(packed: PackedLocation, model: MemoryLocation, now: number): void {
  assert.equal(packed.collect(now), model.collect(now));
  assert.deepEqual(packed.stats(), model.stats());
  for (const name of tables) {
    const entries = [...packed.table(name).entries(() => now)];
    const wanted = [...model.table(name).entries(() => now)];
    assert.deepEqual(
      entries.map(({ aor }) => aor),
      wanted.map(({ aor }) => aor),
    );
    for (const [i, { bindings }] of entries.entries()) assert.ok(sameBindings(bindings, wanted[i]?.bindings ?? []));
  }
  for (let flowId = 0; flowId < 40; flowId++) {
    const placed = [packed, model].map((location) =>
      location
        .bindingsOfFlow(flowId)
        .map(({ table, aor, binding }) => `${table} ${aor} ${binding.ruid}`)
        .sort(),
    );
    assert.deepEqual(placed[0], placed[1]);
  }
  checkAccounts(packed, now);
}

/** No leak: when nothing is stored, nothing is used. */
function empty(packed: PackedLocation, now: number): void {
  for (const table of packed.tables()) {
    for (const { aor } of table.entries(() => now)) {
      table.update(aor, now, () => ({ bindings: [], result: undefined }));
    }
  }
  const { records, texts, aorIndex, flowIndex } = packed.memory();
  const nothing = { blocks: 0, blockBytes: 0, vacantBytes: 0, tailBytes: 0 };
  assert.deepEqual(records, { ...nothing, usedBytes: 0 });
  assert.deepEqual(texts.blocks, nothing);
  assert.deepEqual([texts.texts, aorIndex.entries, flowIndex.entries], [0, 0, 0]);
  checkAccounts(packed, now);
}
