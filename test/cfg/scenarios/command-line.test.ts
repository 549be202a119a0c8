// An openser.cfg on the command line: what the file says is what happens, unless an option says otherwise.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AortaProcess, alone, portIn } from '../../support/aorta-process.ts';
import { Phone } from '../../support/phone.ts';
import { CfgFolder } from './cfg-process.ts';
import { contactsOf } from './cfg-server.ts';
import { fileText } from './scenario.ts';

const registrar = `
alias=example.com
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "acc.so"
modparam("registrar", "default_expires", 100)
route {
	log(1, "a warning of the script\\n");
	log(-1, "an error of the script\\n");
	if (method=="REGISTER") save("location"); else if (uri==myself) sl_send_reply("200", "Ours");
	else sl_send_reply("404", "Foreign");
}
`;

describe('aorta start and aorta check with an openser.cfg', () => {
  const folder = new CfgFolder();
  after(() => folder.remove());

  test('cfg-language §4 listen, port, disable_tcp: the file says where to listen', async () => {
    // An address that no other process of the tests has.
    const address = `127.70.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`;
    const text = `listen=${address}\nport=15062\ndisable_tcp=yes\nlisten=udp:${address}:15063\n${registrar}`;
    const aorta = new AortaProcess(['start', folder.write('listen.cfg', text), ...alone]);
    assert.match(
      await aorta.ready(),
      new RegExp(`^aorta ready: udp:${address}:15062 udp:${address}:15063 \\(\\d+ ms, 0 bindings\\)$`),
    );
    assert.equal((await aorta.stop()).code, 0);
  });

  test('issue 4: --listen, --set and --domain win over the file; debug says what is logged', async () => {
    const file = folder.write('options.cfg', `debug=0\nlisten=udp:192.0.2.1:5060\n${registrar}`);
    const aorta = new AortaProcess([
      ...['start', file, '--listen', 'udp:127.0.0.1:0', '--domain', 'example.net', ...alone],
      ...['--set', 'registrar.max_expires=90', '--set', 'registrar.default_expires=95'],
    ]);
    const port = portIn(await aorta.ready(), 'udp');
    const alice = await Phone.open('alice', port);
    assert.match(contactsOf(await alice.register()).get(alice.contact) ?? '', /;expires=90$/);
    assert.equal((await alice.ask('OPTIONS', 'sip:example.net')).reason, 'Ours');
    assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).reason, 'Foreign');
    alice.close();
    const { stderr } = await aorta.stop();
    assert.match(stderr, /an error of the script/);
    assert.doesNotMatch(stderr, /a warning of the script/);
  });

  test('issue 4: --log-level wins over debug; what does not happen here is said at the start', async () => {
    const file = folder.write('level.cfg', `debug=0\n${registrar}`);
    const aorta = new AortaProcess(['start', file, '--listen', 'udp:127.0.0.1:0', '--log-level', 'info', ...alone]);
    const alice = await Phone.open('alice', portIn(await aorta.ready(), 'udp'));
    assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).reason, 'Ours');
    alice.close();
    const { stderr } = await aorta.stop();
    assert.match(stderr, /a warning of the script/);
    assert.match(stderr, /level\.cfg:7:\d+: warning: the module acc does nothing here/);
  });

  test('issue 4: check prints every diagnostic with its place as JSON; the exit code is of the errors alone', async () => {
    const good = folder.write('good.cfg', fileText('stock.cfg'));
    const wrong = folder.write(
      'wrong.cfg',
      registrar.replace('save(', 'sve(').replace('"default_expires"', '"expire"'),
    );
    const [fine, bad] = await Promise.all(
      [good, wrong].map((file) => new AortaProcess(['check', file, '--format', 'json']).finished),
    );
    assert.equal(fine?.code, 0);
    assert.deepEqual(
      severities(fine.stdout).filter((severity) => severity === 'error'),
      [],
    );
    assert.equal(bad?.code, 1);
    assert.equal(severities(bad.stdout).filter((severity) => severity === 'error').length, 2);
  });

  test('issue 4: a function whose loss would not be noticed is an error, with --lenient a warning', async () => {
    const text = registrar.replace('route {', 'route {\n\tacc_log_request("accounted");');
    const file = folder.write('acc.cfg', text);
    const [strict, lenient] = await Promise.all(
      [
        ['check', file],
        ['check', file, '--lenient'],
      ].map((args) => new AortaProcess(args).finished),
    );
    assert.equal(strict?.code, 1);
    assert.match(strict.stdout, /acc\.cfg:9:2: error: .*acc_log_request/);
    assert.equal(lenient?.code, 0);
    assert.match(lenient.stdout, /acc\.cfg:9:2: warning: .*acc_log_request/);
  });
});

/** The severities of a JSON report, whose entries all have a place and a sentence. */
function severities(json: string): string[] {
  const all: unknown = JSON.parse(json);
  assert.ok(Array.isArray(all));
  return all.map((entry: Readonly<Record<string, unknown>>) => {
    assert.equal(typeof entry.file, 'string');
    assert.equal(typeof entry.message, 'string');
    return String(entry.severity);
  });
}
