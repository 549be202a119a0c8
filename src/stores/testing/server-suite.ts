import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DatabaseServer } from '../../../test/support/database-server.ts';
import { type Aor, asAor } from '../../location/aor.ts';
import { type Binding, bindingFlags } from '../../location/binding.ts';
import type { BindingChange, LocationDatabase, RowBatch, StoredBinding } from '../../location/persistence/database.ts';
import { StoreError } from '../../location/store-error.ts';
import { databaseSuite } from '../../testing/database-suite.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { makeDatabase } from '../open-database.ts';
import { type ColumnNames, defaultColumnNames } from '../sql/columns.ts';
import { formatLocal } from '../sql/local-time.ts';
import { RowCodec } from '../sql/row-codec.ts';
import type { ServerOptions } from '../sql/server-options.ts';

/** What is different from one database system to another, for the tests of its store. */
export interface SystemUnderTest<D> {
  readonly name: string;
  readonly kind: 'postgres' | 'mysql';
  readonly skip: string | false;
  readonly start: (settings?: Readonly<Record<string, string>>) => Promise<DatabaseServer>;
  /** Settings that make tests quicker. */
  readonly settings: Readonly<Record<string, string>>;
  readonly make: (options: ServerOptions<D>) => LocationDatabase;
  /** Makes the database `aorta` an empty one. */
  readonly clear: (server: DatabaseServer) => Promise<void>;
  readonly sql: {
    /** The table of OpenSER 1.0, with its version; both tables are missing. */
    readonly openSerTables: string;
    /** Layout 9 in types of another kind, without `id` and indices; the column `username` is called `user`. */
    readonly otherTable: string;
    /** An instant as a text. */
    readonly textOf: (column: string) => string;
    /** Makes the column `contact` one of 20 characters. */
    readonly narrow: string;
    /** Gives the column `expires` a type that has a time zone. */
    readonly zoned: string;
    /** An instant that makes no sense. */
    readonly noInstant: string;
    /** Locks every row for two seconds. */
    readonly hold: string;
    /** Has every update of a row take three seconds, and allows the server to take them. */
    readonly dawdle: string;
    /** Counts the server's processes for connections of ours to a database, and those in such an update. */
    readonly connections: (database: string) => string;
    readonly dawdling: (database: string) => string;
    /** Ends the connections to a database, and says how many. */
    readonly end: (server: DatabaseServer, database: string) => Promise<number>;
    readonly quote: (name: string) => string;
  };
}

/** What the tests of one system share. */
export class ServerFixture<D> {
  readonly #system: SystemUnderTest<D>;
  readonly #opened: LocationDatabase[];
  #server: DatabaseServer | undefined;
  #databases: number;

  constructor(system: SystemUnderTest<D>) {
    this.#system = system;
    this.#opened = [];
    this.#server = undefined;
    this.#databases = 0;
  }

  async start(): Promise<void> {
    if (this.#system.skip === false) this.#server = await this.#system.start(this.#system.settings);
  }

  async dispose(): Promise<void> {
    await this.#server?.dispose();
  }

  get server(): DatabaseServer {
    assert.ok(this.#server);
    return this.#server;
  }

  /** The name and the URL of a database that is empty now, which other tests have used and will use. */
  async emptyDatabase(): Promise<readonly [name: string, url: string]> {
    await this.#system.clear(this.server);
    return ['aorta', this.server.url];
  }

  /** Those of a new database: for tests that change more than tables, or count connections. */
  async freshDatabase(): Promise<readonly [name: string, url: string]> {
    this.#databases += 1;
    const name = `test${this.#databases}`;
    return [name, await this.server.createDatabase(name)];
  }

  make(url: string, different: Partial<ServerOptions<D>> = {}): LocationDatabase {
    const codec = new RowCodec({ useDomain: false, natBflag: -1, serverId: 0 });
    const options = { url, columns: defaultColumnNames, useDomain: false, codec, expiresIndex: false };
    const database = this.#system.make({ ...options, ...different });
    this.#opened.push(database);
    return database;
  }

  async open(url: string, different: Partial<ServerOptions<D>> = {}): Promise<LocationDatabase> {
    const database = this.make(url, different);
    await database.open();
    await database.openTable(table);
    return database;
  }

  /** What the table `version` says: lines of a name and a number. */
  versions(place: string): Promise<readonly string[]> {
    return this.server.query('SELECT table_name, table_version FROM version', place);
  }

  /** Closes what was made. */
  async close(): Promise<void> {
    for (const database of this.#opened.splice(0)) await database.close();
  }
}

export const alice = asAor('alice');
export const bob = asAor('bob');
export const table = 'location';
const second = 1000;

export function put(aor: Aor, binding: Binding, earlier?: Binding | 'unknown'): BindingChange {
  return { table, aor, ruid: binding.ruid, before: earlier, after: binding };
}

export async function all(database: LocationDatabase, validAt?: number): Promise<RowBatch> {
  const stored: StoredBinding[] = [];
  const unreadable: RowBatch['unreadable'][number][] = [];
  for await (const batch of database.scan(table, { validAt })) {
    stored.push(...batch.stored);
    unreadable.push(...batch.unreadable);
  }
  return { stored, unreadable };
}

export async function ruids(database: LocationDatabase): Promise<string> {
  return (await all(database)).stored.map(({ binding }) => binding.ruid).join(' ');
}

/** Rejects with a `StoreError` of that code, and gives its message. */
export async function messageOf(promise: Promise<unknown>, code: string): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoreError, `expected ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error.message;
}

/** That opening fails with these messages, each of which names the place and no password. */
export async function assertCannotOpen<D>(
  fixture: ServerFixture<D>,
  url: string,
  cases: readonly (readonly [change: (url: URL) => void, expected: RegExp])[],
): Promise<void> {
  for (const [change, expected] of cases) {
    const wrong = new URL(url);
    wrong.password = 'secret';
    change(wrong);
    const message = await messageOf(fixture.make(wrong.href).open(), 'STORE_CANNOT_OPEN');
    assert.match(message, expected);
    assert.match(message, /^\w+:\/\/\w+:\*\*\*@/);
    assert.doesNotMatch(message, /secret/);
  }
}

/**
 * What the store of every database server must do beside `databaseSuite`, which is run too.
 *
 * @param more tests of this system alone
 */
export function serverSuite<D>(system: SystemUnderTest<D>, more: (fixture: ServerFixture<D>) => void): void {
  const { name, kind, skip, sql } = system;
  const fixture = new ServerFixture(system);

  before(() => fixture.start());
  after(() => fixture.dispose());

  databaseSuite(
    name,
    async () => {
      const [, url] = await fixture.emptyDatabase();
      const options = { columns: defaultColumnNames, natBflag: -1, isOnlyCopy: false };
      return {
        connect: ({ useDomain }) => makeDatabase({ kind, url }, { ...options, useDomain }),
        dispose: async () => undefined,
      };
    },
    { skip },
  );

  describe(`a ${name} database`, { skip }, () => {
    afterEach(() => fixture.close());

    more(fixture);

    describe('tables', () => {
      test('usrloc 11: what Kamailio needs defaults to what it expects', async () => {
        const [place, url] = await fixture.emptyDatabase();
        const database = await fixture.open(url);
        const expires = formatLocal(sampleNow / second + 600);
        await fixture.server.query(
          'INSERT INTO location (username,contact,expires,q,callid,cseq,flags,cflags,user_agent,socket,last_modified,ruid,' +
            `reg_id,server_id,connection_id,keepalive,${sql.quote('partition')}) VALUES ('alice','sip:a@127.0.0.1:5591',` +
            `'${expires}',-1.000000,'cid-plain',7,0,64,'n/a','udp:127.0.0.1:5590','${expires}','uloc-6b0b2065-1be1-1',0,0,-1,0,0)`,
          place,
        );
        const instant = sampleNow + 600 * second;
        assert.deepEqual(await all(database), {
          stored: [
            {
              aor: alice,
              binding: sampleBinding('uloc-6b0b2065-1be1-1', {
                contact: 'sip:a@127.0.0.1:5591',
                expiresAt: instant,
                lastModifiedAt: instant,
                callId: 'cid-plain',
                cseq: 7,
                socket: 'udp:127.0.0.1:5590',
                userAgent: '',
                branchFlags: 64,
              }),
            },
          ],
          unreadable: [],
        });
      });

      test('usrloc 11: a table of OpenSER 1.0 is migrated, and stays beside the new one', async () => {
        const [place, url] = await fixture.emptyDatabase();
        const expires = formatLocal(sampleNow / second + 600);
        await fixture.server.query(
          `${sql.openSerTables};
           INSERT INTO location (username, contact, received, expires, q, callid, cseq, last_modified, flags, user_agent, socket)
             VALUES ('alice', 'sip:a@10.0.0.1', 'sip:203.0.113.9:5060', '${expires}', 0.5, 'c1', 7, '${expires}', 1, 'Old', '10.0.0.9_5070'),
                    ('alice', 'sip:b@10.0.0.1', NULL, '${expires}', -1, 'c2', 8, '${expires}', 128, 'Old', NULL)`,
          place,
        );
        const database = await fixture.open(url);
        const { stored, unreadable } = await all(database);
        assert.deepEqual(unreadable, []);
        const instant = { expiresAt: sampleNow + 600 * second, lastModifiedAt: sampleNow + 600 * second };
        const [first, other] = stored.map(({ binding }) => binding);
        assert.match(first?.ruid ?? '', /^[0-9a-f]{18}$/);
        assert.notEqual(first?.ruid, other?.ruid);
        assert.deepEqual(
          [first, other],
          [
            sampleBinding(first?.ruid ?? '', {
              ...{ contact: 'sip:a@10.0.0.1', received: 'sip:203.0.113.9:5060', q: 500, callId: 'c1', cseq: 7 },
              ...{ flags: bindingFlags.nat, userAgent: 'Old', socket: 'udp:10.0.0.9:5070', ...instant },
            }),
            sampleBinding(other?.ruid ?? '', {
              ...{ contact: 'sip:b@10.0.0.1', callId: 'c2', cseq: 8, flags: bindingFlags.permanent },
              ...{ userAgent: 'Old', socket: undefined, ...instant },
            }),
          ],
        );
        assert.deepEqual(await fixture.server.query('SELECT count(*) FROM location_layout_1001', place), ['2']);
        assert.deepEqual(await fixture.server.query('SELECT table_version FROM version', place), ['9']);
        await database.commit([put(bob, sampleBinding('new'))]);
        await database.openTable(table);
        assert.equal((await all(database)).stored.length, 3);
      });

      test('a layout that is newer is refused, and so is a table that lacks a column', async () => {
        const [place, url] = await fixture.emptyDatabase();
        const database = await fixture.open(url);
        await fixture.server.query('UPDATE version SET table_version = 10', place);
        assert.match(await messageOf(database.openTable(table), 'STORE_VERSION'), /location has layout 10/);
        await fixture.server.query(
          'UPDATE version SET table_version = 9; ALTER TABLE location DROP COLUMN path',
          place,
        );
        assert.match(await messageOf(database.openTable(table), 'STORE_VERSION'), /lacks the columns path/);
      });

      test('instants with a time zone are refused, with what to do', async () => {
        const [place, url] = await fixture.emptyDatabase();
        const database = await fixture.open(url);
        await fixture.server.query(sql.zoned, place);
        const message = await messageOf(database.openTable(table), 'STORE_VERSION');
        assert.match(message, /is of type timestamp\w*; ALTER TABLE location \w+ (COLUMN )?expires/);
      });

      test('columns may be of other types, without id and index, and named otherwise', async () => {
        const [place, url] = await fixture.emptyDatabase();
        await fixture.server.query(sql.otherTable, place);
        const columns: ColumnNames = { ...defaultColumnNames, username: 'User' };
        const database = await fixture.open(url, { columns });
        const [a, b] = [sampleBinding('a', { q: 123 }), sampleBinding('b', { cseq: 4_000_000_000 })];
        await database.commit([put(alice, a), put(bob, b)]);
        await database.commit([put(alice, { ...a, cseq: 2 }, a)]);
        const stored = [
          { aor: alice, binding: { ...a, cseq: 2 } },
          { aor: bob, binding: b },
        ];
        const sorted = (batch: RowBatch) => batch.stored.toSorted((x, y) => (x.aor < y.aor ? -1 : 1));
        assert.deepEqual(sorted(await all(database)), stored);
        assert.deepEqual(sorted(await all(database, sampleNow)), stored);
        assert.deepEqual(await all(database, sampleNow + 10 * 86_400 * second), { stored: [], unreadable: [] });
        const [state] = await database.readAors(table, [alice]);
        assert.deepEqual(state?.bindings, [{ ...a, cseq: 2 }]);
        const version = state?.version ?? '';
        assert.deepEqual(
          await database.compareAndSet([{ table, aor: alice, version, changes: [put(alice, sampleBinding('c'))] }]),
          [true],
        );
        assert.deepEqual(await database.count(table, sampleNow), { users: 2, contacts: 3 });
        const problem = database.problemOf(table, alice, sampleBinding('r', { regId: 70_000 }));
        assert.match(problem ?? '', /reg_id takes integers up to 32767, and this is 70000/);
      });

      test('a walk without id shows every row, and may be left early', async () => {
        const [place, url] = await fixture.freshDatabase();
        const database = await fixture.open(url);
        await fixture.server.query('ALTER TABLE location DROP COLUMN id', place);
        await database.openTable(table);
        const names = Array.from({ length: 4_500 }, (_, i) => `r${String(i).padStart(4, '0')}`);
        await database.commit(names.map((ruid) => put(asAor(`of-${ruid}`), sampleBinding(ruid))));
        const { stored } = await all(database);
        assert.deepEqual(
          stored.map(({ binding }) => binding.ruid),
          names,
        );
        for await (const batch of database.scan(table, {})) {
          assert.ok(batch.stored.length > 0);
          break;
        }
        // Of this database there is only the connection that writes.
        await assertConnections(place, '1');
      });
    });

    describe('limits of columns', () => {
      test('a text that is longer than its column is a sentence, not a failed commit of many', async () => {
        const [place, url] = await fixture.emptyDatabase();
        const database = await fixture.open(url);
        const problem = (different: Partial<Binding>, aor = alice) =>
          database.problemOf(table, aor, sampleBinding('r', different)) ?? '';
        assert.equal(problem({}), '');
        assert.equal(problem({ contact: `sip:${'x'.repeat(2044)}` }), '');
        assert.match(
          problem({ contact: `sip:${'x'.repeat(2045)}` }),
          /column contact takes 2048 characters, and this has 2049/,
        );
        assert.match(problem({ callId: 'x'.repeat(513) }), /callid takes 512 characters/);
        assert.match(problem({}, asAor('x'.repeat(256))), /username takes 255 characters/);
        assert.match(problem({ cseq: 2 ** 31 }), /cseq takes integers up to 2147483647/);
        // 510 bytes of 255 characters.
        const umlauts = latin1('ü'.repeat(255));
        assert.equal(problem({ instance: umlauts }, asAor(umlauts)), '');
        await database.commit([put(asAor(umlauts), sampleBinding('u', { instance: umlauts }))]);
        await fixture.server.query(sql.narrow, place);
        await database.openTable(table);
        assert.match(problem({ contact: 'sip:alice@example.com' }), /contact takes 20 characters, and this has 21/);
      });

      test('usrloc 11: a User-Agent is cut to the width of its column', async () => {
        const [, url] = await fixture.emptyDatabase();
        const database = await fixture.open(url);
        const long = sampleBinding('long', { userAgent: latin1('ü'.repeat(300)) });
        assert.equal(database.problemOf(table, alice, long), undefined);
        await database.commit([put(alice, long)]);
        const [found] = (await all(database)).stored;
        assert.equal(found?.binding.userAgent, latin1('ü'.repeat(255)));
      });
    });

    test('rows that make no sense are reported, and stay', async () => {
      const [place, url] = await fixture.emptyDatabase();
      const database = await fixture.open(url);
      await database.commit([put(alice, sampleBinding('a'))]);
      const rows = ["'', 'sip:x@h', '2030-01-01'", "'x', '', '2030-01-01'", `'y', 'sip:y@h', '${sql.noInstant}'`];
      for (const [i, row] of rows.entries()) {
        await fixture.server.query(
          `INSERT INTO location (ruid, username, contact, expires) VALUES ('bad${i}', ${row})`,
          place,
        );
      }
      const { stored, unreadable } = await all(database);
      assert.equal(stored.length, 1);
      assert.deepEqual(
        unreadable.map(({ problem }) => problem),
        ['username is empty', 'contact is empty', 'expires is no instant'],
      );
      assert.match(unreadable[0]?.row ?? '', /"ruid":"bad0"/);
      assert.deepEqual(await fixture.server.query('SELECT count(*) FROM location', place), ['4']);
    });

    test('instants are local time of this process, whatever the time zone of the server', async () => {
      const [place, url] = await fixture.freshDatabase();
      const here = new URL('.', import.meta.url);
      const program = `
        const { makeDatabase } = await import('${new URL('../open-database.ts', here)}');
        const { defaultColumnNames } = await import('${new URL('../sql/columns.ts', here)}');
        const { sampleBinding, sampleNow } = await import('${new URL('../../testing/sample-binding.ts', here)}');
        const options = { columns: defaultColumnNames, useDomain: false, natBflag: -1, isOnlyCopy: false };
        const database = makeDatabase({ kind: '${kind}', url: '${url}' }, options);
        await database.open();
        await database.openTable('location');
        const bindings = [sampleBinding('winter'), sampleBinding('summer', { expiresAt: Date.UTC(2030, 6, 1) }), sampleBinding('static', { flags: 128 })];
        await database.commit(bindings.map((after) => ({ table: 'location', aor: 'alice', ruid: after.ruid, before: undefined, after })));
        const [state] = await database.readAors('location', ['alice']);
        console.log(JSON.stringify([sampleNow, state.bindings.map(({ expiresAt }) => expiresAt)]));
        await database.close();`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--conditions=aorta-source', '--input-type=module', '--eval', program],
        { env: { ...process.env, TZ: 'America/New_York' }, cwd: new URL('../../..', here) },
      );
      assert.deepEqual(JSON.parse(stdout), [sampleNow, [sampleNow + 3_600 * second, Date.UTC(2030, 6, 1), 0]]);
      const texts = await fixture.server.query(`SELECT ${sql.textOf('expires')} FROM location ORDER BY id`, place);
      assert.deepEqual(texts, ['2023-11-14 18:13:20', '2030-06-30 20:00:00', '1969-12-31 19:00:00']);
    });

    test('a commit that meets a deadlock with another server is done again', async () => {
      const [, url] = await fixture.emptyDatabase();
      const [one, other] = [await fixture.open(url), await fixture.open(url)];
      const bindings = Array.from({ length: 400 }, (_, i) => sampleBinding(`r${i}`));
      await one.commit(bindings.map((binding) => put(alice, binding)));
      for (let cseq = 2; cseq < 12; cseq++) {
        const refreshes = bindings.map((binding) => put(alice, { ...binding, cseq }, binding));
        await Promise.all([one.commit(refreshes), other.commit(refreshes.toReversed())]);
      }
      assert.ok((await all(one)).stored.every(({ binding }) => binding.cseq === 11));
    });

    test('servers that write and remove the same rows in other orders all come to an end', async () => {
      const [, url] = await fixture.freshDatabase();
      const servers = [await fixture.open(url), await fixture.open(url)];
      const bindings = Array.from({ length: 600 }, (_, i) => sampleBinding(`r${i}`, { expiresAt: sampleNow }));
      for (let round = 0; round < 4; round++) {
        const changes = bindings.map((binding) => put(alice, binding, 'unknown'));
        const commits = servers.map((server, i) => server.commit(i === 0 ? changes : changes.toReversed()));
        await Promise.all([...commits, ...servers.map((server) => server.removeExpired(table, sampleNow, 300))]);
      }
      const [first] = servers;
      assert.ok(first);
      while ((await first.removeExpired(table, sampleNow, 500)).length > 0);
      assert.equal(await ruids(first), '');
    });

    test('a refused statement undoes the whole commit, and the next one works', async () => {
      const [place, url] = await fixture.emptyDatabase();
      const database = await fixture.open(url);
      await fixture.server.query("ALTER TABLE location ADD CHECK (contact <> 'sip:evil')", place);
      const commits = [
        database.commit([put(alice, sampleBinding('a')), put(bob, sampleBinding('b', { contact: 'sip:evil' }))]),
        database.commit([put(alice, sampleBinding('c'))]),
      ];
      const [refused, made] = await Promise.allSettled(commits);
      assert.equal(refused?.status, 'rejected');
      assert.equal(made?.status, 'fulfilled');
      assert.equal(await ruids(database), 'c');
    });

    test('rows locked by another program fail a commit in bounded time, and the connection lives on', async () => {
      const [place, url] = await fixture.emptyDatabase();
      const database = await fixture.open(url, { limits: { connectMs: 5_000, statementMs: 2_000 } });
      const a = sampleBinding('a');
      await database.commit([put(alice, a)]);
      const locking = fixture.server.query(sql.hold, place);
      await sleep(500);
      const refresh = database.commit([put(alice, { ...a, cseq: 2 }, a)]);
      assert.match(await messageOf(refresh, 'STORE_UNAVAILABLE'), /keeps rows or tables locked/);
      await locking;
      await database.commit([put(alice, { ...a, cseq: 3 }, a)]);
      assert.equal((await all(database)).stored[0]?.binding.cseq, 3);
    });

    test('another program that writes beside us is seen before anything is overwritten', async () => {
      const [place, url] = await fixture.emptyDatabase();
      const database = await fixture.open(url);
      const a = sampleBinding('a');
      await database.commit([put(alice, a)]);
      const [state] = await database.readAors(table, [alice]);
      const version = state?.version ?? '';
      await fixture.server.query('UPDATE location SET cseq = 9', place);
      const set = { table, aor: alice, version, changes: [put(alice, { ...a, cseq: 2 }, a)] };
      assert.deepEqual(await database.compareAndSet([set]), [false]);
      assert.deepEqual(await fixture.server.query('SELECT cseq FROM location', place), ['9']);
    });

    test('a driver that is not installed is named', async () => {
      const loadDriver = () => Promise.reject(Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' }));
      const database = fixture.make(`${kind}://u:secret@h/d`, { loadDriver });
      const message = await messageOf(database.open(), 'STORE_UNSUPPORTED');
      assert.match(message, /npm install \w+/);
      assert.doesNotMatch(message, /secret/);
    });

    describe('failures', () => {
      const pairs = (round: number): readonly BindingChange[] => [
        put(asAor(`u${round}`), sampleBinding(`left${round}`)),
        put(asAor(`u${round}`), sampleBinding(`right${round}`)),
      ];

      /** That the rows of each commit are there both or not at all, and all of those that resolved. */
      async function assertWhole(database: LocationDatabase, made: ReadonlySet<number>, rounds: number): Promise<void> {
        const found = new Set((await all(database)).stored.map(({ binding }) => binding.ruid));
        for (let round = 0; round < rounds; round++) {
          assert.equal(found.has(`left${round}`), found.has(`right${round}`), `round ${round}`);
          if (made.has(round)) assert.ok(found.has(`left${round}`), `round ${round} is lost`);
        }
      }

      /** Commits until that fails. */
      async function commitUntilFailure(database: LocationDatabase, from: number, made: Set<number>): Promise<number> {
        for (let round = from; ; round++) {
          try {
            await database.commit(pairs(round));
            made.add(round);
          } catch (error) {
            assert.ok(error instanceof StoreError);
            return round + 1;
          }
        }
      }

      test('a server that is killed and started again has every commit that resolved, and is used again', async () => {
        const own = await system.start();
        try {
          const database = await fixture.open(own.url);
          const made = new Set<number>();
          let rounds = 0;
          for (let kill = 0; kill < 3; kill++) {
            const failure = commitUntilFailure(database, rounds, made);
            await sleep(150 + 50 * kill);
            await own.kill();
            rounds = await failure;
            const down = performance.now();
            await messageOf(database.ping(), 'STORE_UNAVAILABLE');
            await messageOf(database.readAors(table, [alice]), 'STORE_UNAVAILABLE');
            assert.ok(performance.now() - down < 10_000, 'a server that is gone is known to be');
            await own.startAgain();
            await database.ping();
            await database.readAors(table, [alice]);
            await assertWhole(database, made, rounds);
          }
          assert.ok(made.size > 0);
        } finally {
          await own.dispose();
        }
      });

      test('connections that an administrator ends are made again', async () => {
        const [place, url] = await fixture.freshDatabase();
        const database = await fixture.open(url);
        await database.commit([put(alice, sampleBinding('a'))]);
        await database.readAors(table, [alice]);
        assert.equal(await sql.end(fixture.server, place), 2);
        await sleep(200);
        await database.commit([put(bob, sampleBinding('b'))]);
        assert.equal(await ruids(database), 'a b');
      });

      test('a server that hangs fails in bounded time, and what was under way cannot happen afterwards', async () => {
        const own = await system.start();
        try {
          const limits = { connectMs: 500, statementMs: 1_000 };
          const database = await fixture.open(own.url, { limits });
          const a = sampleBinding('a');
          await database.commit([put(alice, a)]);
          await database.readAors(table, [alice]);
          for (let cseq = 2; cseq < 6; cseq++) {
            await own.pause();
            const start = performance.now();
            const [commit, queued, read] = await Promise.allSettled([
              database.commit([put(alice, { ...a, cseq }, a)]),
              database.commit([put(bob, sampleBinding('queued'))]),
              database.readAors(table, [alice]),
            ]);
            assert.equal(commit.status, 'rejected');
            assert.equal(queued.status, 'rejected');
            assert.equal(read.status, 'rejected');
            await messageOf(database.ping(), 'STORE_UNAVAILABLE');
            await messageOf(database.readAors(table, [alice]), 'STORE_UNAVAILABLE');
            assert.ok(performance.now() - start < 20_000);
            own.resume();
            const [state] = await database.readAors(table, [alice]);
            const known = state?.bindings[0]?.cseq;
            await sleep(300);
            const [later] = await database.readAors(table, [alice]);
            assert.equal(later?.bindings[0]?.cseq, known, 'what was read first is what stays');
            assert.equal((await database.readAors(table, [bob]))[0]?.bindings.length, 0);
          }
          await database.commit([put(bob, sampleBinding('b'))]);
          assert.equal(await ruids(database), 'a b');
        } finally {
          await own.dispose();
        }
      });

      test('an open transaction of a lost connection is ended in the server before anything is read', async () => {
        const [place, url] = await fixture.freshDatabase();
        const database = await fixture.open(url, { limits: { connectMs: 2_000, statementMs: 1_000 } });
        const a = sampleBinding('a');
        await database.commit([put(alice, a)]);
        // The server is busy with the commit for longer than we wait, and does not listen to its own limit.
        await fixture.server.query(sql.dawdle, place);
        await messageOf(database.commit([put(alice, { ...a, cseq: 2 }, a)]), 'STORE_UNAVAILABLE');
        const [state] = await database.readAors(table, [alice]);
        assert.equal(state?.bindings[0]?.cseq, 1);
        assert.deepEqual(await fixture.server.query(sql.dawdling(place), place), ['0']);
        await sleep(2_500);
        assert.equal((await database.readAors(table, [alice]))[0]?.bindings[0]?.cseq, 1);
      });

      test('close ends every connection', async () => {
        const [place, url] = await fixture.freshDatabase();
        const database = await fixture.open(url);
        await database.readAors(table, [alice]);
        const walk = database.scan(table, {})[Symbol.asyncIterator]();
        await database.commit([put(alice, sampleBinding('a'))]);
        await walk.next();
        await database.close();
        await walk.return?.();
        await assertConnections(place, '0');
      });
    });
  });

  /** That there will be so many connections of ours to a database. */
  async function assertConnections(place: string, expected: string): Promise<void> {
    const count = async () => (await fixture.server.query(sql.connections(place), place))[0];
    for (let tries = 0; (await count()) !== expected && tries < 100; tries++) await sleep(20);
    assert.equal(await count(), expected);
  }
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
