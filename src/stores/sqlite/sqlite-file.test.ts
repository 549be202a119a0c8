import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { asAor } from '../../location/aor.ts';
import { bindingFlags } from '../../location/binding.ts';
import type { LocationDatabase, RowBatch } from '../../location/persistence/database.ts';
import { StoreError } from '../../location/store-error.ts';
import { sampleBinding, sampleNow } from '../../testing/sample-binding.ts';
import { makeDatabase } from '../open-database.ts';
import { type ColumnNames, defaultColumnNames } from '../sql/columns.ts';
import { julianDay, permanentDay, secondsOfJulianDay } from './julian-day.ts';

let folder = '';
let file = '';
const opened: LocationDatabase[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aorta-sqlite-file-'));
  file = join(folder, 'location.db');
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Given {
  readonly columns?: ColumnNames;
  readonly useDomain?: boolean;
  readonly path?: string;
  readonly isOnlyCopy?: boolean;
}

function connect({ columns = defaultColumnNames, useDomain = false, path = file, isOnlyCopy = false }: Given = {}) {
  const database = makeDatabase({ kind: 'sqlite', file: path }, { columns, useDomain, natBflag: 6, isOnlyCopy });
  opened.push(database);
  return database;
}

async function open(given?: Given): Promise<LocationDatabase> {
  const database = connect(given);
  await database.open();
  await database.openTable('location');
  return database;
}

/** Runs statements on the file as another program would. */
function run(...statements: readonly string[]): void {
  const other = new DatabaseSync(file);
  for (const statement of statements) other.exec(statement);
  other.close();
}

function rows(sql: string): readonly Record<string, unknown>[] {
  const other = new DatabaseSync(file, { readOnly: true });
  const all = other.prepare(sql).all();
  other.close();
  return all.map((row) => ({ ...row }));
}

async function scanned(database: LocationDatabase): Promise<RowBatch> {
  const all: { stored: RowBatch['stored'][number][]; unreadable: RowBatch['unreadable'][number][] } = {
    stored: [],
    unreadable: [],
  };
  for await (const { stored, unreadable } of database.scan('location', {})) {
    all.stored.push(...stored);
    all.unreadable.push(...unreadable);
  }
  return all;
}

async function failure(run: Promise<unknown>): Promise<StoreError> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof StoreError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it did not fail' });
}

describe('the layout of an SQLite file', () => {
  test('usrloc 11: the columns of Kamailio’s layout 9, declared as that program has to see them', async () => {
    await open();
    assert.deepEqual(rows("SELECT table_name, table_version FROM version WHERE table_name = 'location'"), [
      { table_name: 'location', table_version: 9 },
    ]);
    const types = new Map(
      rows("SELECT name, type FROM pragma_table_info('location')").map((row) => [row.name, row.type]),
    );
    assert.equal(types.get('expires'), 'TIMESTAMP');
    assert.equal(types.get('last_modified'), 'TIMESTAMP');
    assert.equal(types.get('q'), 'REAL');
    assert.equal(types.get('partition'), 'INTEGER');
    assert.equal(types.size, 23);
  });

  test('instants are Julian days, a permanent binding is the epoch as Kamailio writes it', async () => {
    const database = await open();
    const put = (ruid: string, flags: number) => {
      const binding = sampleBinding(ruid, { flags });
      return { table: 'location', aor: asAor(ruid), ruid, before: undefined, after: binding };
    };
    await database.commit([put('usual', 0), put('static', bindingFlags.permanent)]);
    const [usual, fixed] = rows('SELECT expires, flags FROM location ORDER BY id');
    assert.equal(usual?.expires, julianDay(sampleNow / 1000 + 3600));
    assert.deepEqual(fixed, { expires: permanentDay, flags: 128 });
  });

  test('a Julian day half a second early, as Kamailio writes it, is the second that was meant', () => {
    for (let seconds = 1_700_000_000; seconds < 1_700_000_100; seconds++) {
      assert.equal(secondsOfJulianDay(julianDay(seconds)), seconds);
      assert.equal(secondsOfJulianDay(2_440_587.5 + (seconds - 0.5) / 86_400), seconds);
    }
    assert.equal(secondsOfJulianDay(permanentDay), 0);
  });

  test('NAT is no bit that Kamailio has for something else, and is nat_bflag’s branch flag too', async () => {
    const database = await open();
    const binding = sampleBinding('n', { flags: bindingFlags.nat });
    await database.commit([{ table: 'location', aor: asAor('alice'), ruid: 'n', before: undefined, after: binding }]);
    assert.deepEqual(rows('SELECT flags, cflags FROM location'), [{ flags: 65_536, cflags: 64 }]);
    run('UPDATE location SET flags = 0');
    assert.equal((await scanned(database)).stored[0]?.binding.flags, bindingFlags.nat);
    run('UPDATE location SET flags = 7, cflags = 0');
    assert.equal((await scanned(database)).stored[0]?.binding.flags, 0);
  });

  test('usrloc 1: columns have the names that *_column parameters give them', async () => {
    const columns = { ...defaultColumnNames, username: 'account', expires: 'ends' };
    const database = await open({ columns });
    const binding = sampleBinding('a');
    await database.commit([{ table: 'location', aor: asAor('alice'), ruid: 'a', before: undefined, after: binding }]);
    assert.deepEqual(rows('SELECT account FROM location'), [{ account: 'alice' }]);
    assert.equal((await scanned(database)).stored.length, 1);
  });

  test('db-only keeps an index on the expiry, the other modes do not pay for it', async () => {
    const indices = () => rows("SELECT name FROM sqlite_master WHERE name = 'location_expires_idx'").length;
    await open();
    assert.equal(indices(), 0);
    await open({ isOnlyCopy: true });
    assert.equal(indices(), 1);
  });
});

describe('tables of other programs', () => {
  const openSer = `CREATE TABLE location (username varchar(64) NOT NULL DEFAULT '', domain varchar(128) NOT NULL DEFAULT '',
    contact varchar(255) NOT NULL DEFAULT '', received varchar(255), expires datetime NOT NULL, q float(10,2) NOT NULL,
    callid varchar(255) NOT NULL, cseq int NOT NULL, last_modified timestamp, flags int NOT NULL DEFAULT 0,
    user_agent varchar(50) NOT NULL DEFAULT '', socket varchar(128), PRIMARY KEY (username, domain, contact))`;
  const version = `CREATE TABLE version (table_name varchar(32) NOT NULL, table_version int NOT NULL)`;

  test('usrloc 11: OpenSER 1.0’s layout is migrated, its rows read, and the old table kept', async () => {
    run(
      version,
      openSer,
      "INSERT INTO version VALUES ('location', 1001)",
      `INSERT INTO location VALUES ('alice', '', 'sip:alice@192.0.2.1', 'sip:203.0.113.1:1024', '2037-01-02 03:04:05',
        0.5, 'call@1', 42, '2026-01-01 00:00:00', 1, 'Phone', '192.0.2.7_5060')`,
      `INSERT INTO location VALUES ('bob', '', 'sip:bob@192.0.2.2', NULL, '1970-01-01 00:00:00', -1, 'call@2', 43, NULL,
        128, '', NULL)`,
    );
    const database = await open();
    const { stored, unreadable } = await scanned(database);
    assert.deepEqual(unreadable, []);
    const [alice, bob] = stored.map(({ binding }) => binding);
    assert.equal(alice?.contact, 'sip:alice@192.0.2.1');
    assert.equal(alice?.received, 'sip:203.0.113.1:1024');
    assert.equal(alice?.expiresAt, new Date(2037, 0, 2, 3, 4, 5).getTime());
    assert.equal(alice?.socket, 'udp:192.0.2.7:5060');
    assert.equal(alice?.flags, bindingFlags.nat);
    assert.match(alice?.ruid ?? '', /^[0-9a-f]{18}$/);
    assert.equal(bob?.flags, bindingFlags.permanent);
    assert.equal(rows('SELECT count(*) AS count FROM location_layout_1001')[0]?.count, 2);
    assert.equal(rows("SELECT table_version FROM version WHERE table_name = 'location'")[0]?.table_version, 9);
    await open();
  });

  test('a layout that is newer, or of another program, is refused and left as it is', async () => {
    for (const number of [10, 1013]) {
      rmSync(file, { force: true });
      run(version, openSer, `INSERT INTO version VALUES ('location', ${number})`);
      const database = connect();
      await database.open();
      const error = await failure(database.openTable('location'));
      assert.equal(error.code, 'STORE_VERSION');
      assert.match(error.message, new RegExp(`layout ${number}.*use another database or table`));
      await database.close();
      assert.equal(rows('SELECT table_version FROM version')[0]?.table_version, number);
    }
  });

  test('a table that lacks columns is refused with their names', async () => {
    run(version, "INSERT INTO version VALUES ('location', 9)", 'CREATE TABLE location (username TEXT, contact TEXT)');
    const database = connect();
    await database.open();
    const error = await failure(database.openTable('location'));
    assert.match(error.message, /lacks the columns ruid, domain, received/);
  });

  test('usrloc 7: a row that makes no sense is named with its problem, and stays', async () => {
    const database = await open();
    const value = (column: string, bad: string) => {
      const good: Record<string, string> = {
        ruid: `'r-${column}-${bad.length}'`,
        username: `'u-${column}'`,
        contact: "'sip:a@192.0.2.1'",
        expires: String(julianDay(sampleNow / 1000)),
        q: '0.5',
        callid: "'c'",
        cseq: '1',
        flags: '0',
      };
      good[column] = bad;
      return `INSERT INTO location (${Object.keys(good)}) VALUES (${Object.values(good)})`;
    };
    run(
      value('username', "''"),
      value('contact', "''"),
      value('expires', "'tomorrow'"),
      value('expires', "x'00ff'"),
      value('q', "'high'"),
      value('q', '17'),
      value('callid', "''"),
      value('cseq', "'first'"),
      value('cseq', '-4'),
      value('flags', "'none'"),
      value('ruid', "''"),
      value('user_agent', "'good'"),
    );
    const { stored, unreadable } = await scanned(database);
    assert.deepEqual(
      unreadable.map(({ problem }) => problem),
      [
        'username is empty',
        'contact is empty',
        'expires is no instant',
        'expires is no instant',
        'q is no number from 0 to 1, or -1',
        'q is no number from 0 to 1, or -1',
        'callid is empty',
        'cseq is no CSeq',
        'cseq is no CSeq',
        'flags is no number',
        'ruid is empty',
      ],
    );
    assert.match(unreadable[1]?.row ?? '', /u-contact/);
    assert.equal(stored.length, 1);
    assert.equal(rows('SELECT count(*) AS count FROM location')[0]?.count, 12);
  });
});

describe('files that cannot be used', () => {
  test('what is no database is refused with the remedy, and never overwritten', async () => {
    const text = 'These are the recipes of my grandmother.\n'.repeat(300);
    writeFileSync(file, text);
    const error = await failure(connect().open());
    assert.equal(error.code, 'STORE_CORRUPT');
    assert.match(error.message, /no SQLite database; name another one, or move it away/);
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  test('a damaged file is refused with the remedy, and never overwritten', async () => {
    const database = await open();
    const changes = Array.from({ length: 500 }, (_, i) => {
      const binding = sampleBinding(`r${i}`);
      return { table: 'location', aor: asAor(`u${i}`), ruid: binding.ruid, before: undefined, after: binding };
    });
    await database.commit(changes);
    await database.close();
    const bytes = readFileSync(file);
    for (let at = 8 * 1024; at < bytes.length; at += 1024) bytes.fill(0xee, at, at + 900);
    writeFileSync(file, bytes);
    const error = await failure(connect().open());
    assert.equal(error.code, 'STORE_CORRUPT');
    assert.match(error.message, /location\.db/);
    assert.ok(readFileSync(file).equals(bytes));
  });

  test('a folder that is missing, and a folder in the place of the file, are named', async () => {
    const missing = await failure(connect({ path: join(folder, 'no', 'such', 'x.db') }).open());
    assert.equal(missing.code, 'STORE_CANNOT_OPEN');
    assert.match(missing.message, /there is no folder .*no\/such; make it, or name another file/);
    mkdirSync(join(folder, 'taken.db'));
    const taken = await failure(connect({ path: join(folder, 'taken.db') }).open());
    assert.match(taken.message, /it is no file/);
  });

  test('another program that holds the file locked is waited for, then an error that says so', async () => {
    const database = await open();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    setTimeout(() => other.exec('COMMIT'), 300);
    const binding = sampleBinding('a');
    await database.commit([{ table: 'location', aor: asAor('a'), ruid: 'a', before: undefined, after: binding }]);
    other.close();
    assert.equal((await scanned(database)).stored.length, 1);
  });
});
