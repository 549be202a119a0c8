// Hot reload of an openser.cfg: SIGHUP to a running `aorta start`.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { SipResponse } from '../../../src/sip/message.ts';
import { Phone } from '../../support/phone.ts';
import { TcpPeer } from '../../support/tcp-peer.ts';
import { answer, ring } from './call.ts';
import { CfgFolder, CfgProcess } from './cfg-process.ts';
import { contactsOf } from './cfg-server.ts';

const isResponse = (message: unknown): message is SipResponse => message instanceof SipResponse;

/** A registrar and proxy that answers OPTIONS with its own name. */
function version(name: string, parameters = ''): string {
  return `
debug=3
alias=example.com
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
${parameters}
route {
	if (method=="REGISTER") { save("location"); exit; }
	if (method=="OPTIONS") { sl_send_reply("200", "${name}"); exit; }
	record_route();
	if (loose_route()) { append_hf("X-Version: ${name}\\r\\n"); t_relay(); exit; }
	if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
	append_hf("X-Version: ${name}\\r\\n");
	if (method=="INVITE") t_on_failure("1");
	t_relay();
}
failure_route[1] { t_reply("480", "${name} says no"); }
`;
}

describe('SIGHUP', () => {
  const folder = new CfgFolder();
  const file = folder.write('openser.cfg', version('First'));
  const phones: Phone[] = [];
  let running: CfgProcess;

  before(async () => {
    running = await CfgProcess.start(file);
  });
  after(async () => {
    for (const phone of phones) phone.close();
    await running?.stop();
    folder.remove();
  });

  async function phoneOf(user: string): Promise<Phone> {
    const phone = await Phone.open(user, running.udpPort);
    phones.push(phone);
    return phone;
  }

  async function speaks(phone: Phone): Promise<string> {
    return (await phone.ask('OPTIONS', 'sip:example.com')).reason;
  }

  test('issue 4: another content of the file is what runs then; bindings stay', async () => {
    const alice = await phoneOf('alice');
    assert.match(contactsOf(await alice.register()).get(alice.contact) ?? '', /;expires=3600$/);
    assert.equal(await speaks(alice), 'First');

    folder.write('openser.cfg', version('Second', 'modparam("registrar", "default_expires", 1234)'));
    assert.match(await running.reload(), /reloaded/);
    assert.equal(await speaks(alice), 'Second');
    assert.deepEqual([...contactsOf(await alice.register([])).keys()], [alice.contact]);
    const other = '<sip:other@10.0.0.1>';
    assert.match(contactsOf(await alice.register([other])).get('sip:other@10.0.0.1') ?? '', /;expires=1234$/);
    await alice.register(['*'], { headers: [['Expires', '0']] });
  });

  test('issue 4: a running call goes on: answered after it, ended in the new routes', async () => {
    const alice = await phoneOf('alice');
    const bob = await phoneOf('bob');
    await bob.register();
    const ringing = await ring(alice, 'sip:bob@example.com', [bob]);
    assert.equal(ringing.received[0]?.header('x-version'), 'Second');
    folder.write('openser.cfg', version('Third'));
    await running.reload();
    const dialog = await answer(ringing, bob);
    assert.equal(dialog.ack.header('x-version'), 'Third');
    assert.equal((await dialog.bye('callee')).header('x-version'), 'Third');
  });

  test('issue 4: what is under way ends as it began: the failure route that was armed is the one that runs', async () => {
    const alice = await phoneOf('alice');
    const bob = await phoneOf('bob');
    await bob.register();
    // The bob of the test before is registered as well.
    const bobs = [phones.find(({ user }) => user === 'bob') ?? bob, bob];
    const { invite, received } = await ring(alice, 'sip:bob@example.com', bobs);
    folder.write('openser.cfg', version('Fourth'));
    await running.reload();
    for (const [index, phone] of bobs.entries()) phone.answer(received[index] ?? assert.fail(), 486, 'Busy');
    assert.equal((await alice.peer.finalFor(invite)).reason, 'Third says no');
  });

  test('issue 4: TCP connections stay, and their phones are called by them', async () => {
    const tcp = await TcpPeer.open(running.tcpPort);
    const alice = await phoneOf('alice');
    const sender = { uri: 'sip:example.com', callId: 'by-tcp', to: '<sip:tina@example.com>' };
    const register = alice.make('REGISTER', {
      ...sender,
      headers: [['Contact', `<sip:tina@127.0.0.1:${tcp.port};transport=tcp>`]],
    });
    register.set('Via', `SIP/2.0/TCP 127.0.0.1:${tcp.port};branch=z9hG4bKtcp1`);
    tcp.send(register.toBuffer());
    assert.equal((await tcp.next(isResponse)).status, 200);

    folder.write('openser.cfg', version('Fifth'));
    await running.reload();
    const options = alice.make('OPTIONS', sender);
    options.set('Via', `SIP/2.0/TCP 127.0.0.1:${tcp.port};branch=z9hG4bKtcp2`);
    tcp.send(options.toBuffer());
    assert.equal((await tcp.next(isResponse)).reason, 'Fifth');
    const message = alice.make('MESSAGE', { uri: 'sip:tina@example.com' });
    alice.peer.send(message.toBuffer());
    assert.equal((await tcp.request('MESSAGE')).header('x-version'), 'Fifth');
    tcp.close();
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['a syntax error', version('Broken').replace('route {', 'route {{ if'), /openser\.cfg:\d+:\d+: error: /],
    ['a misspelt function', version('Broken').replace('t_relay', 't_rely'), /openser\.cfg:1[0-9]:\d+: error: .*t_rely/],
    [
      'a wrong parameter',
      version('Broken', 'modparam("registrar", "default_q", 101)'),
      /openser\.cfg:10:\d+: error: .*default_q/,
    ],
    [
      'a missing include',
      `include_file "not-there.cfg"\n${version('Broken')}`,
      /openser\.cfg:1:\d+: error: .*not-there/,
    ],
    ['an empty file', '', /openser\.cfg:1:1: error: /],
    ['a file that is cut off', version('Broken').slice(0, 300), /openser\.cfg:\d+:\d+: error: /],
  ];
  for (const [what, text, expected] of broken) {
    test(`issue 4: ${what} changes nothing, and the log names the place`, async () => {
      const alice = await phoneOf('alice');
      const before = await speaks(alice);
      folder.write('openser.cfg', text);
      const log = await running.reload();
      assert.match(log, /not reloaded, everything goes on as it was/);
      assert.match(log, expected);
      assert.doesNotMatch(log, /\n\s+at /);
      assert.equal(await speaks(alice), before);
      assert.equal(contactsOf(await (await phoneOf('bob')).register([])).size, 2);
    });
  }

  test('issue 4: a file that is gone changes nothing; when it is back it is loaded', async () => {
    const alice = await phoneOf('alice');
    rmSync(file);
    assert.match(await running.reload(), /not reloaded.*openser\.cfg.*there is no such file/);
    assert.equal(await speaks(alice), 'Fifth');
    folder.write('included.cfg', 'modparam("registrar", "max_contacts", 1)\n');
    folder.write('openser.cfg', version('Sixth', 'include_file "included.cfg"'));
    await running.reload();
    assert.equal(await speaks(alice), 'Sixth');
    assert.equal((await alice.register(['<sip:a@10.0.0.1>', '<sip:b@10.0.0.1>'])).status, 503);
    folder.write('included.cfg', 'modparam("registrar", "max_contacts", 2)\n');
    await running.reload();
    assert.equal((await alice.register(['<sip:a@10.0.0.1>', '<sip:b@10.0.0.1>'])).status, 200);
  });
});
