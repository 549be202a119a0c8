import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
import { DatabaseOnlyLocation } from './database-only.ts';

const alice = asAor('alice');
const second = 1000;

interface Started {
  readonly location: DatabaseOnlyLocation;
  readonly database: ScriptedDatabase;
}

async function start(rows?: Rows, logger: Logger = silentLogger, tables = ['location']): Promise<Started> {
  const random = new FakeRandom();
  const clock = new FakeClock(sampleNow);
  const database = new ScriptedDatabase(rows);
  const memory = new PackedLocation({ random, logger });
  const location = new DatabaseOnlyLocation({ memory, database, clock, random, logger, place: placeOf(false) });
  await location.open(tables);
  return { location, database };
}

locationSuite('DatabaseOnlyLocation', async (logger) => (await start(undefined, logger, [])).location, {
  decidesOnRows: true,
});

async function store({ location }: Started, bindings: readonly Binding[]): Promise<void> {
  await location.table('location').update(alice, sampleNow, () => ({ bindings, result: undefined }));
}

async function ruids({ location }: Started): Promise<string> {
  return (await location.table('location').get(alice, sampleNow)).map(({ ruid }) => ruid).join(' ');
}

/** Adds a binding to those that are there. */
async function add({ location }: Started, ruid: string): Promise<string> {
  return location.table('location').update(alice, sampleNow, (bindings) => ({
    bindings: [...bindings, sampleBinding(ruid)],
    result: bindings.map((binding) => binding.ruid).join(' '),
  }));
}

describe('db-only: no copy in memory, several servers on one database', () => {
  test('what one server stores the other finds at once', async () => {
    const one = await start();
    const other = await start(one.database.rows);
    await store(one, [sampleBinding('a')]);
    assert.equal(await ruids(other), 'a');
    await store(other, []);
    assert.equal(await ruids(one), '');
  });

  test('concurrent changes of one address by two servers end as some serial order would', async () => {
    const one = await start();
    const other = await start(one.database.rows);
    const seen: Promise<string>[] = [];
    for (let i = 0; i < 40; i++) seen.push(add(i % 2 === 0 ? one : other, `r${i}`));
    const before = await Promise.all(seen);
    // Each decision has seen exactly what one more decision had made: 0, 1, 2, … bindings.
    const counts = before.map((text) => (text === '' ? 0 : text.split(' ').length)).sort((a, b) => a - b);
    assert.deepEqual(
      counts,
      counts.map((_, i) => i),
    );
    assert.equal((await ruids(one)).split(' ').length, 40);
  });

  test('a decision that another server overtakes is made again on what is there then', async () => {
    const one = await start();
    const other = await start(one.database.rows);
    one.database.hold();
    const slow = add(one, 'slow');
    await add(other, 'fast');
    one.database.release();
    assert.equal(await slow, 'fast');
    assert.equal(await ruids(one), 'fast slow');
  });

  test('rows that have expired go with the next change, and are no part of what a decision sees', async () => {
    const started = await start();
    const events: LocationEvent[] = [];
    await store(started, [sampleBinding('short', { expiresAt: sampleNow + second }), sampleBinding('long')]);
    started.location.onEvent((event) => events.push(event));
    const table = started.location.table('location');
    const seen = await table.update(alice, sampleNow + second, (bindings) => ({
      bindings: [...bindings, sampleBinding('new')],
      result: bindings.length,
    }));
    assert.equal(seen, 1);
    assert.deepEqual(
      events.map(({ type, before, after }) => `${type} ${(before ?? after)?.ruid}`),
      ['expire short', 'insert new'],
    );
    assert.equal(started.database.rows.get('location')?.has('short'), false);
  });

  test('RFC 5626 §2.1: the flow is known where the binding came in, until another server has written it', async () => {
    const one = await start();
    const other = await start(one.database.rows);
    await store(one, [sampleBinding('a', { flowId: 7 })]);
    const flowOf = async ({ location }: Started) => (await location.table('location').get(alice, sampleNow))[0]?.flowId;
    assert.equal(await flowOf(one), 7);
    assert.equal(await flowOf(other), undefined);
    await store(other, [sampleBinding('a', { flowId: 3, cseq: 2 })]);
    assert.equal(await flowOf(one), undefined);
    assert.deepEqual(await one.location.bindingsOfFlow(7), []);
    assert.equal((await other.location.bindingsOfFlow(3)).length, 1);
  });

  test('decision 27: what save_memory stores is found here, and has no row', async () => {
    const started = await start();
    const inMemory = sampleBinding('m', { flags: bindingFlags.memoryOnly });
    await store(started, [inMemory, sampleBinding('row')]);
    assert.equal(await ruids(started), 'row m');
    assert.deepEqual([...(started.database.rows.get('location')?.keys() ?? [])], ['row']);
    await store(started, [sampleBinding('row'), { ...inMemory, flags: 0, cseq: 2 }]);
    assert.equal(await ruids(started), 'row m');
    assert.deepEqual([...(started.database.rows.get('location')?.keys() ?? [])], ['row', 'm']);
    await store(started, []);
    assert.equal(await ruids(started), '');
  });

  test('a database that is down is an error, and goes on when it is back', async () => {
    const started = await start();
    await store(started, [sampleBinding('a')]);
    started.database.isDown = true;
    await assert.rejects(ruids(started), StoreError);
    await assert.rejects(
      store(started, [sampleBinding('b')]),
      (error) => error instanceof StoreError && error.code === 'STORE_UNAVAILABLE' && error.retryAfter > 0,
    );
    assert.equal(started.location.health.state, 'failing');
    started.database.isDown = false;
    assert.equal(await ruids(started), 'a');
    assert.equal(started.location.health.state, 'ok');
  });
});
