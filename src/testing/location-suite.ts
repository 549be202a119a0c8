import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Logger } from '../base/logger.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import { asAor } from '../location/aor.ts';
import { type Binding, bindingFlags } from '../location/binding.ts';
import type { Location, LocationEvent, LocationTable } from '../location/location.ts';
import { sampleBinding, sampleNow } from './sample-binding.ts';

/** Makes an empty location, opened when it has a database. Its clock, if it has one, stands at `sampleNow`. */
export type MakeLocation = (logger?: Logger) => MaybePromise<Location>;

/** In what a location may differ from the others. */
export interface LocationSuiteOptions {
  /**
   * Whether every decision is made on rows that were read for it, and not on what is in memory. Such a location writes
   * for a change only, so what a decision leaves as it is expires when it is collected. And it lets other changes be
   * made while one is under way, so it cannot tell which of them a decision has made that is not pure.
   */
  readonly decidesOnRows?: boolean;
}

const alice = asAor('alice');
const bob = asAor('bob');
const second = 1000;

// Writes before it returns where the location does so.
async function store(table: LocationTable, aor: string, bindings: readonly Binding[], now = sampleNow): Promise<void> {
  await table.update(asAor(aor), now, () => ({ bindings, result: undefined }));
}

function ruidsOf(bindings: readonly Binding[]): string {
  return bindings.map((binding) => binding.ruid).join(' ');
}

function recorder(location: Location): LocationEvent[] {
  const events: LocationEvent[] = [];
  location.onEvent((event) => events.push(event));
  return events;
}

/** Waits for what listeners have begun, and for what they begin on hearing of that. */
async function allDone(changes: readonly Promise<void>[]): Promise<void> {
  for (const change of changes) await change;
}

/**
 * What every `Location` must do, as tests for `node:test`.
 *
 * @param name of the implementation, for the titles
 */
export function locationSuite(name: string, makeLocation: MakeLocation, options: LocationSuiteOptions = {}): void {
  const { decidesOnRows = false } = options;
  describe(name, () => {
    describe('update', () => {
      test('stores the whole list in the order of the decision and hands back its result', async () => {
        const table = (await makeLocation()).table('location');
        const list = [sampleBinding('b'), sampleBinding('a')];
        assert.equal(await table.update(alice, sampleNow, () => ({ bindings: list, result: 42 })), 42);
        assert.deepEqual(await table.get(alice, sampleNow), list);
        assert.deepEqual(await table.get(bob, sampleNow), []);
      });

      test('vector 1: a decision without change makes no empty record', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await table.update(alice, sampleNow, () => ({ bindings: 'unchanged', result: undefined }));
        await table.update(alice, sampleNow, () => ({ bindings: [], result: undefined }));
        assert.equal((await location.stats()).registeredUsers, 0);
      });

      test('a decision that throws changes nothing, not even what has expired', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        const events = recorder(location);
        await store(table, 'alice', [sampleBinding('a'), sampleBinding('b', { expiresAt: sampleNow + second })]);
        events.length = 0;
        const later = sampleNow + second;
        const boom = () => {
          throw new Error('boom');
        };
        await assert.rejects(async () => table.update(alice, later, boom), /boom/);
        assert.deepEqual(events, []);
        assert.equal((await table.statistics()).contacts, 2);
        await store(table, 'alice', [sampleBinding('c')], later);
        assert.equal(ruidsOf(await table.get(alice, later)), 'c');
      });

      test('a decision sees the valid bindings only; the expired ones leave with an event of their own', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        const short = sampleBinding('short', { expiresAt: sampleNow + second });
        const long = sampleBinding('long');
        await store(table, 'alice', [short, long]);
        const events = recorder(location);
        const later = sampleNow + second;
        const seen = await table.update(alice, later, (bindings) => ({ bindings: 'unchanged', result: bindings }));
        assert.deepEqual(seen, [long]);
        if (decidesOnRows) await location.collect(later);
        assert.deepEqual(
          events.map(({ type, before, after, at }) => ({ type, before, after, at })),
          [{ type: 'expire', before: short, after: undefined, at: later }],
        );
        assert.deepEqual(await table.statistics(), { users: 1, contacts: 1, expires: 1 });
      });

      test('a list that was read does not change when the address-of-record does', async () => {
        const table = (await makeLocation()).table('location');
        await store(table, 'alice', [sampleBinding('a')]);
        const before = await table.get(alice, sampleNow);
        await store(table, 'alice', []);
        assert.equal(ruidsOf(before), 'a');
      });

      // Beside a decision on rows, other changes are made: whether one of them is the decision's own cannot be seen.
      const pure = 'a decide function that writes is an error of its programmer, and the location goes on';
      if (!decidesOnRows) {
        test(pure, async () => {
          const table = (await makeLocation()).table('location');
          const impure = () => {
            table.update(bob, sampleNow, () => ({ bindings: [sampleBinding('b')], result: undefined }));
            return { bindings: 'unchanged' as const, result: undefined };
          };
          await assert.rejects(async () => table.update(alice, sampleNow, impure), /pure/);
          await store(table, 'alice', [sampleBinding('a')]);
          assert.equal(ruidsOf(await table.get(alice, sampleNow)), 'a');
        });
      }

      test('a list with the same ruid twice is an error of its programmer and changes nothing', async () => {
        const table = (await makeLocation()).table('location');
        await assert.rejects(async () => store(table, 'alice', [sampleBinding('a'), sampleBinding('a')]), /ruid/);
        assert.deepEqual(await table.get(alice, sampleNow), []);
      });
    });

    describe('expiry', () => {
      test('usrloc 3: a binding is invisible from the very second of its expiry, collected or not', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
        assert.equal(ruidsOf(await table.get(alice, sampleNow + 59 * second)), 'a');
        assert.equal(ruidsOf(await table.get(alice, sampleNow + 60 * second)), '');
        assert.equal((await table.statistics()).contacts, 1);
        assert.equal(await location.collect(sampleNow + 59 * second), 0);
        assert.equal(await location.collect(sampleNow + 60 * second), 1);
        assert.deepEqual(await table.statistics(), { users: 0, contacts: 0, expires: 1 });
      });

      test('a refresh postpones the collection', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await location.collect(sampleNow);
        await store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
        await store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 90 * second })]);
        assert.equal(await location.collect(sampleNow + 60 * second), 0);
        assert.equal(await location.collect(sampleNow + 89 * second), 0);
        assert.equal(await location.collect(sampleNow + 90 * second), 1);
      });

      test('a shorter lifetime brings the collection forward', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await location.collect(sampleNow);
        await store(table, 'alice', [sampleBinding('a')]);
        await store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow + 60 * second })]);
        assert.equal(await location.collect(sampleNow + 60 * second), 1);
      });

      test('vector 157: a permanent binding is never collected and always shown', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await store(table, 'alice', [sampleBinding('a', { expiresAt: sampleNow, flags: bindingFlags.permanent })]);
        const far = sampleNow + 10 * 365 * 86_400 * second;
        assert.equal(await location.collect(far), 0);
        assert.equal(ruidsOf(await table.get(alice, far)), 'a');
      });
    });

    describe('events', () => {
      test('every change is one event with before and after, numbered over all tables', async () => {
        const location = await makeLocation();
        const events = recorder(location);
        const a = sampleBinding('a');
        const a2 = sampleBinding('a', { cseq: 2 });
        await store(location.table('location'), 'alice', [a]);
        await store(location.table('aliases'), 'bob', [sampleBinding('b')]);
        await store(location.table('location'), 'alice', [a2]);
        await store(location.table('location'), 'alice', []);
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

      test('a listener that throws harms neither the change nor the other listeners, and is counted', async () => {
        const errors: string[] = [];
        const logger: Logger = { debug() {}, info() {}, warn() {}, error: (message) => void errors.push(message) };
        const location = await makeLocation(logger);
        location.onEvent(() => {
          throw new Error('listener');
        });
        const events = recorder(location);
        await store(location.table('location'), 'alice', [sampleBinding('a')]);
        assert.equal(events.length, 1);
        assert.equal(ruidsOf(await location.table('location').get(alice, sampleNow)), 'a');
        assert.equal((await location.stats()).listenerFailures, 1);
        assert.equal(errors.length, 1);
      });

      test('a change made by a listener comes after the present event for every listener', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        const changes: Promise<void>[] = [];
        location.onEvent((event) => {
          if (event.aor === alice && event.type === 'insert') changes.push(store(table, 'bob', [sampleBinding('b')]));
        });
        const events = recorder(location);
        await store(table, 'alice', [sampleBinding('a')]);
        await allDone(changes);
        assert.deepEqual(
          events.map((event) => [event.sequence, event.aor]),
          [
            [1, 'alice'],
            [2, 'bob'],
          ],
        );
      });

      test('a listener that was taken off hears nothing more', async () => {
        const location = await makeLocation();
        const events: LocationEvent[] = [];
        const off = location.onEvent((event) => events.push(event));
        await store(location.table('location'), 'alice', [sampleBinding('a')]);
        off();
        await store(location.table('location'), 'alice', []);
        assert.equal(events.length, 1);
      });

      test('a listener that removes another address-of-record due in the same second is safe', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        const due = { expiresAt: sampleNow + second };
        for (const name of ['alice', 'bob', 'carol']) await store(table, name, [sampleBinding(name, due)]);
        const events = recorder(location);
        const changes: Promise<void>[] = [];
        location.onEvent(() => {
          for (const name of ['alice', 'bob', 'carol']) changes.push(store(table, name, [], sampleNow + second));
        });
        await location.collect(sampleNow + second);
        await allDone(changes);
        assert.deepEqual(events.map((event) => event.type).sort(), ['expire', 'expire', 'expire']);
        assert.deepEqual(await table.statistics(), { users: 0, contacts: 0, expires: 3 });
      });
    });

    describe('tables, statistics, flows', () => {
      test('usrloc 2: a table is made on first use and found by its exact name', async () => {
        const location = await makeLocation();
        assert.equal(location.findTable('location'), undefined);
        const table = location.table('location');
        assert.equal(location.findTable('location'), table);
        assert.equal(location.table('location'), table);
        assert.deepEqual(
          location.tables().map(({ name }) => name),
          ['location'],
        );
      });

      test('usrloc 9: registered_users sums all tables; users, contacts and expires are per table, expires resettable', async () => {
        const location = await makeLocation();
        const table = location.table('location');
        await store(table, 'alice', [sampleBinding('a'), sampleBinding('b', { expiresAt: sampleNow + second })]);
        await store(table, 'bob', [sampleBinding('c')]);
        await store(location.table('aliases'), 'alice', [sampleBinding('d')]);
        await location.collect(sampleNow + second);
        const { registeredUsers, tables } = await location.stats();
        assert.equal(registeredUsers, 3);
        assert.deepEqual(tables.get('location'), { users: 2, contacts: 2, expires: 1 });
        assert.deepEqual(tables.get('aliases'), { users: 1, contacts: 1, expires: 0 });
        table.resetExpires();
        assert.equal((await table.statistics()).expires, 0);
      });

      test('the same address-of-record in two tables is two', async () => {
        const location = await makeLocation();
        await store(location.table('location'), 'alice', [sampleBinding('a')]);
        assert.deepEqual(await location.table('aliases').get(alice, sampleNow), []);
      });

      test('RFC 5626 §2.1: the bindings of a flow are found over all tables and forgotten with it', async () => {
        const location = await makeLocation();
        const byFlow = sampleBinding('a', { flowId: 7 });
        await store(location.table('location'), 'alice', [byFlow, sampleBinding('b')]);
        await store(location.table('aliases'), 'bob', [sampleBinding('c', { flowId: 7 })]);
        assert.deepEqual(
          new Set(
            (await location.bindingsOfFlow(7)).map(({ table, aor, binding }) => `${table} ${aor} ${binding.ruid}`),
          ),
          new Set(['location alice a', 'aliases bob c']),
        );
        await store(location.table('location'), 'alice', [sampleBinding('a', { flowId: 8 })]);
        await location.collect(sampleNow + 3600 * second);
        assert.deepEqual(await location.bindingsOfFlow(7), []);
        assert.deepEqual(await location.bindingsOfFlow(8), []);
      });
    });

    describe('iteration', () => {
      async function filled(...names: string[]): Promise<LocationTable> {
        const table = (await makeLocation()).table('location');
        for (const name of names) await store(table, name, [sampleBinding(name)]);
        return table;
      }

      test('entries come in the order of creation, with valid bindings only', async () => {
        const table = await filled('carol', 'alice', 'bob');
        await store(table, 'alice', [sampleBinding('x', { expiresAt: sampleNow + second }), sampleBinding('y')]);
        await store(table, 'bob', [sampleBinding('z', { expiresAt: sampleNow + second })]);
        const seen: string[] = [];
        for await (const { aor, bindings } of table.entries(() => sampleNow + second)) {
          seen.push(`${aor}:${ruidsOf(bindings)}`);
        }
        assert.deepEqual(seen, ['carol:carol', 'alice:y']);
      });

      test('an iteration tolerates removal and change on the way', async () => {
        const table = await filled('alice', 'bob', 'carol');
        const seen: string[] = [];
        for await (const { aor, bindings } of table.entries(() => sampleNow)) {
          seen.push(`${aor}:${ruidsOf(bindings)}`);
          if (aor === 'alice') {
            await store(table, 'bob', []);
            await store(table, 'carol', [sampleBinding('new')]);
          }
        }
        assert.deepEqual(seen, ['alice:alice', 'carol:new']);
      });

      test('an iteration ends although its body removes and adds every entry it meets', async () => {
        const table = await filled('alice', 'bob');
        const seen: string[] = [];
        for await (const { aor } of table.entries(() => sampleNow)) {
          seen.push(aor);
          await store(table, aor, []);
          await store(table, aor, [sampleBinding('again')]);
        }
        assert.deepEqual(seen, ['alice', 'bob']);
      });

      test('a paused iteration compares with the time at which it goes on', async () => {
        const table = await filled('alice', 'bob');
        let now = sampleNow;
        const walk = table.entries(() => now);
        assert.equal((await walk.next()).value?.aor, 'alice');
        now += 3600 * second;
        assert.equal((await walk.next()).done, true);
      });
    });
  });
}
