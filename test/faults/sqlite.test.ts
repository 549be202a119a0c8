import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { seed } from './effort.ts';
import { RegisterLoad } from './register-load.ts';
import { Servers } from './servers.ts';

const isRoot = process.getuid?.() === 0;
/** The user that owns nothing. */
const nobody = 65_534;

const servers = new Servers();
let folder = '';
const mounted: string[] = [];

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'aorta-sqlite-faults-'));
});

after(async () => {
  await servers.end();
  for (const place of mounted) spawnSync('umount', [place]);
  rmSync(folder, { recursive: true, force: true });
});

function newLoad(users: number): RegisterLoad {
  return new RegisterLoad({ users, outstanding: 50, seed });
}

describe('an SQLite file that cannot be used keeps the server from starting, and says why', () => {
  async function refusal(db: string, user?: { readonly uid: number }): Promise<string> {
    const { code, stdout, stderr } = await servers.start(db, ['--listen', 'udp:127.0.0.1:0'], user).finished;
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    return stderr;
  }

  test('what is no database: exit 2, the remedy, and the file as it was', async () => {
    const file = join(folder, 'letter.db');
    const text = 'Dear Alexander, \n'.repeat(1_000);
    writeFileSync(file, text);
    assert.match(await refusal(`sqlite:${file}`), /letter\.db.*no SQLite database; name another one, or move it away/);
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  test('a missing folder: exit 2 and the folder', async () => {
    assert.match(await refusal(`sqlite:${join(folder, 'none', 'x.db')}`), /there is no folder .*none; make it/);
  });

  test('a table of a newer layout: exit 2 and the layout', async () => {
    const file = join(folder, 'newer.db');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE version (table_name TEXT, table_version INTEGER); CREATE TABLE location (username TEXT)');
    other.exec("INSERT INTO version VALUES ('location', 11)");
    other.close();
    assert.match(await refusal(`sqlite:${file}`), /table location has layout 11/);
  });

  test('a file that this user may only read: exit 2 and the rights', {
    skip: !isRoot && 'needs root to become another user',
  }, async () => {
    const place = join(folder, 'foreign');
    mkdirSync(place);
    const file = join(place, 'location.db');
    new DatabaseSync(file).exec('CREATE TABLE version (table_name TEXT, table_version INTEGER)');
    chmodSync(folder, 0o755);
    chmodSync(place, 0o755);
    chmodSync(file, 0o444);
    assert.match(
      await refusal(`sqlite:${file}`, { uid: nobody }),
      /may not write it, or not its folder .*change the rights/,
    );
  });
});

describe('an SQLite file that fails while the server runs', () => {
  test('a full disk: 503 with Retry-After, no lie, and service again when there is room', {
    skip: !isRoot && 'needs root to mount a small file system',
  }, async () => {
    const place = join(folder, 'small');
    mkdirSync(place);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', place], { encoding: 'utf8' });
    assert.equal(mount.status, 0, mount.stderr);
    mounted.push(place);
    const db = `sqlite:${join(place, 'location.db')}`;
    const { aorta, port } = await servers.serve(db);
    const load = newLoad(8_000);
    await load.begin(port);
    await load.refuse(20);
    assert.ok(load.retryAfters.every((seconds) => seconds !== undefined && seconds > 0));
    await aorta.said(
      /the database fails, REGISTERs that change something are answered 503: .*the disk is full; make room/,
    );
    const remount = spawnSync('mount', ['-o', 'remount,size=64m', place], { encoding: 'utf8' });
    assert.equal(remount.status, 0, remount.stderr);
    await aorta.said(/the database works again/);
    await load.acknowledge(500);
    await aorta.stop('SIGKILL');
    load.halt();
    const again = await servers.serve(db);
    assert.deepEqual(await load.check(again.port), []);
    await again.aorta.stop();
    assert.deepEqual([...load.answers.keys()].sort(), [200, 503]);
    assert.equal(load.refusedAndDone, 0);
  });

  test('another program holds the file locked: 503 after the wait, and service again when it lets go', async () => {
    const file = join(folder, 'locked.db');
    const { aorta, port } = await servers.serve(`sqlite:${file}`);
    const load = newLoad(100);
    await load.begin(port);
    await load.acknowledge(100);
    const other = new DatabaseSync(file, { timeout: 5_000 });
    other.exec('BEGIN IMMEDIATE');
    await load.refuse(1);
    other.exec('COMMIT');
    other.close();
    await aorta.said(/the database works again/);
    await load.acknowledge(100);
    await load.finish();
    assert.deepEqual(await load.check(port), []);
    assert.equal(load.refusedAndDone, 0);
    await aorta.stop();
  });

  test('a row that another program has written nonsense into harms only itself', async () => {
    const file = join(folder, 'nonsense.db');
    const db = `sqlite:${file}`;
    const first = await servers.serve(db);
    const load = newLoad(60);
    await load.begin(first.port);
    await load.acknowledge(200);
    await load.finish();
    await first.aorta.stop();
    const other = new DatabaseSync(file);
    other.exec(
      "INSERT INTO location (ruid, username, contact, expires, q, callid, cseq) VALUES ('odd', 'odd', '', 'soon', 9, '', -1)",
    );
    other.close();
    const { aorta, port } = await servers.serve(db);
    await aorta.said(/a row of table location cannot be used and is left as it is: contact is empty/);
    assert.deepEqual(await load.check(port), []);
    await aorta.stop();
    const left = new DatabaseSync(file);
    assert.equal(left.prepare("SELECT count(*) AS count FROM location WHERE ruid = 'odd'").get()?.count, 1);
    left.close();
  });
});
