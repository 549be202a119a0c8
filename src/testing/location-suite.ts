import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Logger } from '../base/logger.ts';
import { asAor } from '../location/aor.ts';
import { type Binding, bindingFlags } from '../location/binding.ts';
import type { Location, LocationEvent, LocationTable } from '../location/location.ts';
import { sampleBinding, sampleNow } from './sample-binding.ts';

/** Makes an empty location. */
export type MakeLocation = (logger?: Logger) => Location;

const alice = asAor('alice');
const bob = asAor('bob');
const second = 1000;

function store(table: LocationTable, aor: string, bindings: readonly Binding[], now = sampleNow): void {
  table.update(asAor(aor), now, () => ({ bindings, result: undefined }));
}

function ruidsOf(bindings: readonly Binding[]): string {
  return bindings.map((binding) => binding.ruid).join(' ');
}

function recorder(location: Location): LocationEvent[] {
  const events: LocationEvent[] = [];
  location.onEvent((event) => events.push(event));
  return events;
}

/**
 * What every `Location` must do, as tests for `node:test`.
 *
 * @param name of the implementation, for the titles
 */
export function locationSuite(name: string, makeLocation: MakeLocation): void {
  describe(name, () => {
    describe('update', () => {
      test('stores the whole list in the order of the decision and hands back its result', () => {
        const table = makeLocation().table('location');
        const list = [sampleBinding('b'), sampleBinding('a')];
        assert.equal(
          table.update(alice, sampleNow, () => ({ bindings: list, result: 42 })),
          42,
        );
        assert.deepEqual(table.get(alice, sampleNow), list);
        assert.deepEqual(table.get(bob, sampleNow), []);
      });

      test('vector 1: a decision without change makes no empty record', () => {
        const location = makeLocation();
        const table = location.table('location');
        table.update(alice, sampleNow, () => ({ bindings: 'unchanged', result: undefined }));
        table.update(alice, sampleNow, () => ({ bindings: [], result: undefined }));
        assert.equal(location.stats().registeredUsers, 0);
      });

      test('a decision that throws changes nothing, not even what has expired', () => {
        const location = makeLocation();
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
        const location = makeLocation();
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
        const table = makeLocation().table('location');
        store(table, 'alice', [sampleBinding('a')]);
        const before = table.get(alice, sampleNow);
        store(table, 'alice', []);
        assert.equal(ruidsOf(before), 'a');
      });

      test('a decide function that writes is an error of its programmer, and the location goes on', () => {
        const table = makeLocation().table('location');
        const impure = () => {
          store(table, 'bob', [sampleBinding('b')]);
          return { bindings: 'unchanged' as const, result: undefined };
        };
        assert.throws(() => table.update(alice, sampleNow, impure), /pure/);
        store(table, 'alice', [sampleBinding('a')]);
        assert.equal(ruidsOf(table.get(alice, sampleNow)), 'a');
      });

      test('a list with the same ruid twice is an error of its programmer and changes nothing', () => {
        const table = makeLocation().table('location');
        assert.throws(() => store(table, 'alice', [sampleBinding('a'), sampleBinding('a')]), /ruid/);
        assert.deepEqual(table.get(alice, sampleNow), []);
      });
    });

    describe('expiry', () => {
      test('usrloc 3: a binding is invisible from the very second of its expiry, collected or not', () => {
        const location = makeLocation();
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
        const location = makeLocation();
        const table = location.table('location');
        location.collect(sampleNow);
        store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
        store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 90 * second })]);
        assert.equal(location.collect(sampleNow + 60 * second), 0);
        assert.equal(location.collect(sampleNow + 89 * second), 0);
        assert.equal(location.collect(sampleNow + 90 * second), 1);
      });

      test('a shorter lifetime brings the collection forward', () => {
        const location = makeLocation();
        const table = location.table('location');
        location.collect(sampleNow);
        store(table, 'alice', [sampleBinding('a')]);
        store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
        assert.equal(location.collect(sampleNow + 60 * second), 1);
      });

      test('vector 157: a permanent binding is never collected and always shown', () => {
        const location = makeLocation();
        const table = location.table('location');
        store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow, flags: bindingFlags.permanent })]);
        const far = sampleNow + 10 * 365 * 86_400 * second;
        assert.equal(location.collect(far), 0);
        assert.equal(ruidsOf(table.get(alice, far)), 'a');
      });
    });

    describe('events', () => {
      test('every change is one event with before and after, numbered over all tables', () => {
        const location = makeLocation();
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
        const location = makeLocation(logger);
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
        const location = makeLocation();
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
        const location = makeLocation();
        const events: LocationEvent[] = [];
        const off = location.onEvent((event) => events.push(event));
        store(location.table('location'), 'alice', [sampleBinding('a')]);
        off();
        store(location.table('location'), 'alice', []);
        assert.equal(events.length, 1);
      });

      test('a listener that removes another address-of-record due in the same second is safe', () => {
        const location = makeLocation();
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
        const location = makeLocation();
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
        const location = makeLocation();
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
        const location = makeLocation();
        store(location.table('location'), 'alice', [sampleBinding('a')]);
        assert.deepEqual(location.table('aliases').get(alice, sampleNow), []);
      });

      test('RFC 5626 §2.1: the bindings of a flow are found over all tables and forgotten with it', () => {
        const location = makeLocation();
        const byFlow = sampleBinding('a', { flowId: 7 });
        store(location.table('location'), 'alice', [byFlow, sampleBinding('b')]);
        store(location.table('aliases'), 'bob', [sampleBinding('c', { flowId: 7 })]);
        assert.deepEqual(
          new Set(location.bindingsOfFlow(7).map(({ table, aor, binding }) => `${table} ${aor} ${binding.ruid}`)),
          new Set(['location alice a', 'aliases bob c']),
        );
        store(location.table('location'), 'alice', [sampleBinding('a', { flowId: 8 })]);
        location.collect(sampleNow + 3600 * second);
        assert.deepEqual(location.bindingsOfFlow(7), []);
        assert.deepEqual(location.bindingsOfFlow(8), []);
      });
    });

    describe('iteration', () => {
      function filled(...names: string[]): LocationTable {
        const table = makeLocation().table('location');
        for (const name of names) store(table, name, [sampleBinding(name)]);
        return table;
      }

      test('entries come in the order of creation, with valid bindings only', () => {
        const table = filled('carol', 'alice', 'bob');
        store(table, 'alice', [sampleBinding('x', { expiresAt: sampleNow + second }), sampleBinding('y')]);
        store(table, 'bob', [sampleBinding('z', { expiresAt: sampleNow + second })]);
        const seen = [...table.entries(() => sampleNow + second)].map(
          ({ aor, bindings }) => `${aor}:${ruidsOf(bindings)}`,
        );
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
  });
}
