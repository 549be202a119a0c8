import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Logger } from '../base/logger.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { asAor } from './aor.ts';
import { type Binding, bindingFlags, isValid } from './binding.ts';
import type { LocationEvent, LocationTable } from './location.ts';
import { MemoryLocation } from './memory-location.ts';

const alice = asAor('alice');
const bob = asAor('bob');
const second = 1000;

function store(table: LocationTable, aor: string, bindings: readonly Binding[], now = sampleNow): void {
  table.update(asAor(aor), now, () => ({ bindings, result: undefined }));
}

function ruidsOf(bindings: readonly Binding[]): string {
  return bindings.map((binding) => binding.ruid).join(' ');
}

function recorder(location: MemoryLocation): LocationEvent[] {
  const events: LocationEvent[] = [];
  location.onEvent((event) => events.push(event));
  return events;
}

describe('update', () => {
  test('stores the whole list in the order of the decision and hands back its result', () => {
    const table = new MemoryLocation().table('location');
    const list = [sampleBinding('b'), sampleBinding('a')];
    assert.equal(
      table.update(alice, sampleNow, () => ({ bindings: list, result: 42 })),
      42,
    );
    assert.deepEqual(table.get(alice, sampleNow), list);
    assert.deepEqual(table.get(bob, sampleNow), []);
  });

  test('vector 1: a decision without change makes no empty record', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    table.update(alice, sampleNow, () => ({ bindings: 'unchanged', result: undefined }));
    table.update(alice, sampleNow, () => ({ bindings: [], result: undefined }));
    assert.equal(location.stats().registeredUsers, 0);
  });

  test('a decision that throws changes nothing, not even what has expired', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    const events = recorder(location);
    store(table, 'alice', [sampleBinding('a'), sampleBinding('b', { expiresAt: sampleNow + second })]);
    events.length = 0;
    const later = sampleNow + second;
    const boom = () => {
      throw new Error('boom');
    };
    assert.throws(() => table.update(alice, later, boom), /boom/);
    assert.deepEqual(events, []);
    assert.equal(table.statistics().contacts, 2);
    store(table, 'alice', [sampleBinding('c')], later);
    assert.equal(ruidsOf(table.get(alice, later)), 'c');
  });

  test('a decision sees the valid bindings only; the expired ones leave with an event of their own', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    const short = sampleBinding('short', { expiresAt: sampleNow + second });
    const long = sampleBinding('long');
    store(table, 'alice', [short, long]);
    const events = recorder(location);
    const later = sampleNow + second;
    const seen = table.update(alice, later, (bindings) => ({ bindings: 'unchanged', result: bindings }));
    assert.deepEqual(seen, [long]);
    assert.deepEqual(
      events.map(({ type, before, after, at }) => ({ type, before, after, at })),
      [{ type: 'expire', before: short, after: undefined, at: later }],
    );
    assert.deepEqual(table.statistics(), { users: 1, contacts: 1, expires: 1 });
  });

  test('a list that was read does not change when the address-of-record does', () => {
    const table = new MemoryLocation().table('location');
    store(table, 'alice', [sampleBinding('a')]);
    const before = table.get(alice, sampleNow);
    store(table, 'alice', []);
    assert.equal(ruidsOf(before), 'a');
  });

  test('a decide function that writes is an error of its programmer, and the location goes on', () => {
    const table = new MemoryLocation().table('location');
    const impure = () => {
      store(table, 'bob', [sampleBinding('b')]);
      return { bindings: 'unchanged' as const, result: undefined };
    };
    assert.throws(() => table.update(alice, sampleNow, impure), /pure/);
    store(table, 'alice', [sampleBinding('a')]);
    assert.equal(ruidsOf(table.get(alice, sampleNow)), 'a');
  });

  test('a list with the same ruid twice is an error of its programmer and changes nothing', () => {
    const table = new MemoryLocation().table('location');
    assert.throws(() => store(table, 'alice', [sampleBinding('a'), sampleBinding('a')]), /ruid/);
    assert.deepEqual(table.get(alice, sampleNow), []);
  });
});

describe('expiry', () => {
  test('usrloc 3: a binding is invisible from the very second of its expiry, collected or not', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
    assert.equal(ruidsOf(table.get(alice, sampleNow + 59 * second)), 'a');
    assert.equal(ruidsOf(table.get(alice, sampleNow + 60 * second)), '');
    assert.equal(table.statistics().contacts, 1);
    assert.equal(location.collect(sampleNow + 59 * second), 0);
    assert.equal(location.collect(sampleNow + 60 * second), 1);
    assert.deepEqual(table.statistics(), { users: 0, contacts: 0, expires: 1 });
  });

  test('a refresh postpones the collection', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    location.collect(sampleNow);
    store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
    store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 90 * second })]);
    assert.equal(location.collect(sampleNow + 60 * second), 0);
    assert.equal(location.collect(sampleNow + 89 * second), 0);
    assert.equal(location.collect(sampleNow + 90 * second), 1);
  });

  test('a shorter lifetime brings the collection forward', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    location.collect(sampleNow);
    store(table, 'alice', [sampleBinding('a')]);
    store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
    assert.equal(location.collect(sampleNow + 60 * second), 1);
  });

  test('vector 157: a permanent binding is never collected and always shown', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow, flags: bindingFlags.permanent })]);
    const far = sampleNow + 10 * 365 * 86_400 * second;
    assert.equal(location.collect(far), 0);
    assert.equal(ruidsOf(table.get(alice, far)), 'a');
  });

  test('property: whatever the lifetimes, a binding is there one second before its expiry and gone at it', () => {
    const lifetimes = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lifetimes, fc.boolean(), (seconds, collecting) => {
        const location = new MemoryLocation();
        const table = location.table('location');
        location.collect(sampleNow);
        const list = seconds.map((lifetime, i) => sampleBinding(`r${i}`, { expiresAt: sampleNow + lifetime * second }));
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
});

describe('events', () => {
  test('every change is one event with before and after, numbered over all tables', () => {
    const location = new MemoryLocation();
    const events = recorder(location);
    const a = sampleBinding('a');
    const a2 = sampleBinding('a', { cseq: 2 });
    store(location.table('location'), 'alice', [a]);
    store(location.table('aliases'), 'bob', [sampleBinding('b')]);
    store(location.table('location'), 'alice', [a2]);
    store(location.table('location'), 'alice', []);
    assert.deepEqual(
      events.map((event) => [event.sequence, event.type, event.table, event.aor]),
      [
        [1, 'insert', 'location', 'alice'],
        [2, 'insert', 'aliases', 'bob'],
        [3, 'update', 'location', 'alice'],
        [4, 'remove', 'location', 'alice'],
      ],
    );
    assert.deepEqual([events[2]?.before, events[2]?.after], [a, a2]);
    assert.deepEqual([events[3]?.before, events[3]?.after], [a2, undefined]);
  });

  test('a listener that throws harms neither the change nor the other listeners, and is counted', () => {
    const errors: string[] = [];
    const logger: Logger = { debug() {}, info() {}, warn() {}, error: (message) => void errors.push(message) };
    const location = new MemoryLocation(logger);
    location.onEvent(() => {
      throw new Error('listener');
    });
    const events = recorder(location);
    store(location.table('location'), 'alice', [sampleBinding('a')]);
    assert.equal(events.length, 1);
    assert.equal(ruidsOf(location.table('location').get(alice, sampleNow)), 'a');
    assert.equal(location.stats().listenerFailures, 1);
    assert.equal(errors.length, 1);
  });

  test('a change made by a listener comes after the present event for every listener', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    location.onEvent((event) => {
      if (event.aor === alice && event.type === 'insert') store(table, 'bob', [sampleBinding('b')]);
    });
    const events = recorder(location);
    store(table, 'alice', [sampleBinding('a')]);
    assert.deepEqual(
      events.map((event) => [event.sequence, event.aor]),
      [
        [1, 'alice'],
        [2, 'bob'],
      ],
    );
  });

  test('a listener that was taken off hears nothing more', () => {
    const location = new MemoryLocation();
    const events: LocationEvent[] = [];
    const off = location.onEvent((event) => events.push(event));
    store(location.table('location'), 'alice', [sampleBinding('a')]);
    off();
    store(location.table('location'), 'alice', []);
    assert.equal(events.length, 1);
  });

  test('a listener that removes another address-of-record due in the same second is safe', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    const due = { expiresAt: sampleNow + second };
    for (const name of ['alice', 'bob', 'carol']) store(table, name, [sampleBinding(name, due)]);
    const events = recorder(location);
    location.onEvent(() => {
      for (const name of ['alice', 'bob', 'carol']) store(table, name, [], sampleNow + second);
    });
    location.collect(sampleNow + second);
    assert.deepEqual(events.map((event) => event.type).sort(), ['expire', 'expire', 'expire']);
    assert.deepEqual(table.statistics(), { users: 0, contacts: 0, expires: 3 });
  });
});

describe('tables, statistics, flows', () => {
  test('usrloc 2: a table is made on first use and found by its exact name', () => {
    const location = new MemoryLocation();
    assert.equal(location.findTable('location'), undefined);
    const table = location.table('location');
    assert.equal(location.findTable('location'), table);
    assert.equal(location.table('location'), table);
    assert.deepEqual(
      location.tables().map(({ name }) => name),
      ['location'],
    );
  });

  test('usrloc 9: registered_users sums all tables; users, contacts and expires are per table, expires resettable', () => {
    const location = new MemoryLocation();
    const table = location.table('location');
    store(table, 'alice', [sampleBinding('a'), sampleBinding('b', { expiresAt: sampleNow + second })]);
    store(table, 'bob', [sampleBinding('c')]);
    store(location.table('aliases'), 'alice', [sampleBinding('d')]);
    location.collect(sampleNow + second);
    const { registeredUsers, tables } = location.stats();
    assert.equal(registeredUsers, 3);
    assert.deepEqual(tables.get('location'), { users: 2, contacts: 2, expires: 1 });
    assert.deepEqual(tables.get('aliases'), { users: 1, contacts: 1, expires: 0 });
    table.resetExpires();
    assert.equal(table.statistics().expires, 0);
  });

  test('the same address-of-record in two tables is two', () => {
    const location = new MemoryLocation();
    store(location.table('location'), 'alice', [sampleBinding('a')]);
    assert.deepEqual(location.table('aliases').get(alice, sampleNow), []);
  });

  test('RFC 5626 §2.1: the bindings of a flow are found over all tables and forgotten with it', () => {
    const location = new MemoryLocation();
    const byFlow = sampleBinding('a', { flowId: 7 });
    store(location.table('location'), 'alice', [byFlow, sampleBinding('b')]);
    store(location.table('aliases'), 'bob', [sampleBinding('c', { flowId: 7 })]);
    assert.deepEqual(
      location.bindingsOfFlow(7).map(({ table, aor, binding }) => [table, aor, binding.ruid]),
      [
        ['location', 'alice', 'a'],
        ['aliases', 'bob', 'c'],
      ],
    );
    store(location.table('location'), 'alice', [sampleBinding('a', { flowId: 8 })]);
    location.collect(sampleNow + 3600 * second);
    assert.deepEqual(location.bindingsOfFlow(7), []);
    assert.deepEqual(location.bindingsOfFlow(8), []);
  });
});

describe('iteration', () => {
  function filled(...names: string[]): LocationTable {
    const table = new MemoryLocation().table('location');
    for (const name of names) store(table, name, [sampleBinding(name)]);
    return table;
  }

  test('entries come in the order of creation, with valid bindings only', () => {
    const table = filled('carol', 'alice', 'bob');
    store(table, 'alice', [sampleBinding('x', { expiresAt: sampleNow + second }), sampleBinding('y')]);
    store(table, 'bob', [sampleBinding('z', { expiresAt: sampleNow + second })]);
    const seen = [...table.entries(() => sampleNow + second)].map(({ aor, bindings }) => `${aor}:${ruidsOf(bindings)}`);
    assert.deepEqual(seen, ['carol:carol', 'alice:y']);
  });

  test('an iteration tolerates removal and change on the way', () => {
    const table = filled('alice', 'bob', 'carol');
    const seen: string[] = [];
    for (const { aor, bindings } of table.entries(() => sampleNow)) {
      seen.push(`${aor}:${ruidsOf(bindings)}`);
      if (aor === 'alice') {
        store(table, 'bob', []);
        store(table, 'carol', [sampleBinding('new')]);
      }
    }
    assert.deepEqual(seen, ['alice:alice', 'carol:new']);
  });

  test('an iteration ends although its body removes and adds every entry it meets', () => {
    const table = filled('alice', 'bob');
    const seen: string[] = [];
    for (const { aor } of table.entries(() => sampleNow)) {
      seen.push(aor);
      store(table, aor, []);
      store(table, aor, [sampleBinding('again')]);
    }
    assert.deepEqual(seen, ['alice', 'bob']);
  });

  test('a paused iteration compares with the time at which it goes on', () => {
    const table = filled('alice', 'bob');
    let now = sampleNow;
    const walk = table.entries(() => now);
    assert.equal(walk.next().value?.aor, 'alice');
    now += 3600 * second;
    assert.equal(walk.next().done, true);
  });
});

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

test('property: the location behaves as a plain Map of lists, and its events tell the same story', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const location = new MemoryLocation();
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

function expireInModel(model: Model, aor: string, now: number): void {
  const list = model.lists.get(aor) ?? [];
  const valid = list.filter((binding) => isValid(binding, now));
  model.expires += list.length - valid.length;
  if (valid.length === 0) model.lists.delete(aor);
  else model.lists.set(aor, valid);
}

function compare(location: MemoryLocation, table: LocationTable, model: Model, now: number): void {
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
      assert.equal(bindings.get(before.ruid), before, 'an event is about what is there');
      bindings.delete(before.ruid);
    }
    if (after !== undefined) bindings.set(after.ruid, after);
  }
  return new Map(bindings);
}
