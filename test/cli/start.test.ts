// The command line's contract (design 1): the ready line, exit codes, and every problem with its place and remedy.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { registrarModule } from '../../src/modules/registrar-module.ts';
import { AortaProcess, alone, type Finished, portIn } from '../support/aorta-process.ts';
import { Phone } from '../support/phone.ts';

const anyPorts = ['--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0', ...alone];

async function run(...args: string[]): Promise<Finished> {
  return new AortaProcess(args).finished;
}

describe('aorta start', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'aorta-cli-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function config(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  test('design 1: stdout gets exactly one line, with the real ports; logs go to stderr', async () => {
    const aorta = new AortaProcess(['start', ...anyPorts]);
    const line = await aorta.ready();
    assert.match(line, /^aorta ready: udp:127\.0\.0\.1:[1-9]\d* tcp:127\.0\.0\.1:[1-9]\d* \(\d+ ms, 0 bindings\)$/);
    const { code, stdout, stderr } = await aorta.stop();
    assert.equal(code, 0);
    assert.equal(stdout, `${line}\n`);
    assert.match(stderr, /stopping/);
  });

  test('design 1: SIGINT ends it with 0 as SIGTERM does', async () => {
    const aorta = new AortaProcess(['start', ...anyPorts]);
    await aorta.ready();
    assert.equal((await aorta.stop('SIGINT')).code, 0);
  });

  test('design 1: a bad command line is exit 1, every problem listed with its place and remedy', async () => {
    const { code, stdout, stderr } = await run(
      ...['start', '--listen', 'udp:nowhere', '--domain', 'a b', '--set', 'registrar.max_contact=2'],
      ...['--set', 'registrar.default_q=101', '--set', 'registrer.default_q=1', '--set', 'nonsense'],
      ...['--db', 'oracle://user:secret@host/db', '--db-mode', 'write-bak'],
      ...['--admin', 'nowhere:8060', '--admin-token', 'too-short'],
    );
    assert.equal(code, 1);
    assert.equal(stdout, '');
    for (const expected of [
      /listen udp:nowhere: .*is not an IP address/,
      /domain a b: is no host name/,
      /no parameter max_contact; did you mean max_contacts\?/,
      /default_q=101: must be a whole number from 0 to 100/,
      /there is no module registrer; did you mean registrar\?/,
      /set nonsense: must be module\.parameter=value/,
      /db: oracle:\/\/user:\*\*\*@host\/db cannot be opened.*use sqlite:/,
      /db-mode: must be one of none, write-through, write-back, db-only/,
      /admin: "nowhere" is no IP address; write 127\.0\.0\.1:8060/,
      /admin-token: needs at least 16 characters; openssl rand/,
    ]) {
      assert.match(stderr, expected);
    }
    assert.doesNotMatch(stderr, /secret|too-short/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

  test('design 1: unknown options and commands name what was meant', async () => {
    const option = await run('start', '--lisen', 'udp:127.0.0.1:0');
    assert.equal(option.code, 1);
    assert.match(option.stderr, /--lisen: no such option; did you mean --listen\?/);
    const command = await run('strat');
    assert.equal(command.code, 1);
    assert.match(command.stderr, /there is no such command; did you mean start\?/);
    assert.equal((await run('start', '--log-level', 'loud')).code, 1);
    assert.equal((await run('start', '--listen')).code, 1);
  });

  test('design 1: a taken port is exit 2 and a sentence that names it', async () => {
    const first = new AortaProcess(['start', ...anyPorts]);
    const port = portIn(await first.ready(), 'udp');
    const second = await run('start', '--listen', `udp:127.0.0.1:${port}`, ...alone);
    await first.stop();
    assert.equal(second.code, 2);
    assert.match(second.stderr, new RegExp(`udp:127\\.0\\.0\\.1:${port} is in use by another program`));
  });

  test('design 1: an address of another machine is exit 2 and a sentence that names it', async () => {
    const { code, stderr } = await run('start', '--listen', 'udp:192.0.2.77:5060', ...alone);
    assert.equal(code, 2);
    assert.match(stderr, /192\.0\.2\.77 is not an address of this machine/);
  });

  test('design 1: a config file that is missing, broken, without a default export or with wrong options is exit 1', async () => {
    const rows: readonly (readonly [string, RegExp])[] = [
      [join(folder, 'missing.ts'), /missing\.ts: there is no such file/],
      [config('broken.ts', 'export default {\n  listen: [,,\n'), /broken\.ts/],
      [config('empty.ts', 'export const nothing = 1;\n'), /must have a default export/],
      [config('wrong.ts', 'export default { registrar: { maxContact: 3 } };\n'), /did you mean maxContacts\?/],
      [
        config('openser.cfg', 'route {\n  sav("location");\n}\n'),
        /openser\.cfg:2:3: error: there is no function 'sav'/,
      ],
    ];
    for (const [file, expected] of rows) {
      const { code, stderr } = await run('start', file, ...alone);
      assert.equal(code, 1, file);
      assert.match(stderr, expected);
    }
  });

  test('design 1: the command line wins over the config file, and the file over the defaults', async () => {
    const file = config(
      'good.ts',
      `export default { listen: ['udp:127.0.0.1:0'], registrar: { defaultExpires: 100, maxContacts: 1 } };\n`,
    );
    const aorta = new AortaProcess(['start', file, '--set', 'registrar.default_expires=200', ...alone]);
    const port = portIn(await aorta.ready(), 'udp');
    const alice = await Phone.open('alice', port);
    assert.match((await alice.register()).header('contact') ?? '', /;expires=200$/);
    assert.equal((await alice.register(['<sip:other@10.0.0.1>'])).status, 503);
    alice.close();
    await aorta.stop();
  });

  test('issue 2: --set takes every parameter of the manual by its openser.cfg name', async () => {
    const parameters = Object.entries(registrarModule.parameters).filter(([, parameter]) => 'manual' in parameter);
    assert.equal(parameters.length, 18);
    const settings = parameters.flatMap(([name, { example }]) => [
      '--set',
      `registrar.${name}=${typeof example === 'boolean' ? Number(example) : example}`,
    ]);
    const aorta = new AortaProcess(['start', ...anyPorts, ...settings, '--set', 'nathelper.received_avp=43']);
    await aorta.ready();
    assert.equal((await aorta.stop()).code, 0);
  });

  test('design 1: aorta check says all problems with file, line and column, and exits 1 on errors only', async () => {
    const good = config('good.cfg', 'loadmodule "sl.so"\nchildren=4\nroute { sl_send_reply("404", "No"); }\n');
    const passed = await run('check', good);
    assert.equal(passed.code, 0, passed.stdout);
    assert.match(passed.stdout, /good\.cfg:2:1: info: 'children' has no effect/);
    assert.match(passed.stdout, /: 0 errors, 0 warnings, 1 notes\n$/);
    const bad = config('bad.cfg', 'loadmodule "sl.so"\nroute { sl_send_replly("404", "No"); t_relay(); }\n');
    const { code, stdout } = await run('check', bad, '--format', 'json');
    assert.equal(code, 1);
    const diagnostics = JSON.parse(stdout);
    const [first] = diagnostics;
    assert.deepEqual([first.severity, first.line, first.column], ['error', 2, 9]);
    assert.match(JSON.stringify(first), /sl_send_reply/);
    assert.ok(diagnostics.length > 1, 'the second error is in the same run');
  });

  test('design 1: aorta check of a TypeScript file, and of nothing', async () => {
    const wrong = await run('check', config('check.ts', 'export default { registrar: { maxContact: 3 } };\n'));
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /did you mean maxContacts\?/);
    assert.equal((await run('check', config('fine.ts', 'export default {};\n'))).code, 0);
    const nothing = await run('check');
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /check: needs a FILE/);
  });

  test('issue 4: SIGHUP loads the file anew; a broken one changes nothing and says why', async () => {
    const reply = (status: number) => `loadmodule "sl.so"\nroute { sl_send_reply("${status}", "Now"); }\n`;
    const file = config('reload.cfg', reply(404));
    const aorta = new AortaProcess(['start', file, ...anyPorts]);
    const port = portIn(await aorta.ready(), 'udp');
    const phone = await Phone.open('alice', port);
    const status = async () => (await phone.ask('OPTIONS', 'sip:example.com')).status;
    const becomes = async (wanted: number) => {
      for (let times = 0; times < 100 && (await status()) !== wanted; times++) await setTimeout(20);
      assert.equal(await status(), wanted);
    };
    try {
      await becomes(404);
      config('reload.cfg', reply(480));
      aorta.child.kill('SIGHUP');
      await becomes(480);
      config('reload.cfg', 'route { sl_send_reply("486", "Broken"; }\n');
      aorta.child.kill('SIGHUP');
      await aorta.said(/not reloaded, everything goes on as it was: .*reload\.cfg:1:/s);
      await becomes(480);
    } finally {
      phone.close();
      await aorta.stop();
    }
  });

  test('help and version say what they are asked', async () => {
    assert.match((await run('--help')).stdout, /usage: aorta start/);
    assert.match((await run('--version')).stdout, /^aorta \d+\.\d+\.\d+\n$/);
  });
});
