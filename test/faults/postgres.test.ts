import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { waitUntil } from '../interop/wait-until.ts';
import { Phone } from '../support/phone.ts';
import { type PostgresServer, skipWithoutPostgres, startPostgres } from '../support/postgres-server.ts';
import { rounds, seconds, seed, users } from './effort.ts';
import { RegisterLoad } from './register-load.ts';
import { Servers } from './servers.ts';

const skip = skipWithoutPostgres();
const servers = new Servers();
/** Their sockets keep a process alive. */
const calls: Call[] = [];
const outstanding = 100;
const cuts = 5 * rounds;
/** The longest that an answer may take: a statement's time limit, and as much again for a busy machine. */
const boundMs = 20_000;

let postgres: PostgresServer;
let databases = 0;
let db = '';
let load: RegisterLoad;

before(async () => {
  if (skip === false) postgres = await startPostgres();
});
after(async () => {
  for (const call of calls) call.close();
  await servers.end();
  await postgres?.dispose();
});
beforeEach(async () => {
  if (skip !== false) return;
  databases += 1;
  db = await postgres.createDatabase(`test${databases}`);
  load = new RegisterLoad({ users, outstanding, seed });
});

/** Has its own client execute SQL in the database of the test. */
function sql(text: string): Promise<readonly string[]> {
  return postgres.query(text, `test${databases}`);
}

/** What a server that is started anew knows. */
async function checkAnew(): Promise<void> {
  const { aorta, port } = await servers.serve(db);
  assert.deepEqual(await load.check(port), []);
  await aorta.stop();
}

/** A phone that is registered, and somebody who wants to know whether it can be reached. */
class Call {
  readonly #phone: Phone;
  readonly #caller: Phone;

  private constructor(phone: Phone, caller: Phone) {
    this.#phone = phone;
    this.#caller = caller;
  }

  static async open(port: number): Promise<Call> {
    const call = new Call(await Phone.open('alice', port), await Phone.open('bob', port));
    calls.push(call);
    assert.equal(await call.register(), 200);
    return call;
  }

  async register(): Promise<number> {
    return (await this.#phone.register()).status;
  }

  /** The status that the caller is answered. */
  async ask(): Promise<number> {
    const request = this.#caller.make('OPTIONS', { uri: 'sip:alice@example.com' });
    const final = this.#caller.peer.ask(request);
    const arrived = this.#phone.peer.request('OPTIONS').then((copy) => this.#phone.answer(copy, 200));
    // It does not arrive when the server answers by itself.
    arrived.catch(() => undefined);
    return (await final).status;
  }

  close(): void {
    this.#phone.close();
    this.#caller.close();
  }
}

function assertHonest(): void {
  assert.deepEqual(
    [...load.answers.keys()].filter((status) => status !== 200 && status !== 503),
    [],
  );
  assert.ok(load.retryAfters.every((after) => after !== undefined && after > 0));
  assert.ok(load.slowestMs < boundMs, `an answer took ${load.slowestMs} ms`);
}

describe('write-through to PostgreSQL', { skip }, () => {
  test(`kill -9 of the server: what was acknowledged is there, what was removed stays away (${rounds} times)`, async () => {
    const random = new SeededRandom(seed);
    let { aorta, port } = await servers.serve(db);
    for (let round = 1; round <= rounds; round++) {
      await load.begin(port);
      await load.acknowledge(users + random.below(3_000));
      await aorta.stop('SIGKILL');
      load.halt();
      ({ aorta, port } = await servers.serve(db));
      assert.deepEqual(await load.check(port), [], `round ${round}`);
    }
    await aorta.stop();
    assert.deepEqual([...load.answers.keys()], [200]);
  });

  test(`PostgreSQL is killed or stopped for ${seconds} s: 503 with Retry-After, lookups go on, then service by itself`, async () => {
    const { aorta, port } = await servers.serve(db);
    const call = await Call.open(port);
    await load.begin(port);
    for (const end of ['kill', 'stop'] as const) {
      await load.acknowledge(500);
      await postgres[end]();
      await load.refuse(20);
      assert.equal(await call.ask(), 200);
      assert.equal(await call.register(), 503);
      await sleep(seconds * 1_000);
      assert.equal(await call.ask(), 200);
      await postgres.startAgain();
      await load.acknowledge(500);
      assert.equal(await call.register(), 200);
    }
    await load.finish();
    assertHonest();
    assert.ok(load.refusedAndDone <= 2 * outstanding, `${load.refusedAndDone} refused and done`);
    assert.deepEqual(await load.check(port), []);
    await aorta.stop();
    await checkAnew();
  });

  test(`PostgreSQL dies with a commit under way (${rounds} times), and a connection is cut (${cuts} times)`, async () => {
    const random = new SeededRandom(seed);
    const { aorta, port } = await servers.serve(db);
    await load.begin(port);
    for (let round = 1; round <= rounds; round++) {
      await load.acknowledge(1 + random.below(300));
      await sleep(random.below(30));
      await postgres.kill();
      await postgres.startAgain();
    }
    for (let round = 1; round <= cuts; round++) {
      await load.acknowledge(1 + random.below(300));
      await sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aorta'");
    }
    await load.acknowledge(100);
    await load.finish();
    assertHonest();
    assert.ok(load.refusedAndDone <= (rounds + cuts) * outstanding, `${load.refusedAndDone} refused and done`);
    // What it serves, and what is in the database.
    assert.deepEqual(await load.check(port), []);
    await aorta.stop();
    await checkAnew();
  });

  test('PostgreSQL stands still: for 2 s, all wait; for 12 s, all are refused, and no abandoned commit comes later', async () => {
    const { aorta, port } = await servers.serve(db);
    await load.begin(port);
    await load.acknowledge(500);
    await postgres.pause();
    await sleep(2_000);
    postgres.resume();
    await load.acknowledge(500);
    assert.equal(load.refused, 0);
    await postgres.pause();
    // A statement has 10 s.
    await sleep(12_000);
    assert.ok(load.refused > 0);
    postgres.resume();
    await load.acknowledge(500);
    await load.finish();
    assertHonest();
    assert.deepEqual(await load.check(port), []);
    await aorta.stop('SIGKILL');
    await checkAnew();
    assert.ok(load.refusedAndDone <= outstanding, `${load.refusedAndDone} refused and done`);
  });

  test('a row that another program writes nonsense into harms only itself', async () => {
    const { aorta, port } = await servers.serve(db);
    await load.begin(port);
    await load.acknowledge(500);
    const call = await Call.open(port);
    await sql("UPDATE location SET contact = '', q = 9, cseq = -1, callid = '' WHERE username = 'alice'");
    assert.equal(await call.ask(), 200);
    assert.equal(await call.register(), 200);
    await load.acknowledge(500);
    await load.finish();
    await aorta.stop();
    const again = await servers.serve(db);
    await again.aorta.said(/a row of table location cannot be used and is left as it is: contact is empty/);
    assert.deepEqual(await load.check(again.port), []);
    await again.aorta.stop();
    assert.deepEqual(await sql("SELECT count(*) FROM location WHERE contact = ''"), ['1']);
  });

  test('a column is dropped: 503 and its name, lookups go on, and service again when it is back', async () => {
    const { aorta, port } = await servers.serve(db);
    const call = await Call.open(port);
    await load.begin(port);
    await load.acknowledge(500);
    await sql('ALTER TABLE location DROP COLUMN user_agent');
    await load.refuse(20);
    await aorta.said(/the database fails, REGISTERs that change something are answered 503: .*column.* "user_agent"/);
    assert.equal(await call.ask(), 200);
    await sql("ALTER TABLE location ADD COLUMN user_agent VARCHAR(255) NOT NULL DEFAULT ''");
    await load.acknowledge(500);
    assert.equal(await call.register(), 200);
    await load.finish();
    assertHonest();
    assert.equal(load.refusedAndDone, 0);
    assert.deepEqual(await load.check(port), []);
    await aorta.stop();
    await checkAnew();
  });
});

describe('write-back to PostgreSQL', { skip }, () => {
  test(`PostgreSQL is away for ${seconds} s: service goes on, and what changed is written afterwards`, async () => {
    const options = ['--db-mode', 'write-back', '--set', 'usrloc.timer_interval=1'];
    const { aorta, port } = await servers.serve(db, options);
    await load.begin(port);
    await load.acknowledge(users);
    await postgres.kill();
    await aorta.said(/the database fails, service goes on from memory and what changes waits/);
    await load.acknowledge(users);
    await sleep(seconds * 1_000);
    await load.acknowledge(users);
    await postgres.startAgain();
    await aorta.said(/the database works again/);
    await load.acknowledge(users);
    await load.finish();
    assert.deepEqual([...load.answers.keys()], [200]);
    const { code } = await aorta.stop('SIGTERM');
    assert.equal(code, 0);
    await checkAnew();
  });
});

describe('db-only with PostgreSQL', { skip }, () => {
  test('PostgreSQL is killed: REGISTER and lookup are 503, and service again when it is back', async () => {
    const { aorta, port } = await servers.serve(db, ['--db-mode', 'db-only']);
    const call = await Call.open(port);
    await load.begin(port);
    await load.acknowledge(500);
    assert.equal(await call.ask(), 200);
    await postgres.kill();
    await load.refuse(20);
    assert.equal(await call.register(), 503);
    assert.equal(await call.ask(), 503);
    await postgres.startAgain();
    await load.acknowledge(500);
    await waitUntil('the phone to be registered', async () => ((await call.register()) === 200 ? true : undefined));
    assert.equal(await call.ask(), 200);
    await load.finish();
    assertHonest();
    assert.deepEqual(await load.check(port), []);
    await aorta.stop();
    await checkAnew();
  });
});
