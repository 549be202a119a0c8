// Issue 7: `aorta ul` against a server in a process of its own, on a database that outlives it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { AortaProcess, alone, type Finished, portIn } from '../support/aorta-process.ts';
import { Phone } from '../support/phone.ts';

const anyPort = ['--listen', 'udp:127.0.0.1:0', '--admin', '127.0.0.1:0'];
const folder = mkdtempSync(join(tmpdir(), 'aorta-ul-'));
after(() => rmSync(folder, { recursive: true }));

/** A running server, and `aorta ul` that talks to it. */
class Running {
  readonly aorta: AortaProcess;
  readonly udpPort: number;
  readonly admin: string;

  private constructor(aorta: AortaProcess, readyLine: string) {
    this.aorta = aorta;
    this.udpPort = portIn(readyLine, 'udp');
    this.admin = /admin:(http:\/\/\S+)/.exec(readyLine)?.[1] ?? '';
  }

  static async start(...args: readonly string[]): Promise<Running> {
    const aorta = new AortaProcess(['start', ...anyPort, ...args]);
    return new Running(aorta, await aorta.ready());
  }

  ul(...args: readonly string[]): Promise<Finished> {
    return new AortaProcess(['ul', ...args, '--admin', this.admin]).finished;
  }

  /** What a command that has to succeed prints. */
  async done(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ul(...args);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, args.join(' '));
    return stdout;
  }

  async fails(code: number, expected: RegExp, ...args: readonly string[]): Promise<void> {
    const finished = await this.ul(...args);
    assert.equal(finished.code, code, `${args.join(' ')}: ${finished.stderr}`);
    assert.equal(finished.stdout, '');
    assert.match(finished.stderr, expected);
    assert.doesNotMatch(finished.stderr, /\n\s+at /);
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    return this.aorta.stop(signal);
  }
}

function database(): { readonly file: string; readonly args: readonly string[] } {
  const file = join(mkdtempSync(join(folder, 'db-')), 'location.db');
  return { file, args: ['--db', `sqlite:${file}`] };
}

describe('aorta ul', { concurrency: 2 }, () => {
  test('issue 7: a permanent user is found by lookup, and after kill -9 too', async () => {
    const { args } = database();
    let running = await Running.start(...args);
    const bob = await Phone.open('bob', running.udpPort);
    const added = await running.done('add', 'location', 'Bob', bob.contact, '0', '1.00', '128');
    assert.equal(added, `added ${bob.contact} (bob)\n`);
    await callIsRelayed(running, bob);
    await running.stop('SIGKILL');
    running = await Running.start(...args);
    await callIsRelayed(running, bob);
    const shown = await running.done('show', 'location', 'bob');
    assert.match(shown, /^CONTACT +EXPIRES +Q +FLAGS .*\nsip:bob@127\.0\.0\.1:\d+ +permanent +1\.00 +permanent /);
    assert.equal(await running.done('rm', 'location', 'bob'), 'removed 1 contact\n');
    bob.close();
    await running.stop();
  });

  test('spec 10: show, rm, rm-contact, stats, and what is not there is exit 3', async () => {
    const running = await Running.start('--db', 'memory:');
    const alice = await Phone.open('alice', running.udpPort);
    assert.equal((await alice.register([`<${alice.contact}>;q=0.7;expires=600`])).status, 200);
    await running.done('add', 'location', 'alice', 'sip:alice@10.0.0.9', '60', 'none');
    const shown = JSON.parse(await running.done('show', 'location', 'alice@example.com', '--json'));
    assert.deepEqual(
      shown.bindings.map(({ contact, q }: { contact: string; q: number | null }) => [contact, q]),
      [
        [alice.contact, 0.7],
        ['sip:alice@10.0.0.9', null],
      ],
    );
    assert.match(await running.done('rm-contact', 'location', 'alice', 'sip:alice@10.0.0.9'), /^removed sip:alice@10/);
    await running.fails(
      3,
      /CONTACT sip:alice@10\.0\.0\.9: is not among/,
      'rm-contact',
      'location',
      'alice',
      'sip:alice@10.0.0.9',
    );
    const stats = await running.done('stats');
    assert.match(stats, /^aorta \d.*\ndatabase: none\n\nTABLE +AORS +CONTACTS +EXPIRED\nlocation +1 +1 +0\n/);
    assert.match(stats, /\nREQUESTS +COUNT\nREGISTER +1\n/);
    assert.equal(JSON.parse(await running.done('stats', '--json')).tables[0].contacts, 1);
    // OpenSER: what is not there is removed, too.
    assert.equal(await running.done('rm', 'location', 'alice'), 'removed 1 contact\n');
    assert.equal(await running.done('rm', 'location', 'alice'), 'removed 0 contacts\n');
    await running.fails(3, /AOR alice: has no contacts/, 'show', 'location', 'alice');
    await running.fails(3, /AOR alice: has no contacts/, 'rm-contact', 'location', 'alice', 'sip:a@b');
    await running.fails(
      1,
      /TABLE locaton: there is no such table.*did you mean location\?/,
      'show',
      'locaton',
      'alice',
    );
    await running.fails(1, /CONTACT sip:a b: is no URI/, 'add', 'location', 'a', 'sip:a b', '60', '1');
    await running.fails(1, /EXPIRES .*permanent contact only/, 'add', 'location', 'a', 'sip:a@b', '0', '1');
    assert.match(await running.done('flush'), /^flushed: 0 expired/);
    alice.close();
    await running.stop();
  });

  test('issue 7: dump streams 1,000 addresses of record over several pages, each once', async () => {
    const { file, args } = database();
    const running = await Running.start(...args, '--db-mode', 'write-back', '--set', 'usrloc.timer_interval=3600');
    const phone = await Phone.open('phone', running.udpPort);
    const users = Array.from({ length: 1000 }, (_, index) => `user${index}`);
    for (const user of users) {
      const to = `<sip:${user}@example.com>`;
      const reply = await phone.register([`<sip:${user}@10.0.0.1>`], { to, from: `${to};tag=1`, callId: user });
      assert.equal(reply.status, 200);
    }
    phone.close();
    const lines = (await running.done('dump')).split('\n');
    assert.match(lines[0] ?? '', /^TABLE +AOR +CONTACT +EXPIRES +Q +FLAGS$/);
    assert.deepEqual(
      lines.slice(1, -1).map((line) => line.split(/ +/)[1]),
      users,
    );
    const dumped = JSON.parse(await running.done('dump', 'location', '--json')) as { table: string; aor: string }[];
    assert.deepEqual(
      dumped.map(({ table, aor }) => `${table} ${aor}`),
      users.map((user) => `location ${user}`),
    );
    // Write-back: nothing is written before the flush, all of it behind.
    assert.equal(rowsOf(file), 0);
    assert.match(await running.done('stats'), /database: ok, 1000 waiting to be written/);
    assert.equal(await running.done('flush'), 'flushed: 0 expired and removed, 0 waiting to be written\n');
    assert.equal(rowsOf(file), 1000);
    await running.fails(1, /TABLE aliases: there is no such table; the tables are location/, 'dump', 'aliases');
    await running.stop('SIGKILL');
  });

  test('issue 7: nothing registered is an empty table and an empty list', async () => {
    const running = await Running.start('--db', 'memory:');
    assert.match(await running.done('dump'), /^TABLE +AOR +CONTACT +EXPIRES +Q +FLAGS\n$/);
    assert.deepEqual(JSON.parse(await running.done('dump', '--json')), []);
    await running.stop();
  });

  test('issue 7: what strangers wrote reaches no terminal as it is', async () => {
    const running = await Running.start('--db', 'memory:');
    const mallory = await Phone.open('mallory', running.udpPort);
    const headers = [['User-Agent', 'x\x1b[2J\x9b31m\u202e']] as const;
    assert.equal((await mallory.register([`<${mallory.contact}>`], { headers })).status, 200);
    mallory.close();
    const shown = await running.done('show', 'location', 'mallory');
    assert.ok(
      [...shown].every((character) => character === '\n' || (character >= ' ' && !/[\x7f-\x9f\u202e]/.test(character))),
    );
    await running.stop();
  });

  test('issue 7: with a token nobody else is served; it is taken from the environment, and never logged', async () => {
    const token = 'a-token-of-16-or-more';
    const running = await Running.start('--db', 'memory:', '--admin-token', token);
    await running.fails(2, /wants a token; give it by AORTA_ADMIN_TOKEN or --admin-token/, 'stats');
    await running.fails(2, /wants another token than this one/, 'stats', '--admin-token', `${token}x`);
    assert.match(await running.done('stats', '--admin-token', token), /^aorta /);
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const args = ['--conditions=aorta-source', main, 'ul', 'stats', '--admin', running.admin];
    const stdout = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, AORTA_ADMIN_TOKEN: token };
      execFile(process.execPath, args, { env }, (error, text) => (error ? reject(error) : resolve(text)));
    });
    assert.match(stdout, /^aorta /);
    const { stderr } = await running.stop();
    assert.doesNotMatch(stderr, new RegExp(token));
  });

  test('issue 7: where no server is, or another program, is exit 2 with the remedy', async () => {
    const other = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const strange = await new AortaProcess(['ul', 'stats', '--admin', `127.0.0.1:${port}`]).finished;
    assert.equal(strange.code, 2);
    assert.match(strange.stderr, /is no admin API of aorta .*--admin HOST:PORT/);
    await new Promise((resolve) => other.close(resolve));
    for (const command of [['stats'], ['dump'], ['show', 'location', 'alice']]) {
      const { code, stderr } = await new AortaProcess(['ul', ...command, '--admin', `127.0.0.1:${port}`]).finished;
      assert.equal(code, 2);
      assert.match(
        stderr,
        /no server answers at http:\/\/127\.0\.0\.1:\d+ \(nothing listens there\); start it with aorta start/,
      );
    }
  });
});

describe('aorta start --admin', () => {
  test('design 1: the ready line names it; on a taken port the start ends with 2 and frees the SIP ports', async () => {
    const first = await Running.start('--db', 'memory:');
    assert.match(first.admin, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    const { file, args } = database();
    const second = await new AortaProcess([
      ...['start', '--listen', 'udp:127.0.0.1:0', '--admin', first.admin.slice('http://'.length), ...args],
    ]).finished;
    assert.equal(second.code, 2);
    assert.equal(second.stdout, '');
    assert.match(second.stderr, /admin: http:\/\/127\.0\.0\.1:\d+ is in use by another program.*--admin off/);
    assert.ok(existsSync(file));
    assert.equal((await first.stop()).code, 0);
  });

  test('design 7: on an address that others reach, no token is exit 1', async () => {
    const { code, stderr } = await new AortaProcess(['start', ...anyPort, ...alone, '--admin', '0.0.0.0:0']).finished;
    assert.equal(code, 1);
    assert.match(stderr, /admin: 0\.0\.0\.0:0 .* needs a token: give one by --admin-token or AORTA_ADMIN_TOKEN/);
  });

  test('issue 7: IPv6 stands in brackets', async () => {
    const running = await Running.start('--db', 'memory:', '--admin', '[::1]:0');
    assert.match(running.admin, /^http:\/\/\[::1\]:[1-9]\d*$/);
    assert.match(await running.done('stats'), /^aorta /);
    await running.stop();
  });

  test('issue 7: connections that hang keep neither SIP nor the end waiting', async () => {
    const running = await Running.start('--db', 'memory:');
    const { Socket } = await import('node:net');
    const sockets = Array.from({ length: 80 }, () => new Socket().on('error', () => undefined));
    const { hostname, port } = new URL(running.admin);
    for (const socket of sockets) socket.connect(Number(port), hostname, () => socket.write('GET /live HTTP/1.1\r\n'));
    const alice = await Phone.open('alice', running.udpPort);
    assert.equal((await alice.register()).status, 200);
    alice.close();
    assert.equal((await running.stop()).code, 0);
    for (const socket of sockets) socket.destroy();
  });
});

/** Somebody's message to a user, who is asked by whoever knows nothing but the name, arrives at the phone. */
async function callIsRelayed({ udpPort }: Running, bob: Phone): Promise<void> {
  const carol = await Phone.open('carol', udpPort);
  const message = carol.make('MESSAGE', { uri: 'sip:bob@example.com', body: 'hello' });
  carol.peer.send(message.toBuffer());
  assert.equal((await bob.peer.request('MESSAGE')).body.toString(), 'hello');
  carol.close();
}

function rowsOf(file: string): number {
  const opened = new DatabaseSync(file, { readOnly: true });
  const row = opened.prepare('select count(*) as count from location').get();
  opened.close();
  return Number(row?.count);
}
