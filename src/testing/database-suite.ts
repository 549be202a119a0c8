import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { type Aor, asAor } from '../location/aor.ts';
import { type Binding, bindingFlags } from '../location/binding.ts';
import type { BindingChange, LocationDatabase, StoredBinding } from '../location/persistence/database.ts';
import { StoreError } from '../location/store-error.ts';
import { sampleBinding, sampleNow } from './sample-binding.ts';

/** How a test's database is laid out. */
export interface DatabaseUnderTest {
  readonly useDomain: boolean;
}

/**
 * Makes a database for one test: empty, its own, not opened. Calls within one test get the same database by another
 * connection, as another server would have it.
 */
export interface DatabaseFixture {
  connect(options: DatabaseUnderTest): LocationDatabase;
  /** Removes it. */
  dispose(): Promise<void>;
}

const alice = asAor('alice');
const bob = asAor('bob');
const table = 'location';
const second = 1000;
const byUser: DatabaseUnderTest = { useDomain: false };

function put(aor: Aor, binding: Binding, before?: Binding | 'unknown', name = table): BindingChange {
  return { table: name, aor, ruid: binding.ruid, before, after: binding };
}

function removal(aor: Aor, binding: Binding, name = table): BindingChange {
  return { table: name, aor, ruid: binding.ruid, before: binding, after: undefined };
}

async function all(database: LocationDatabase, validAt?: number, name = table): Promise<readonly StoredBinding[]> {
  const found: StoredBinding[] = [];
  for await (const { stored, unreadable } of database.scan(name, { validAt })) {
    assert.deepEqual(unreadable, []);
    found.push(...stored);
  }
  return found;
}

async function ruids(database: LocationDatabase, validAt?: number, name = table): Promise<string> {
  return (await all(database, validAt, name)).map(({ binding }) => binding.ruid).join(' ');
}

/** A binding with something in every field. */
function fullBinding(ruid: string): Binding {
  return sampleBinding(ruid, {
    contact: 'sip:alice@192.0.2.1:5062;transport=tcp;ob?a=b',
    q: 123,
    callId: 'a84b4c76e66710@pc33.example.com',
    cseq: 2 ** 31 - 1,
    received: 'sip:203.0.113.9:1024;transport=TCP',
    path: '<sip:edge.example.com;lr;ob>, <sip:"odd"@core.example.com;lr>',
    socket: 'tcp:[2001:db8::1]:5060',
    userAgent: 'O\'Phone \\ 1.0 "quoted" %s $1',
    flags: bindingFlags.nat | bindingFlags.sipPing,
    branchFlags: 0b1001010,
    methods: 1 | 8 | 256,
    instance: '<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>',
    regId: 3,
    extension: ';+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";reg-id=3',
  });
}

/**
 * What every `LocationDatabase` must do, as tests for `node:test`.
 *
 * @param name of the implementation, for the titles
 * @param makeFixture makes what one test needs
 * @param options of the tests: `skip` with the reason when the database is not there
 */
export function databaseSuite(
  name: string,
  makeFixture: () => Promise<DatabaseFixture>,
  options: { readonly skip?: string | false } = {},
): void {
  describe(`${name} as a LocationDatabase`, options, () => {
    let fixture: DatabaseFixture | undefined;
    const opened: LocationDatabase[] = [];

    async function open(given: DatabaseUnderTest = byUser): Promise<LocationDatabase> {
      fixture ??= await makeFixture();
      const database = fixture.connect(given);
      opened.push(database);
      await database.open();
      await database.openTable(table);
      return database;
    }

    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close();
      await fixture?.dispose();
      fixture = undefined;
    });

    describe('rows', () => {
      test('every field comes back as it was, but the flow, which is of one process', async () => {
        const database = await open();
        const binding = fullBinding('full');
        await database.commit([put(alice, { ...binding, flowId: 17 })]);
        assert.deepEqual(await all(database), [{ aor: alice, binding }]);
      });

      test('fields that are not there come back as not there', async () => {
        const database = await open();
        const bare = sampleBinding('bare', { socket: undefined, userAgent: '' });
        await database.commit([put(alice, bare)]);
        assert.deepEqual(await all(database), [{ aor: alice, binding: bare }]);
      });

      test('q: unspecified, 0, 1 and thousandths come back exactly', async () => {
        const database = await open();
        const qs = [-1, 0, 1, 120, 123, 290, 333, 999, 1000];
        await database.commit(qs.map((q) => put(alice, sampleBinding(`q${q}`, { q }))));
        assert.deepEqual(
          (await all(database)).map(({ binding }) => binding.q),
          qs,
        );
      });

      test('instants come back to the second, on both sides of every change of the clocks', async () => {
        const database = await open();
        const instants = [sampleNow, sampleNow + 1 * second, sampleNow + 123_456 * second, Date.UTC(2037, 11, 31)];
        for (let month = 0; month < 12; month++) instants.push(Date.UTC(2030, month, 15, 12, 34, 56));
        const bindings = instants.map((expiresAt, i) =>
          sampleBinding(`i${i}`, { expiresAt, lastModifiedAt: expiresAt }),
        );
        await database.commit(bindings.map((binding) => put(alice, binding)));
        assert.deepEqual(
          (await all(database)).map(({ binding }) => binding),
          bindings,
        );
      });

      test('decision 27, usrloc 3: a permanent binding stays permanent', async () => {
        const database = await open();
        await database.commit([put(alice, sampleBinding('static', { flags: bindingFlags.permanent }))]);
        const [found] = await all(database, sampleNow + 10 * 365 * 86_400 * second);
        assert.equal(found?.binding.flags, bindingFlags.permanent);
        assert.deepEqual(await database.removeExpired(table, sampleNow + 10 * 365 * 86_400 * second, 100), []);
      });

      test('texts: UTF-8 is stored as characters, other bytes and NUL come back too', async () => {
        const database = await open();
        const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
        const texts = [
          latin1('Jürgen Müller'),
          latin1('電話 📞'),
          '\xff\xfe\x80',
          'a\0b',
          latin1('\uf741'),
          "'; DROP TABLE x",
        ];
        const changes = texts.map((text, i) =>
          put(asAor(text), sampleBinding(`t${i}`, { userAgent: text, callId: text })),
        );
        await database.commit(changes);
        for (const [i, text] of texts.entries()) {
          const [state] = await database.readAors(table, [asAor(text)]);
          assert.deepEqual(
            state?.bindings.map(({ ruid, userAgent, callId }) => ({ ruid, userAgent, callId })),
            [{ ruid: `t${i}`, userAgent: text, callId: text }],
          );
        }
      });

      test('use_domain: user and domain of an address of record are two columns', async () => {
        const database = await open({ useDomain: true });
        const aors = ['alice@example.com', 'alice@example.org', 'example.net'].map(asAor);
        await database.commit(aors.map((aor, i) => put(aor, sampleBinding(`d${i}`))));
        assert.deepEqual(
          (await all(database)).map(({ aor }) => aor),
          aors,
        );
        const states = await database.readAors(table, [...aors].reverse());
        assert.deepEqual(
          states.map(({ bindings }) => bindings.map(({ ruid }) => ruid)),
          [['d2'], ['d1'], ['d0']],
        );
      });
    });

    describe('commit', () => {
      test('inserts, refreshes, overwrites and removes in one go', async () => {
        const database = await open();
        const [a, b, c] = [sampleBinding('a'), sampleBinding('b'), sampleBinding('c')];
        await database.commit([put(alice, a), put(alice, b), put(bob, c)]);
        const refreshed = {
          ...a,
          cseq: 2,
          expiresAt: a.expiresAt + 60 * second,
          lastModifiedAt: sampleNow + 60 * second,
        };
        const changed = { ...b, contact: 'sip:b@10.9.8.7', userAgent: 'Other' };
        await database.commit([put(alice, refreshed, a), put(alice, changed, b), removal(bob, c)]);
        assert.deepEqual(await all(database), [
          { aor: alice, binding: refreshed },
          { aor: alice, binding: changed },
        ]);
      });

      test('a refresh of a row that another program has removed writes it whole', async () => {
        const database = await open();
        const a = sampleBinding('a');
        await database.commit([put(alice, a), put(bob, sampleBinding('b'))]);
        await database.commit([removal(alice, a)]);
        const refreshed = { ...a, cseq: 7 };
        await database.commit([put(alice, refreshed, a)]);
        const [state] = await database.readAors(table, [alice]);
        assert.deepEqual(state?.bindings, [refreshed]);
      });

      test('what is unknown is written whether there is a row or not', async () => {
        const database = await open();
        const a = sampleBinding('a');
        await database.commit([put(alice, a, 'unknown')]);
        await database.commit([put(alice, { ...a, cseq: 2 }, 'unknown')]);
        await database.commit([{ ...removal(bob, sampleBinding('never')), before: 'unknown' }]);
        assert.deepEqual(
          (await all(database)).map(({ binding }) => binding.cseq),
          [2],
        );
      });

      test('changes of several tables are one commit', async () => {
        const database = await open();
        await database.openTable('aliases');
        await database.commit([put(alice, sampleBinding('a')), put(alice, sampleBinding('a'), undefined, 'aliases')]);
        assert.equal(await ruids(database), 'a');
        assert.equal(await ruids(database, undefined, 'aliases'), 'a');
      });

      test('thousands of changes at once', async () => {
        const database = await open();
        const bindings = Array.from({ length: 3_000 }, (_, i) => sampleBinding(`n${i}`));
        await database.commit(bindings.map((binding, i) => put(asAor(`user${i}`), binding)));
        await database.commit(
          bindings.map((binding, i) =>
            put(asAor(`user${i}`), { ...binding, cseq: 2, lastModifiedAt: sampleNow }, binding),
          ),
        );
        const stored = await all(database);
        assert.equal(stored.length, 3_000);
        assert.ok(stored.every(({ binding }) => binding.cseq === 2));
      });

      test('what was committed is there after closing and opening again', async () => {
        const database = await open();
        await database.commit([put(alice, fullBinding('full'))]);
        await database.close();
        assert.deepEqual(await all(await open()), [{ aor: alice, binding: fullBinding('full') }]);
      });

      test('commits that do not wait for each other happen in the order of the calls', async () => {
        const database = await open();
        const commits: Promise<void>[] = [];
        let before: Binding | undefined;
        for (let cseq = 1; cseq <= 50; cseq++) {
          const binding = sampleBinding('a', { cseq });
          commits.push(database.commit([put(alice, binding, before)]));
          before = binding;
        }
        await Promise.all(commits);
        assert.deepEqual(
          (await all(database)).map(({ binding }) => binding.cseq),
          [50],
        );
      });
    });

    describe('scan', () => {
      test('shows rows in the order of their insertion, without what has expired when asked so', async () => {
        const database = await open();
        const short = { expiresAt: sampleNow + second };
        await database.commit([
          put(bob, sampleBinding('z')),
          put(alice, sampleBinding('short', short)),
          put(alice, sampleBinding('a')),
        ]);
        assert.equal(await ruids(database), 'z short a');
        assert.equal(await ruids(database, sampleNow), 'z short a');
        assert.equal(await ruids(database, sampleNow + second), 'z a');
      });

      test('may be left early, and the database goes on', async () => {
        const database = await open();
        await database.commit(Array.from({ length: 2_500 }, (_, i) => put(asAor(`u${i}`), sampleBinding(`r${i}`))));
        for await (const batch of database.scan(table, {})) {
          assert.ok(batch.stored.length > 0);
          break;
        }
        await database.commit([put(alice, sampleBinding('later'))]);
        assert.equal((await all(database)).length, 2_501);
      });
    });

    describe('readAors and compareAndSet', () => {
      test('one state for each address of record asked for, in that order', async () => {
        const database = await open();
        await database.commit([
          put(alice, sampleBinding('a')),
          put(bob, sampleBinding('b')),
          put(alice, sampleBinding('c')),
        ]);
        const states = await database.readAors(table, [bob, asAor('nobody'), alice]);
        assert.deepEqual(
          states.map(({ aor, bindings }) => [aor, bindings.map(({ ruid }) => ruid).join(' ')]),
          [
            ['bob', 'b'],
            ['nobody', ''],
            ['alice', 'a c'],
          ],
        );
      });

      test('changes are made while the rows are those that were read, and not any more when they are others', async () => {
        const database = await open();
        const [read] = await database.readAors(table, [alice]);
        assert.ok(read);
        const first = { table, aor: alice, version: read.version, changes: [put(alice, sampleBinding('a'))] };
        assert.deepEqual(await database.compareAndSet([first]), [true]);
        const second_ = { table, aor: alice, version: read.version, changes: [put(alice, sampleBinding('b'))] };
        assert.deepEqual(await database.compareAndSet([second_]), [false]);
        assert.equal(await ruids(database), 'a');
      });

      test('each address of record stands for itself', async () => {
        const database = await open();
        const [a, b] = await database.readAors(table, [alice, bob]);
        assert.ok(a && b);
        await database.commit([put(alice, sampleBinding('meanwhile'))]);
        const sets = [
          { table, aor: alice, version: a.version, changes: [put(alice, sampleBinding('a'))] },
          { table, aor: bob, version: b.version, changes: [put(bob, sampleBinding('b'))] },
        ];
        assert.deepEqual(await database.compareAndSet(sets), [false, true]);
        assert.equal(await ruids(database), 'meanwhile b');
      });

      test('of two servers that change what both have read, exactly one does', async () => {
        const [one, other] = [await open(), await open()];
        for (let round = 0; round < 25; round++) {
          const aor = asAor(`user${round}`);
          const [read] = await one.readAors(table, [aor]);
          const version = read?.version ?? '';
          const [byOne, byOther] = await Promise.all([
            one.compareAndSet([{ table, aor, version, changes: [put(aor, sampleBinding(`one${round}`))] }]),
            other.compareAndSet([{ table, aor, version, changes: [put(aor, sampleBinding(`other${round}`))] }]),
          ]);
          assert.equal(Number(byOne[0]) + Number(byOther[0]), 1, `round ${round}`);
        }
        assert.equal((await all(one)).length, 25);
      });
    });

    describe('expiry and counts', () => {
      test('removeExpired removes what has expired at that very second, up to its limit, and says what', async () => {
        const database = await open();
        const gone = ['a', 'b', 'c'].map((ruid) => sampleBinding(ruid, { expiresAt: sampleNow + second }));
        await database.commit([...gone.map((binding) => put(alice, binding)), put(bob, sampleBinding('stays'))]);
        assert.deepEqual(await database.removeExpired(table, sampleNow, 10), []);
        assert.equal((await database.removeExpired(table, sampleNow + second, 2)).length, 2);
        const [last] = await database.removeExpired(table, sampleNow + second, 2);
        assert.equal(last?.aor, 'alice');
        assert.equal(await ruids(database), 'stays');
      });

      test('of two servers that remove at the same time, one gets each row', async () => {
        const [one, other] = [await open(), await open()];
        const gone = Array.from({ length: 200 }, (_, i) => sampleBinding(`g${i}`, { expiresAt: sampleNow }));
        await one.commit(gone.map((binding) => put(alice, binding)));
        const removed = await Promise.all([
          one.removeExpired(table, sampleNow + second, 500),
          other.removeExpired(table, sampleNow + second, 500),
        ]);
        const names = removed.flat().map(({ binding }) => binding.ruid);
        assert.equal(names.length, 200);
        assert.equal(new Set(names).size, 200);
      });

      test('usrloc 9: users and contacts that have not expired are counted', async () => {
        const database = await open();
        await database.commit([
          put(alice, sampleBinding('a')),
          put(alice, sampleBinding('b', { flags: bindingFlags.permanent })),
          put(bob, sampleBinding('gone', { expiresAt: sampleNow })),
        ]);
        assert.deepEqual(await database.count(table, sampleNow), { users: 1, contacts: 2 });
      });
    });

    describe('tables', () => {
      test('a table that is there is opened again, with its rows', async () => {
        const database = await open();
        await database.commit([put(alice, sampleBinding('a'))]);
        await database.openTable(table);
        assert.equal(await ruids(database), 'a');
      });

      test('a name that is no name of a table is refused, and is no part of any statement', async () => {
        const database = await open();
        for (const bad of ['', 'a b', 'x; DROP TABLE location', 'x"y', '1st', 'ü', 'x'.repeat(64)]) {
          await assert.rejects(database.openTable(bad), (error) => {
            assert.ok(error instanceof StoreError);
            assert.match(error.message, /no name of a table/);
            return true;
          });
        }
        assert.equal(await ruids(database), '');
      });
    });

    describe('errors', () => {
      test('after close, what is asked is an error that says so', async () => {
        const database = await open();
        await database.close();
        await assert.rejects(database.commit([put(alice, sampleBinding('a'))]), StoreError);
        await assert.rejects(database.ping(), StoreError);
      });
    });
  });
}
