import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { asAor } from '../aor.ts';
import { type Binding, bindingFlags, isValid } from '../binding.ts';
import type { LocationEvent, LocationInMemory, TableInMemory } from '../location.ts';

const alice = asAor('alice');
const second = 1000;

function store(table: TableInMemory, aor: string, bindings: readonly Binding[], now = sampleNow): void {
  table.update(asAor(aor), now, () => ({ bindings, result: undefined }));
}

function recorder(location: LocationInMemory): LocationEvent[] {
  const events: LocationEvent[] = [];
  location.onEvent((event) => events.push(event));
  return events;
}

/** What must hold of every location in memory, whatever it is fed with. */
export function locationProperties(name: string, makeLocation: () => LocationInMemory): void {
  describe(name, () => {
    test('property: whatever the lifetimes, a binding is there one second before its expiry and gone at it', () => {
      const lifetimes = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(lifetimes, fc.boolean(), (seconds, collecting) => {
          const location = makeLocation();
          const table = location.table('location');
          location.collect(sampleNow);
          const list = seconds.map((lifetime, i) =>
            sampleBinding(`r${i}`, { expiresAt: sampleNow + lifetime * second }),
          );
          store(table, 'alice', list);
          const instants = new Set(seconds.flatMap((lifetime) => [lifetime - 1, lifetime]));
          for (const at of [...instants].sort((a, b) => a - b)) {
            const now = sampleNow + at * second;
            if (collecting) location.collect(now);
            const expected = list.filter((_, i) => (seconds[i] ?? 0) > at);
            assert.deepEqual(table.get(alice, now), expected);
            if (collecting) assert.equal(table.statistics().contacts, expected.length);
          }
        }),
      );
    });

    test('property: the location behaves as a plain Map of lists, and its events tell the same story', () => {
      fc.assert(
        fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
          const location = makeLocation();
          const table = location.table('location');
          const events = recorder(location);
          const model: Model = { lists: new Map(), expires: 0 };
          let now = sampleNow;
          for (const { aor, wait, collect, list } of changes) {
            now += wait * second;
            if (collect) {
              location.collect(now);
              for (const name of model.lists.keys()) expireInModel(model, name, now);
            }
            expireInModel(model, aor, now);
            const next = list.map(({ ruid, lifetime, permanent, flowId }) =>
              sampleBinding(`${aor}-${ruid}`, {
                expiresAt: now + lifetime * second,
                flags: permanent ? bindingFlags.permanent : 0,
                flowId,
              }),
            );
            const seen = table.update(asAor(aor), now, (bindings) => ({ bindings: next, result: bindings }));
            assert.deepEqual(seen, model.lists.get(aor) ?? []);
            if (next.length === 0) model.lists.delete(aor);
            else model.lists.set(aor, next);
            compare(location, table, model, now);
          }
          assert.deepEqual(replay(events), stored(model));
          assert.deepEqual(
            events.map(({ sequence }) => sequence),
            events.map((_, i) => i + 1),
          );
        }),
      );
    });
  });
}

interface Model {
  readonly lists: Map<string, readonly Binding[]>;
  expires: number;
}

const change = fc.record({
  aor: fc.constantFrom('alice', 'bob', 'carol'),
  wait: fc.integer({ min: 0, max: 5 }),
  collect: fc.boolean(),
  list: fc.uniqueArray(
    fc.record({
      ruid: fc.constantFrom('a', 'b', 'c', 'd'),
      lifetime: fc.integer({ min: 1, max: 12 }),
      permanent: fc.boolean(),
      flowId: fc.option(fc.nat(2), { nil: undefined }),
    }),
    { selector: ({ ruid }) => ruid, maxLength: 4 },
  ),
});

function expireInModel(model: Model, aor: string, now: number): void {
  const list = model.lists.get(aor) ?? [];
  const valid = list.filter((binding) => isValid(binding, now));
  model.expires += list.length - valid.length;
  if (valid.length === 0) model.lists.delete(aor);
  else model.lists.set(aor, valid);
}

function compare(location: LocationInMemory, table: TableInMemory, model: Model, now: number): void {
  let contacts = 0;
  for (const list of model.lists.values()) contacts += list.length;
  assert.deepEqual(table.statistics(), { users: model.lists.size, contacts, expires: model.expires });
  for (const aor of ['alice', 'bob', 'carol']) {
    const valid = (model.lists.get(aor) ?? []).filter((binding) => isValid(binding, now));
    assert.deepEqual(table.get(asAor(aor), now), valid);
  }
  for (let flowId = 0; flowId <= 2; flowId++) {
    const expected = [...model.lists.values()].flat().filter((binding) => binding.flowId === flowId);
    const found = location.bindingsOfFlow(flowId).map(({ binding }) => binding);
    assert.deepEqual(new Set(found), new Set(expected));
  }
}

function stored(model: Model): Map<string, Binding> {
  return new Map([...model.lists.values()].flat().map((binding) => [binding.ruid, binding]));
}

function replay(events: readonly LocationEvent[]): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const { before, after } of events) {
    if (before !== undefined) {
      assert.deepEqual(bindings.get(before.ruid), before, 'an event is about what is there');
      bindings.delete(before.ruid);
    }
    if (after !== undefined) bindings.set(after.ruid, after);
  }
  return new Map(bindings);
}
