import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Logger, silentLogger } from '../../base/logger.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeRandom } from '../../testing/fake-random.ts';
import { locationSuite } from '../../testing/location-suite.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { type Rows, ScriptedDatabase } from '../../testing/scripted-database.ts';
import { asAor } from '../aor.ts';
import { type Binding, bindingFlags } from '../binding.ts';
import { placeOf } from '../list-order.ts';
import type { LocationEvent } from '../location.ts';
import { PackedLocation } from '../packed-location.ts';
import { StoreError } from '../store-error.ts';
import { persistenceLimits } from './limits.ts';
import { WriteThroughLocation } from './write-through.ts';

const alice = asAor('alice');
const bob = asAor('bob');
const second = 1000;

interface Started {
  readonly location: WriteThroughLocation;
  readonly database: ScriptedDatabase;
  readonly clock: FakeClock;
}

async function start(rows?: Rows, logger: Logger = silentLogger, tables = ['location']): Promise<Started> {
  const random = new FakeRandom();
  const clock = new FakeClock(sampleNow);
  const database = new ScriptedDatabase(rows);
  const memory = new PackedLocation({ random, logger });
  const location = new WriteThroughLocation({ memory, database, clock, random, logger, place: placeOf(false) });
  await location.open(tables);
  return { location, database, clock };
}

locationSuite('WriteThroughLocation', async (logger) => (await start(undefined, logger, [])).location);

function store({ location }: Started, aor: string, bindings: readonly Binding[], now = sampleNow): Promise<string> {
  return Promise.resolve(location.table('location').update(asAor(aor), now, () => ({ bindings, result: 'stored' })));
}

async function ruids({ location }: Started, aor: string, now = sampleNow): Promise<string> {
  return (await location.table('location').get(asAor(aor), now)).map(({ ruid }) => ruid).join(' ');
}

function rowsOf({ database }: Started): string {
  return [...(database.rows.get('location')?.keys() ?? [])].join(' ');
}

/** Lets everything happen that waits for nothing but the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

/** How a promise stands, without waiting for it. */
function watched(promise: Promise<unknown>): { state: string } {
  const seen = { state: 'waits' };
  promise.then(
    () => {
      seen.state = 'done';
    },
    () => {
      seen.state = 'failed';
    },
  );
  return seen;
}

describe('write-through: what was acknowledged is in the database', () => {
  test('a change resolves after its commit, and nobody sees it before', async () => {
    const started = await start();
    const events: LocationEvent[] = [];
    started.location.onEvent((event) => events.push(event));
    started.database.hold();
    const stored = store(started, 'alice', [sampleBinding('a')]);
    const seen = watched(stored);
    await settle();
    assert.equal(seen.state, 'waits');
    assert.equal(await ruids(started, 'alice'), '');
    assert.deepEqual(events, []);
    started.database.release();
    assert.equal(await stored, 'stored');
    assert.equal(await ruids(started, 'alice'), 'a');
    assert.equal(events.length, 1);
    assert.equal(rowsOf(started), 'a');
  });

  test('a later change of the same address is decided on the one that waits, and waits for its own commit', async () => {
    const started = await start();
    started.database.hold();
    const first = store(started, 'alice', [sampleBinding('a')]);
    await settle();
    const table = started.location.table('location');
    const second_ = Promise.resolve(
      table.update(alice, sampleNow, (bindings) => ({
        bindings: [...bindings, sampleBinding('b')],
        result: bindings.map(({ ruid }) => ruid).join(' '),
      })),
    );
    started.database.release();
    await first;
    assert.equal(await second_, 'a');
    assert.equal(await ruids(started, 'alice'), 'a b');
    assert.equal(started.database.commits.length, 2);
  });

  test('decision 9: a retransmission of what waits for its commit is answered after it, not before', async () => {
    const started = await start();
    started.database.hold();
    const first = store(started, 'alice', [sampleBinding('a')]);
    await settle();
    const table = started.location.table('location');
    const again = Promise.resolve(table.update(alice, sampleNow, () => ({ bindings: 'unchanged', result: 'same' })));
    const seen = watched(again);
    await settle();
    assert.equal(seen.state, 'waits');
    started.database.release();
    await first;
    assert.equal(await again, 'same');
    assert.equal(started.database.commits.length, 1);
  });

  test('a query of another address does not wait for the database', async () => {
    const started = await start();
    await store(started, 'bob', [sampleBinding('b')]);
    started.database.hold();
    const waiting = store(started, 'alice', [sampleBinding('a')]);
    const answer = started.location
      .table('location')
      .update(bob, sampleNow, (bindings) => ({ bindings: 'unchanged', result: bindings.length }));
    assert.equal(answer, 1);
    started.database.release();
    await waiting;
  });

  test('what comes while a commit is under way is one commit together, one row for each binding', async () => {
    const started = await start();
    started.database.hold();
    const all = [store(started, 'first', [sampleBinding('f')])];
    await settle();
    for (let cseq = 1; cseq <= 10; cseq++) all.push(store(started, 'alice', [sampleBinding('a', { cseq })]));
    all.push(store(started, 'bob', [sampleBinding('b')]));
    started.database.release();
    await Promise.all(all);
    assert.deepEqual(
      started.database.commits.map((changes) => changes.map(({ ruid }) => ruid).join(' ')),
      ['f', 'a b'],
    );
    assert.equal((await started.location.table('location').get(alice, sampleNow))[0]?.cseq, 10);
  });

  test('every one of several changes in one group is an event, in their order', async () => {
    const started = await start();
    const events: string[] = [];
    started.location.onEvent(({ type, aor }) => events.push(`${type} ${aor}`));
    await Promise.all([
      store(started, 'alice', [sampleBinding('a')]),
      store(started, 'bob', [sampleBinding('b')]),
      store(started, 'alice', [sampleBinding('a', { cseq: 2 })]),
      store(started, 'bob', []),
    ]);
    assert.deepEqual(events, ['insert alice', 'insert bob', 'update alice', 'remove bob']);
    assert.equal(rowsOf(started), 'a');
  });

  test('another server finds all of it, but not what has expired', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('b', { q: 500 }), sampleBinding('a', { q: 100 })]);
    await store(started, 'bob', [sampleBinding('short', { expiresAt: sampleNow })]);
    const next = await start(started.database.rows);
    assert.equal(await ruids(next, 'alice'), 'b a');
    assert.equal(await ruids(next, 'bob', sampleNow - second), '');
  });
});

describe('write-through: what the database does not take is not acknowledged', () => {
  test('a commit that fails fails all that wait, changes nothing, and memory stays what the database has', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('a')]);
    const events: LocationEvent[] = [];
    started.location.onEvent((event) => events.push(event));
    started.database.fates = ['refused'];
    const all = [
      store(started, 'alice', [sampleBinding('a', { cseq: 2 }), sampleBinding('b')]),
      store(started, 'bob', [sampleBinding('c')]),
    ];
    await assert.rejects(all[0] as Promise<unknown>, (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, 'STORE_UNAVAILABLE');
      assert.ok(error.retryAfter > 0);
      return true;
    });
    await assert.rejects(all[1] as Promise<unknown>, StoreError);
    assert.equal(await ruids(started, 'alice'), 'a');
    assert.equal(rowsOf(started), 'a');
    assert.deepEqual(events, []);
    assert.equal(started.location.health.state, 'failing');
  });

  test('while it fails, changes are refused at once and queries are answered; then it goes on by itself', async () => {
    const lines: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      error: (text) => void lines.push(text),
      info: (text) => void lines.push(text),
    };
    const started = await start(undefined, logger);
    await store(started, 'alice', [sampleBinding('a')]);
    started.database.isDown = true;
    await assert.rejects(store(started, 'bob', [sampleBinding('b')]), StoreError);
    const table = started.location.table('location');
    assert.throws(
      () => table.update(bob, sampleNow, () => ({ bindings: [sampleBinding('c')], result: 0 })),
      StoreError,
    );
    assert.equal(await ruids(started, 'alice'), 'a');
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(started.location.health.state, 'failing');
    started.database.isDown = false;
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(started.location.health.state, 'ok');
    assert.equal(await store(started, 'bob', [sampleBinding('d')]), 'stored');
    assert.equal(rowsOf(started), 'a d');
    assert.equal(lines.filter((line) => line.startsWith('the database fails')).length, 1);
    assert.equal(lines.filter((line) => line.startsWith('the database works again')).length, 1);
  });

  test('a commit that was made although it was reported as failed: memory learns what the database has', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('old', { flowId: 7 })]);
    started.database.fates = ['made-but-failed'];
    await assert.rejects(store(started, 'alice', [sampleBinding('new')]), StoreError);
    assert.equal(await ruids(started, 'alice'), 'old');
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(await ruids(started, 'alice'), 'new');
    assert.equal(rowsOf(started), 'new');
  });

  test('until that is known, nobody is told anything about the addresses that it was about', async () => {
    const started = await start();
    await store(started, 'bob', [sampleBinding('b')]);
    started.database.fates = ['made-but-failed'];
    await assert.rejects(store(started, 'alice', [sampleBinding('a')]), StoreError);
    const table = started.location.table('location');
    const list = (bindings: readonly Binding[]) => ({ bindings: 'unchanged' as const, result: bindings.length });
    // A removal of what is not there would be acknowledged without a commit, and then there would be something.
    assert.throws(() => table.update(alice, sampleNow, () => ({ bindings: [], result: 0 })), StoreError);
    assert.throws(() => table.update(alice, sampleNow, list), StoreError);
    assert.equal(table.update(bob, sampleNow, list), 1);
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(table.update(alice, sampleNow, list), 1);
  });

  test('a removal that was refused is not made later', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('a')]);
    started.database.fates = ['refused'];
    started.database.hold();
    const first = store(started, 'bob', [sampleBinding('b')]);
    await settle();
    const second_ = store(started, 'alice', []);
    started.database.release();
    await assert.rejects(first, StoreError);
    await assert.rejects(second_, StoreError);
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    await started.location.flush();
    assert.equal(await ruids(started, 'alice'), 'a');
    assert.equal(rowsOf(started), 'a');
  });

  test('one that was not made leaves the binding with its flow', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('a', { flowId: 7 })]);
    started.database.fates = ['refused'];
    await assert.rejects(store(started, 'alice', []), StoreError);
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    const [binding] = await started.location.table('location').get(alice, sampleNow);
    assert.equal(binding?.flowId, 7);
  });

  test('style 4.11: more rows than may wait are refused as busy, and what waits is stored', async () => {
    const started = await start();
    started.database.hold();
    const first = store(started, 'first', [sampleBinding('f')]);
    await settle();
    const all: Promise<string>[] = [];
    for (let i = 0; i < persistenceLimits.maxWaitingRows; i++)
      all.push(store(started, `u${i}`, [sampleBinding(`r${i}`)]));
    const table = started.location.table('location');
    assert.throws(
      () => table.update(alice, sampleNow, () => ({ bindings: [sampleBinding('x')], result: 0 })),
      (error) => error instanceof StoreError && error.code === 'STORE_BUSY' && error.retryAfter > 0,
    );
    started.database.release();
    await first;
    await Promise.all(all);
    assert.equal(started.database.rows.get('location')?.size, persistenceLimits.maxWaitingRows + 1);
  });

  test('a binding that cannot be a row is refused alone', async () => {
    const started = await start();
    const long = sampleBinding('long', { contact: `sip:${'x'.repeat(600)}@192.0.2.1` });
    const good = store(started, 'bob', [sampleBinding('b')]);
    assert.throws(
      () => started.location.table('location').update(alice, sampleNow, () => ({ bindings: [long], result: 0 })),
      (error) => error instanceof StoreError && error.code === 'STORE_REFUSED',
    );
    assert.equal(await good, 'stored');
  });
});

describe('write-through: expiry and save_memory', () => {
  test('the row of what has expired goes, and nobody waits for it', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('a', { expiresAt: sampleNow + second }), sampleBinding('b')]);
    started.location.collect(sampleNow + second);
    await started.location.flush();
    assert.equal(rowsOf(started), 'b');
  });

  test('a refresh that waits while its binding expires keeps its row', async () => {
    const started = await start();
    const short = sampleBinding('a', { expiresAt: sampleNow + second });
    await store(started, 'alice', [short]);
    started.database.hold();
    const refreshed = store(started, 'alice', [{ ...short, expiresAt: sampleNow + 60 * second }]);
    await settle();
    started.location.collect(sampleNow + second);
    started.database.release();
    await refreshed;
    await started.location.flush();
    assert.equal(await ruids(started, 'alice', sampleNow + second), 'a');
    assert.equal(rowsOf(started), 'a');
  });

  test('rows of what expires while the database is down go when it is back', async () => {
    const started = await start();
    await store(started, 'alice', [sampleBinding('a', { expiresAt: sampleNow + second }), sampleBinding('b')]);
    started.database.isDown = true;
    await assert.rejects(store(started, 'bob', [sampleBinding('c')]), StoreError);
    started.location.collect(sampleNow + second);
    started.database.isDown = false;
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(rowsOf(started), 'b');
  });

  test('rows of what has expired go when a commit with them has failed, be it twice', async () => {
    const started = await start();
    const short = sampleBinding('a', { expiresAt: sampleNow + second });
    await store(started, 'alice', [short, sampleBinding('b')]);
    started.database.fates = ['refused', 'refused'];
    started.location.collect(sampleNow + second);
    await settle();
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    assert.equal(started.location.health.state, 'failing');
    started.clock.advance(persistenceLimits.retryMs);
    await settle();
    await started.location.flush();
    assert.equal(rowsOf(started), 'b');
  });

  test('decision 27: save_memory writes no row, a later save writes it, a removal deletes it', async () => {
    const started = await start();
    const inMemory = sampleBinding('m', { flags: bindingFlags.memoryOnly });
    await store(started, 'alice', [inMemory]);
    assert.equal(rowsOf(started), '');
    assert.equal(await ruids(started, 'alice'), 'm');
    await store(started, 'alice', [{ ...inMemory, flags: 0, cseq: 2 }]);
    assert.equal(rowsOf(started), 'm');
    await store(started, 'alice', [{ ...inMemory, cseq: 3 }]);
    assert.equal(rowsOf(started), 'm');
    await store(started, 'alice', []);
    assert.equal(rowsOf(started), '');
  });
});

describe('write-through: tables and the end', () => {
  test('a table that is named later for the first time is loaded first', async () => {
    const before = await start();
    await before.location
      .table('aliases')
      .update(alice, sampleNow, () => ({ bindings: [sampleBinding('x')], result: 0 }));
    const started = await start(before.database.rows);
    const table = started.location.table('aliases');
    assert.equal(table.decidesAtOnce, false);
    const found = await table.update(alice, sampleNow, (bindings) => ({ bindings: 'unchanged', result: bindings }));
    assert.deepEqual(
      found.map(({ ruid }) => ruid),
      ['x'],
    );
    assert.equal(table.decidesAtOnce, true);
  });

  test('close waits for what is under way', async () => {
    const started = await start();
    started.database.hold();
    const stored = store(started, 'alice', [sampleBinding('a')]);
    await settle();
    const closed = started.location.close();
    const seen = watched(closed);
    await settle();
    assert.equal(seen.state, 'waits');
    started.database.release();
    await stored;
    await closed;
    assert.equal(rowsOf(started), 'a');
    await assert.rejects(async () => store(started, 'bob', [sampleBinding('b')]), StoreError);
  });

  test('rows that had expired before the start are removed in the background, in pieces', async () => {
    const count = persistenceLimits.maxRowsOfCleaning + 10;
    const old = Array.from({ length: count }, (_, i) => sampleBinding(`old${i}`, { expiresAt: sampleNow }));
    const rows = [...old, sampleBinding('valid')].map((binding) => [binding.ruid, { aor: alice, binding }] as const);
    const started = await start(new Map([['location', new Map(rows)]]));
    assert.equal(await ruids(started, 'alice'), 'valid');
    await settle();
    assert.equal(started.database.rows.get('location')?.size, 11);
    started.clock.advance(persistenceLimits.cleaningPauseMs);
    await settle();
    assert.equal(rowsOf(started), 'valid');
    await started.location.close();
  });

  test('style 4.11: tables that routes name are limited, and two names are never one table', async () => {
    const started = await start();
    assert.throws(() => started.location.table('Location'), /tables location and Location would be one/);
    assert.throws(() => started.location.table('order'), /a word of SQL/);
    assert.throws(() => started.location.table('a b'), /no name of a table/);
    for (let i = 1; i < persistenceLimits.maxTables; i++) started.location.table(`t${i}`);
    assert.throws(
      () => started.location.table('more'),
      (error) => error instanceof StoreError,
    );
    assert.equal(started.location.table('t1').name, 't1');
  });
});
