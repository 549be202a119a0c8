// `aorta db`: schema, export, import and check, as an operator runs them.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AortaProcess, type Finished, portIn } from '../support/aorta-process.ts';
import type { DatabaseServer } from '../support/database-server.ts';
import { skipWithoutPackage } from '../support/debian-package.ts';
import { skipWithoutMariadb, startMariadb } from '../support/mariadb-server.ts';
import { Phone } from '../support/phone.ts';
import { skipWithoutPostgres, startPostgres } from '../support/postgres-server.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const header = '{"format":"aorta-location","version":1,"useDomain":false}\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aorta-db-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `aorta db …` in the folder of the test, where location.db is the default database. */
function db(...args: readonly string[]): Promise<Finished> {
  return new AortaProcess(['db', ...args], folder).finished;
}

/** The same, with something to read. */
async function dbFed(input: string | Buffer, ...args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, ['--conditions=aorta-source', main, 'db', ...args], { cwd: folder });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  // What ends early does not read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

function file(name: string, text: string | Buffer): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function line(different: Readonly<Record<string, unknown>> = {}): string {
  const smallest = { table: 'location', aor: 'alice', contact: 'sip:alice@10.0.0.1' };
  return `${JSON.stringify({ ...smallest, expiresAt: '2035-01-01T00:00:00Z', ...different })}\n`;
}

/** Runs statements on location.db as another program would. */
function sql(...statements: readonly string[]): void {
  const database = new DatabaseSync(join(folder, 'location.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** A server on a database of the folder, with a registered phone. */
async function registered(...args: readonly string[]): Promise<AortaProcess> {
  const aorta = new AortaProcess(['start', ...args, '--listen', 'udp:127.0.0.1:0', '--admin', 'off'], folder);
  const phone = await Phone.open('alice', portIn(await aorta.ready(), 'udp'));
  assert.equal((await phone.register()).status, 200);
  phone.close();
  return aorta;
}

describe('aorta db schema', () => {
  const sqlite = {
    skip: skipWithoutPackage({
      what: 'sqlite3',
      debianPackage: 'sqlite3',
      isThere: () => existsSync('/usr/bin/sqlite3'),
    }),
  };

  test('issue 5: sqlite3 makes the tables of it, and the server takes them as they are', sqlite, async () => {
    const { code, stdout, stderr } = await db('schema', '--table', 'location', '--table', 'aliases');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const path = join(folder, 'location.db');
    assert.equal(execFileSync('sqlite3', ['-bail', path], { input: stdout, encoding: 'utf8' }), '');
    const schema = () => execFileSync('sqlite3', [path, '.schema'], { encoding: 'utf8' });
    const made = schema();
    assert.match(made, /CREATE TABLE version/);
    assert.equal((await (await registered()).stop()).code, 0);
    assert.equal(schema(), made);
    assert.match((await db('export')).stderr, /^exported 1 binding of 2 tables; 0 rows left out/);
  });

  test('issue 5: names of columns and tables come from the configuration', sqlite, async () => {
    const cfg = 'loadmodule "usrloc.so"\nmodparam("usrloc", "contact_column", "where_it_is")\nroute { exit; }\n';
    const { stdout } = await db('schema', file('openser.cfg', cfg));
    assert.match(stdout, / where_it_is VARCHAR/);
    assert.doesNotMatch(stdout, / contact VARCHAR/);
    execFileSync('sqlite3', ['-bail', join(folder, 'location.db')], { input: stdout });
    assert.equal((await db('check')).stdout.includes('no table of bindings'), true);
    assert.match((await db('check', 'openser.cfg')).stdout, /^table location: layout 9, 0 rows/m);
  });

  test('issue 5: what is no name of a table is refused', async () => {
    const { code, stderr } = await db('schema', '--table', 'a b');
    assert.equal(code, 1);
    assert.match(stderr, /"a b" is no name of a table/);
  });
});

describe('aorta db export', () => {
  test('issue 5: bindings of a server that runs, one line each, and nothing is written to the database', async () => {
    const aorta = await registered();
    const { code, stdout, stderr } = await db('export');
    await aorta.stop();
    assert.equal(code, 0);
    const [first = '', second = '', ...more] = stdout.trim().split('\n');
    assert.equal(`${first}\n`, header);
    const { table, aor, contact, expiresAt, flags, methods } = JSON.parse(second);
    assert.deepEqual({ table, aor, flags, methods }, { table: 'location', aor: 'alice', flags: [], methods: null });
    assert.match(contact, /^sip:alice@127\.0\.0\.1:\d+/);
    assert.ok(Date.parse(expiresAt) > Date.now());
    assert.deepEqual(more, []);
    assert.equal(stderr, 'exported 1 binding of 1 table; 0 rows left out (0 expired, 0 unreadable)\n');
    const again = readFileSync(join(folder, 'location.db'));
    await db('export');
    assert.deepEqual(readFileSync(join(folder, 'location.db')), again);
  });

  test('issue 5: expired rows are left out unless --all, unreadable ones always, with the reason', async () => {
    await dbFed(
      `${header}${line({ ruid: 'a' })}${line({ ruid: 'b' })}${line({ ruid: 'c' })}${line({ ruid: 'd' })}`,
      'import',
    );
    sql(
      "UPDATE location SET expires = 2451544.5 WHERE ruid = 'b'",
      "UPDATE location SET callid = '' WHERE ruid = 'c'",
      "UPDATE location SET expires = 1e300, user_agent = 'x' || char(27) WHERE ruid = 'd'",
    );
    const { stdout, stderr } = await db('export');
    assert.deepEqual(
      [...stdout.matchAll(/"ruid":"(.)"/g)].map(([, ruid]) => ruid),
      ['a'],
    );
    assert.match(stderr, /^table location: row \{"ruid":"c",.*\}: callid is empty$/m);
    assert.match(stderr, /^table location: row \{"ruid":"d"\}: expires is not in the years 0 to 9999$/m);
    assert.match(stderr, /^exported 1 binding of 1 table; 3 rows left out \(1 expired, 2 unreadable\)\n$/m);
    const all = await db('export', '--all', '--table', 'location');
    assert.deepEqual(
      [...all.stdout.matchAll(/"ruid":"(.)"/g)].map(([, ruid]) => ruid),
      ['a', 'b'],
    );
  });

  test('issue 5: 300,000 rows take no more memory than few, whoever is slow; who has read enough ends it', async () => {
    await dbFed(header, 'import');
    await db('schema').then(({ stdout }) => sql(stdout));
    sql(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) ' +
        'INSERT INTO location (ruid, username, contact, expires, q, callid) ' +
        "SELECT 'r' || i, 'user' || i, 'sip:user' || i || '@10.0.0.1:5060', 2466000.5, -1, 'call' || i FROM n",
    );
    const aorta = new AortaProcess(['db', 'export'], folder);
    const { pid, stdout } = aorta.child;
    // Nobody reads for a while: what is not read is not written.
    stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.equal(aorta.child.exitCode, null);
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    assert.ok(Number(peak) < 250_000, `${peak} kB`);
    stdout?.resume();
    const finished = await aorta.finished;
    assert.equal(finished.code, 0);
    assert.equal(finished.stderr, 'exported 300000 bindings of 1 table; 0 rows left out (0 expired, 0 unreadable)\n');
    assert.equal(finished.stdout.split('\n').length, 300_002);

    const reader = new AortaProcess(['db', 'export'], folder);
    reader.child.stdout?.once('data', () => reader.child.stdout?.destroy());
    const ended = await reader.finished;
    assert.deepEqual({ code: ended.code, stderr: ended.stderr }, { code: 0, stderr: '' });
  });

  test('issue 5: a disk that is full is said', async () => {
    await dbFed(`${header}${line()}`, 'import');
    const command = `"${process.execPath}" --conditions=aorta-source "${main}" db export > /dev/full`;
    const child = spawn('sh', ['-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    assert.equal(await new Promise((resolve) => child.once('close', resolve)), 2);
    assert.match(stderr, /^aorta: the export cannot be written, and is not complete: ENOSPC/);
  });

  test('design 1: what cannot be opened is 2, what cannot be meant is 1', async () => {
    const none = await db('export');
    assert.deepEqual([none.code, none.stdout], [2, '']);
    assert.match(none.stderr, /sqlite:location\.db: there is no such file/);
    assert.equal(existsSync(join(folder, 'location.db')), false);
    file('text.db', 'this is no database, whatever its name says; it is long enough to have a head of its own');
    const text = await db('export', '--db', 'sqlite:text.db');
    assert.equal(text.code, 2);
    assert.match(text.stderr, /the file is no SQLite database/);
    await dbFed(header, 'import');
    const table = await db('export', '--table', 'aliases');
    assert.equal(table.code, 2);
    assert.match(table.stderr, /there is no table of bindings "aliases"/);
    const memory = await db('export', '--db', 'memory:');
    assert.equal(memory.code, 1);
    assert.match(memory.stderr, /^aorta: db: memory: is no database/);
    const typo = await db('exprot');
    assert.equal(typo.code, 1);
    assert.match(typo.stderr, /did you mean export\?/);
  });

  test('issue 5: a table of an old layout is not migrated by the way', async () => {
    sql('CREATE TABLE location (username TEXT, contact TEXT, expires, q, callid TEXT, cseq)');
    sql(
      'CREATE TABLE version (table_name TEXT, table_version INTEGER)',
      "INSERT INTO version VALUES ('location', 1004)",
    );
    sql("INSERT INTO location VALUES ('alice', 'sip:a@b', 1, 1, 'c', 1)");
    const { code, stderr } = await db('export');
    assert.equal(code, 2);
    assert.match(stderr, /table location has an old layout; "aorta start" migrates it/);
    const check = await db('check');
    assert.equal(check.code, 0);
    assert.match(check.stdout, /^table location: layout 1004, 1 row; "aorta start" migrates it$/m);
  });
});

describe('aorta db import', () => {
  test('issue 5: what is imported is looked up; a server gets it when it starts', async () => {
    const lines = `${line({ contact: 'sip:desk@10.0.0.7' })}${line({ table: 'aliases', aor: 'info', flags: ['permanent'], expiresAt: null })}`;
    const { code, stdout, stderr } = await db('import', file('dump.ndjson', header + lines));
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: '', stderr: 'imported 2 bindings into 2 tables; 0 lines left out\n' },
    );
    const aorta = await registered();
    const phone = await Phone.open('alice', portIn(await aorta.ready(), 'udp'));
    const reply = await phone.register();
    phone.close();
    await aorta.stop();
    assert.match(String(reply.values('contact')), /<sip:desk@10\.0\.0\.7>/);
  });

  test('issue 5: what cannot be taken is named by its line, the rest is taken', async () => {
    const deep = `{"table":${'['.repeat(30_000)}${']'.repeat(30_000)}}\n`;
    const lines = [
      line({ ruid: 'first' }),
      'nonsense\n',
      '[1]\n',
      line({ contact: 'alice' }),
      line({ __proto__: null, expiresAt: '2020-01-01T00:00:00Z' }),
      '{"__proto__":{"table":"location"},"constructor":1}\n',
      deep,
      `{"table":"${'x'.repeat(70_000)}"}\n`,
      line({ table: 'version' }),
      line({ table: 'select' }),
      line({ table: "x'; DROP TABLE location; --" }),
      '\n',
      line({ userAgent: '\u001b[31m', '\u001b[31m': 1 }),
    ];
    const input = Buffer.concat([
      Buffer.from(header + lines.join('')),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
      Buffer.from(line({ ruid: 'last' }).trimEnd()),
    ]);
    const { code, stderr } = await dbFed(input, 'import');
    assert.equal(code, 3);
    assert.deepEqual(
      stderr
        .trimEnd()
        .split('\n')
        .map((text) => text.slice(0, 60).trimEnd()),
      [
        'line 3: it is no JSON object',
        'line 4: it is no JSON object',
        'line 5: contact is no URI: the URI has no scheme',
        'line 6: it has expired at 2020-01-01T00:00:00Z',
        'line 7: unknown field "__proto__"',
        'line 8: table is no text',
        'line 9: it is longer than 65536 bytes',
        'line 10: sqlite:location.db: table version has no row in tab',
        'line 11: table "select" is a word of SQL: choose another nam',
        'line 12: table "x\'; DROP TABLE location; --" is no name of a',
        'line 14: unknown field "\\u001b[31m"',
        'line 15: it is no UTF-8 text',
        'imported 2 bindings into 1 table; 12 lines left out',
      ],
    );
    assert.deepEqual(
      [...(await db('export')).stdout.matchAll(/"ruid":"(.*?)"/g)].map(([, ruid]) => ruid),
      ['first', 'last'],
    );
  });

  test('issue 5: a dump makes 100 tables at the most', async () => {
    const lines = Array.from({ length: 102 }, (_, i) => line({ table: `t${i}` })).join('');
    const { code, stderr } = await dbFed(header + lines, 'import');
    assert.equal(code, 3);
    assert.match(stderr, /^line 102: it names one table more than the 100 that a dump may have$/m);
    assert.match(stderr, /^imported 100 bindings into 100 tables; 2 lines left out$/m);
  });

  test('issue 5: --dry-run only looks', async () => {
    const { code, stderr } = await dbFed(`${header}${line()}nonsense\n`, 'import', '--dry-run');
    assert.equal(code, 3);
    assert.equal(stderr, 'line 3: it is no JSON object\nwould import 1 binding into 1 table; 1 line left out\n');
    assert.equal(existsSync(join(folder, 'location.db')), false);
  });

  test('issue 5: what is no dump is refused as a whole', async () => {
    const { code, stderr } = await dbFed(line(), 'import');
    assert.equal(code, 1);
    assert.match(stderr, /^aorta: line 1: this is no dump of bindings/);
    const missing = await db('import', 'nowhere.ndjson');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nowhere\.ndjson cannot be read: ENOENT/);
  });

  test('issue 5: dumps can be joined, and a configuration says how addresses are kept', async () => {
    const domains = header.replace('false', 'true');
    const dump = `${domains}${line({ aor: 'alice@example.com' })}${domains}${line({ aor: 'bob@example.com' })}`;
    const cfg = 'loadmodule "usrloc.so"\nloadmodule "registrar.so"\nmodparam("usrloc|registrar", "use_domain", 1)\n';
    file('openser.cfg', `${cfg}modparam("usrloc", "db_mode", 0)\nroute { exit; }\n`);
    assert.equal((await dbFed(dump, 'import', '--config', 'openser.cfg')).code, 0);
    const { stdout } = await db('export', 'openser.cfg');
    assert.deepEqual(
      [...stdout.matchAll(/"aor":"(.*?)"/g)].map(([, aor]) => aor),
      ['alice@example.com', 'bob@example.com'],
    );
    const set = ['--set', 'registrar.use_domain=1', '--db', 'sqlite:other.db'];
    assert.equal((await dbFed(stdout, 'import', ...set)).code, 0);
    assert.equal((await db('export', ...set)).stdout, stdout);
  });

  test('issue 5: a database that fails is 2, and it is said how far it came', async () => {
    await dbFed(header + line(), 'import');
    sql(
      "CREATE TRIGGER refuse BEFORE INSERT ON location WHEN NEW.username = 'u3000' BEGIN SELECT RAISE(ABORT, 'enough'); END",
    );
    const lines = Array.from({ length: 5_000 }, (_, i) => line({ aor: `u${i}` })).join('');
    const { code, stderr } = await dbFed(header + lines, 'import');
    assert.equal(code, 2);
    assert.match(stderr, /^imported up to line 2001, of what follows nothing is sure; import it again/m);
    assert.match(stderr, /^aorta: sqlite:location\.db: enough/m);
    assert.match((await db('export')).stderr, /^exported 2001 bindings/);
  });

  test('issue 5: that a server has the file open is said, and what is imported reaches it when it starts again', async () => {
    const aorta = await registered();
    const { code, stderr } = await dbFed(header + line({ aor: 'bob' }), 'import');
    const dry = await dbFed(header + line({ aor: 'bob' }), 'import', '--dry-run');
    await aorta.stop();
    assert.equal(code, 0);
    assert.match(stderr, /^warning: another program has location\.db open: a server that keeps bindings in memory/);
    assert.match(stderr, /^imported 1 binding into 1 table; 0 lines left out$/m);
    assert.doesNotMatch(dry.stderr, /warning/);
    assert.doesNotMatch((await dbFed(header + line({ aor: 'carol' }), 'import')).stderr, /warning/);
    assert.match((await db('export')).stderr, /^exported 3 bindings/);
  });
});

describe('aorta db check', () => {
  test('issue 5: rows, by what they are worth; unreadable ones are exit 1', async () => {
    await dbFed(
      `${header}${line({ ruid: 'a' })}${line({ ruid: 'b' })}${line({ ruid: 'c', table: 'aliases' })}`,
      'import',
    );
    const sound = await db('check');
    assert.deepEqual(sound, {
      code: 0,
      stderr: '',
      stdout:
        'sqlite:location.db: quick_check: ok\n' +
        'table aliases: layout 9, 1 row: 1 valid, 0 expired, 0 unreadable\n' +
        'table location: layout 9, 2 rows: 2 valid, 0 expired, 0 unreadable\n',
    });
    sql("UPDATE location SET expires = 2451544.5 WHERE ruid = 'a'", "UPDATE location SET q = 7 WHERE ruid = 'b'");
    const { code, stdout } = await db('check', '--table', 'location');
    assert.equal(code, 1);
    assert.match(stdout, /^table location: layout 9, 2 rows: 0 valid, 1 expired, 1 unreadable$/m);
    assert.match(stdout, /^ {2}\{"ruid":"b",.*\}: q is no number from 0 to 1, or -1$/m);
    assert.doesNotMatch(stdout, /aliases/);
  });

  test('issue 5: layouts, those of others, and what a migration has left', async () => {
    await dbFed(header + line(), 'import');
    sql(
      'CREATE TABLE location_layout_1004 AS SELECT username, contact, expires, q, callid, cseq FROM location',
      'CREATE TABLE newer AS SELECT * FROM location',
      "INSERT INTO version (table_name, table_version) VALUES ('newer', 10)",
      'CREATE TABLE "odd name" AS SELECT * FROM location',
      'CREATE TABLE subscriber (username TEXT)',
    );
    const { code, stdout } = await db('check');
    assert.equal(code, 1);
    assert.deepEqual(stdout.trimEnd().split('\n').slice(1), [
      'table location: layout 9, 1 row: 1 valid, 0 expired, 0 unreadable',
      'table location_layout_1004: 1 row that a migration has left; nobody reads them',
      'table newer: layout 10, 1 row; nobody here can read them',
    ]);
    const exported = await db('export');
    assert.equal(exported.code, 0);
    assert.match(exported.stderr, /^table newer has a layout that this version does not know; left out$/m);
    assert.match((await db('export', '--table', 'newer')).stderr, /table newer has a layout/);
  });

  test('issue 5: a damaged file is exit 1 with what SQLite says', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => line({ aor: `user${i}` })).join('');
    await dbFed(header + lines, 'import');
    const bytes = readFileSync(join(folder, 'location.db'));
    bytes.fill(0x5a, 200 * 1024, 260 * 1024);
    file('location.db', bytes);
    const { code, stdout } = await db('check');
    assert.equal(code, 1);
    assert.match(stdout, /^sqlite:location\.db: quick_check: damaged$/m);
    assert.match(stdout, /^table location: .*the file is damaged; restore it from a backup/m);
    assert.deepEqual(readFileSync(join(folder, 'location.db')), bytes);
  });

  test('issue 5: a database that is not there is 2, and is not made', async () => {
    assert.equal((await db('check')).code, 2);
    assert.equal(existsSync(join(folder, 'location.db')), false);
  });
});

/** A database server, and its client as it takes a script from stdin. */
interface Kind {
  readonly name: string;
  readonly skip: string | false;
  readonly start: () => Promise<DatabaseServer>;
  readonly client: (url: string) => readonly [program: string, ...args: readonly string[]];
}

const kinds: readonly Kind[] = [
  {
    name: 'PostgreSQL',
    skip: skipWithoutPostgres(),
    start: startPostgres,
    client: (url) => ['psql', '--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', '-d', url],
  },
  {
    name: 'MariaDB',
    skip: skipWithoutMariadb(),
    start: startMariadb,
    client: (url) => {
      const { hostname, port, username, password, pathname } = new URL(url);
      return [
        'mariadb',
        '--no-defaults',
        `-h${hostname}`,
        `-P${port}`,
        `-u${username}`,
        `-p${password}`,
        pathname.slice(1),
      ];
    },
  },
];

for (const { name, skip, start, client } of kinds) {
  describe(`aorta db with ${name}`, { skip }, () => {
    let server: DatabaseServer;
    before(async () => {
      server = await start();
    });
    after(() => server?.dispose());

    test('issue 5: its client makes the tables of the schema, the server takes them; all else is as with SQLite', async () => {
      const url = await server.createDatabase('made');
      const { code, stdout: schema } = await db('schema', '--db', url, '--table', 'location', '--table', 'aliases');
      assert.equal(code, 0);
      const [program, ...args] = client(url);
      execFileSync(program, args, { input: schema });
      const stopped = await (await registered('--db', url)).stop();
      assert.equal(stopped.code, 0, stopped.stderr);
      const odd = { aor: 'jürgen', userAgent: '電話 \uf7ff', callId: 'a\uf700b', table: 'aliases', ruid: 'odd' };
      const imported = await dbFed(header + line(odd) + line({ socket: 'x'.repeat(300) }), 'import', '--db', url);
      assert.equal(imported.code, 3);
      assert.match(imported.stderr, /^line 3: column socket takes \d+ characters, and this has 300/m);
      const first = await db('export', '--db', url);
      assert.equal(first.stderr, 'exported 2 bindings of 2 tables; 0 rows left out (0 expired, 0 unreadable)\n');
      assert.match(first.stdout, /"aor":"jürgen".*"callId":"a\uf700b".*"userAgent":"電話 \uf7ff"/);
      const other = await server.createDatabase('other');
      assert.equal((await dbFed(first.stdout, 'import', '--db', other)).code, 0);
      assert.equal((await db('export', '--db', other)).stdout, first.stdout);
      assert.equal((await dbFed(first.stdout, 'import')).code, 0);
      assert.equal((await db('export')).stdout, first.stdout);
      const old = 'CREATE TABLE location_layout_8 AS SELECT username, contact, expires, q, callid, cseq FROM location';
      await server.query(old, 'other');
      const check = await db('check', '--db', other);
      assert.deepEqual(check.stdout.split('\n').slice(1, -1), [
        'table aliases: layout 9, 1 row: 1 valid, 0 expired, 0 unreadable',
        'table location: layout 9, 1 row: 1 valid, 0 expired, 0 unreadable',
        'table location_layout_8: 1 row that a migration has left; nobody reads them',
      ]);
      assert.equal(check.code, 0);
      const gone = await db('check', '--db', url.replace(/made$/, 'nowhere'));
      assert.equal(gone.code, 2);
      assert.match(gone.stderr, /there is no such database/);
    });
  });
}
