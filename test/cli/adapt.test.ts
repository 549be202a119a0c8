// `aorta adapt FILE`: an aorta.config.ts on stdout, or what is wrong on stderr.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AortaProcess, alone, portIn } from '../support/aorta-process.ts';
import { Phone } from '../support/phone.ts';

const index = new URL('../../src/index.ts', import.meta.url).href;

describe('aorta adapt', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'aorta-adapt-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test('issue 4: what it prints is what aorta start runs', async () => {
    const cfg = file(
      'openser.cfg',
      'listen=udp:127.0.0.1:5060\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nmodparam("registrar", "default_expires", 77)\nroute { save("location"); }\n',
    );
    const { code, stdout, stderr } = await new AortaProcess(['adapt', cfg]).finished;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^\/\/ Made of .*openser\.cfg by `aorta adapt`/);
    const script = file('aorta.config.ts', stdout.replace("from 'aorta'", `from '${index}'`));
    const aorta = new AortaProcess(['start', script, '--listen', 'udp:127.0.0.1:0', ...alone]);
    try {
      const phone = await Phone.open('alice', portIn(await aorta.ready(), 'udp'));
      const reply = await phone.register();
      phone.close();
      assert.equal(reply.status, 200);
      assert.match(reply.header('contact') ?? '', /expires=77/);
    } finally {
      await aorta.stop();
    }
  });

  test('issue 4: a configuration with errors is exit 1, each with its place, and nothing is printed', async () => {
    const cfg = file('wrong.cfg', 'route {\n\tsave("location");\n\tnonsense();\n}\n');
    const { code, stdout, stderr } = await new AortaProcess(['adapt', cfg]).finished;
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /wrong\.cfg:2:2: error: 'save' is a function of the module registrar/);
    assert.match(stderr, /wrong\.cfg:3:2: error: there is no function 'nonsense'/);
  });

  test('issue 4: so is what cannot be said in TypeScript', async () => {
    const cfg = file('odd.cfg', 'route {\n\tif ((append_branch() && $var(a) < 3) || isflagset(2)) exit;\n}\n');
    const { code, stdout, stderr } = await new AortaProcess(['adapt', cfg]).finished;
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /odd\.cfg:2:7: error: .* cannot be said in TypeScript yet/);
  });

  test('issue 4: what would be lost is an error, and a comment with --lenient', async () => {
    const cfg = file('acc.cfg', 'loadmodule "acc.so"\nroute {\n\tacc_log_request("404");\n\tlog("x");\n}\n');
    assert.equal((await new AortaProcess(['adapt', cfg]).finished).code, 1);
    const { code, stdout } = await new AortaProcess(['adapt', cfg, '--lenient']).finished;
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}\/\/ acc_log_request\("404"\): /m);
  });

  test('design 1: a bad command line says what is missing', async () => {
    const none = await new AortaProcess(['adapt']).finished;
    assert.equal(none.code, 1);
    assert.match(none.stderr, /adapt: needs a FILE/);
    const two = await new AortaProcess(['adapt', 'a', 'b']).finished;
    assert.match(two.stderr, /only one FILE can be adapted/);
    assert.equal((await new AortaProcess(['adapt', join(folder, 'nowhere.cfg')]).finished).code, 1);
  });
});
