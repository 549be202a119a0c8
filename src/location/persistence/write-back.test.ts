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
import { PackedLocation } from '../packed-location.ts';
import { StoreError } from '../store-error.ts';
import { WriteBackLocation } from './write-back.ts';

const alice = asAor('alice');
const second = 1000;
const interval = 60 * second;

interface Started {
  readonly location: WriteBackLocation;
  readonly database: ScriptedDatabase;
  readonly clock: FakeClock;
}

async function start(rows?: Rows, logger: Logger = silentLogger, tables = ['location']): Promise<Started> {
  const random = new FakeRandom();
  const clock = new FakeClock(sampleNow);
  const database = new ScriptedDatabase(rows);
  const memory = new PackedLocation({ random, logger });
  const place = placeOf(false);
  const intervalSeconds = () => interval / second;
  const location = new WriteBackLocation({ memory, database, clock, logger, place, intervalSeconds });
  await location.open(tables);
  return { location, database, clock };
}

locationSuite('WriteBackLocation', async (logger) => (await start(undefined, logger, [])).location);

function store({ location }: Started, aor: string, bindings: readonly Binding[]): void {
  const stored = location.table('location').update(asAor(aor), sampleNow, () => ({ bindings, result: 'stored' }));
  assert.equal(stored, 'stored', 'the answer does not wait for the database');
}

function rowsOf({ database }: Started): string {
  return [...(database.rows.get('location')?.keys() ?? [])].join(' ');
}

async function pass({ clock }: Started, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(second);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }
}

function passInterval(started: Started): Promise<void> {
  return pass(started, interval / second);
}

describe('write-back: answered at once, written every timer_interval', () => {
  test('usrloc 5: insert, update and removal are written by the timer', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a')]);
    assert.equal(rowsOf(started), '');
    await passInterval(started);
    assert.equal(rowsOf(started), 'a');
    store(started, 'alice', [sampleBinding('a', { cseq: 9 })]);
    await passInterval(started);
    assert.equal(started.database.rows.get('location')?.get('a')?.binding.cseq, 9);
    store(started, 'alice', []);
    await passInterval(started);
    assert.equal(rowsOf(started), '');
  });

  test('a binding refreshed ten times is one row write, and what came and went is none', async () => {
    const started = await start();
    for (let cseq = 1; cseq <= 10; cseq++) store(started, 'alice', [sampleBinding('a', { cseq })]);
    store(started, 'bob', [sampleBinding('b')]);
    store(started, 'bob', []);
    await passInterval(started);
    assert.deepEqual(
      started.database.commits.map((changes) => changes.map(({ ruid, after }) => `${ruid} ${after?.cseq}`)),
      [['a 10']],
    );
  });

  test('a change is written when it is timer_interval old, others when they are: writes are spread as the changes were', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a')]);
    await pass(started, 30);
    store(started, 'bob', [sampleBinding('b')]);
    store(started, 'alice', [sampleBinding('a', { cseq: 2 })]);
    await pass(started, 29);
    assert.equal(rowsOf(started), '');
    await pass(started, 1);
    assert.equal(rowsOf(started), 'a');
    await pass(started, 29);
    assert.equal(rowsOf(started), 'a');
    await pass(started, 1);
    assert.equal(rowsOf(started), 'a b');
  });

  test('flush writes now (ul_flush), and close writes what waits', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a')]);
    await started.location.flush();
    assert.equal(rowsOf(started), 'a');
    store(started, 'bob', [sampleBinding('b')]);
    await started.location.close();
    assert.equal(rowsOf(started), 'a b');
  });

  test('while the database fails, service goes on; then it catches up, removals included', async () => {
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (text) => void errors.push(text) };
    const started = await start(undefined, logger);
    store(started, 'alice', [sampleBinding('a')]);
    store(started, 'carol', [sampleBinding('c')]);
    await passInterval(started);
    started.database.isDown = true;
    store(started, 'alice', [sampleBinding('a', { cseq: 2 })]);
    store(started, 'bob', [sampleBinding('b')]);
    store(started, 'carol', []);
    await passInterval(started);
    await passInterval(started);
    await assert.rejects(started.location.flush(), StoreError);
    assert.equal(started.location.health.state, 'failing');
    assert.equal(started.location.health.waiting, 3);
    store(started, 'alice', [sampleBinding('a', { cseq: 3 })]);
    started.database.isDown = false;
    await passInterval(started);
    assert.equal(rowsOf(started), 'a b');
    assert.equal(started.database.rows.get('location')?.get('a')?.binding.cseq, 3);
    assert.equal(started.location.health.state, 'ok');
    assert.equal(errors.length, 1);
  });

  test('an insert of which nobody knows whether it was written is removed all the same', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a')]);
    started.database.fates = ['made-but-failed'];
    await assert.rejects(started.location.flush(), StoreError);
    store(started, 'alice', []);
    await started.location.flush();
    assert.equal(rowsOf(started), '');
  });

  test('expired bindings lose their rows', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a', { expiresAt: sampleNow + second })]);
    await started.location.flush();
    started.location.collect(sampleNow + second);
    await started.location.flush();
    assert.equal(rowsOf(started), '');
  });

  test('decision 27: save_memory writes no row, a later save does', async () => {
    const started = await start();
    const inMemory = sampleBinding('m', { flags: bindingFlags.memoryOnly });
    store(started, 'alice', [inMemory]);
    await started.location.flush();
    assert.equal(rowsOf(started), '');
    store(started, 'alice', [{ ...inMemory, flags: 0 }]);
    await started.location.flush();
    assert.equal(rowsOf(started), 'm');
  });

  test('a binding that cannot be a row is refused, for it would never be written', async () => {
    const started = await start();
    const long = sampleBinding('long', { contact: `sip:${'x'.repeat(600)}@192.0.2.1` });
    const table = started.location.table('location');
    assert.throws(
      () => table.update(alice, sampleNow, () => ({ bindings: [long], result: 0 })),
      (error) => error instanceof StoreError && error.code === 'STORE_REFUSED',
    );
    assert.deepEqual(await table.get(alice, sampleNow), []);
  });

  test('another server finds all of it', async () => {
    const started = await start();
    store(started, 'alice', [sampleBinding('a'), sampleBinding('b')]);
    await started.location.close();
    const next = await start(started.database.rows);
    const found = await next.location.table('location').get(alice, sampleNow);
    assert.deepEqual(
      found.map(({ ruid }) => ruid),
      ['a', 'b'],
    );
  });
});
