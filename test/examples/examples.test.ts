// The programs of examples/ run as a reader would run them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { AortaProcess, alone, portIn } from '../support/aorta-process.ts';
import { Phone } from '../support/phone.ts';

const run = promisify(execFile);
const anyPorts = ['--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0'];

test('examples/minimal.config.ts: two phones register and one reaches the other', async () => {
  const aorta = new AortaProcess(['start', 'examples/minimal.config.ts', ...anyPorts, ...alone]);
  const port = portIn(await aorta.ready(), 'udp');
  const [alice, bob] = [await Phone.open('alice', port, 'example.org'), await Phone.open('bob', port, 'example.org')];
  assert.equal((await alice.register()).status, 200);
  assert.equal((await bob.register()).status, 200);
  const message = alice.make('MESSAGE', { uri: 'sip:bob@example.org', body: 'hello' });
  alice.peer.send(message.toBuffer());
  const received = await bob.peer.request('MESSAGE');
  assert.equal(received.body.toString(), 'hello');
  bob.answer(received, 200, 'OK');
  assert.equal((await alice.peer.finalFor(message)).status, 200);
  alice.close();
  bob.close();
  assert.equal((await aorta.stop()).code, 0);
});

test('examples/openser.cfg: two phones register, one calls the other, and a third is not there', async () => {
  const aorta = new AortaProcess(['start', 'examples/openser.cfg', ...anyPorts, ...alone]);
  const port = portIn(await aorta.ready(), 'udp');
  const [alice, bob] = [await Phone.open('alice', port, 'example.org'), await Phone.open('bob', port, 'example.org')];
  assert.equal((await alice.register()).status, 200);
  assert.equal((await bob.register()).status, 200);
  const invite = alice.make('INVITE', { uri: 'sip:bob@example.org' });
  alice.peer.send(invite.toBuffer());
  const received = await bob.peer.request('INVITE');
  assert.match(received.header('record-route') ?? '', /lr/);
  bob.answer(received, 200, 'OK');
  assert.equal((await alice.peer.finalFor(invite)).status, 200);
  assert.equal((await alice.ask('MESSAGE', 'sip:carol@example.org')).status, 480);
  assert.equal((await alice.ask('MESSAGE', 'sip:carol@example.net')).status, 403);
  alice.close();
  bob.close();
  assert.equal((await aorta.stop()).code, 0);
});

test('examples/routes.config.ts: a call that is refused goes to voicemail', async () => {
  const aorta = new AortaProcess(['start', 'examples/routes.config.ts', ...anyPorts, ...alone]);
  const port = portIn(await aorta.ready(), 'udp');
  const [alice, bob, voicemail] = await Promise.all(
    ['alice', 'bob', 'voicemail'].map((user) => Phone.open(user, port)),
  );
  assert.ok(alice && bob && voicemail);
  await bob.register();
  await voicemail.register();
  const invite = alice.make('INVITE', { uri: 'sip:bob@example.com' });
  alice.peer.send(invite.toBuffer());
  bob.answer(await bob.peer.request('INVITE'), 486, 'Busy Here');
  voicemail.answer(await voicemail.peer.request('INVITE'), 200, 'OK');
  assert.equal((await alice.peer.finalFor(invite)).status, 200);
  for (const phone of [alice, bob, voicemail]) phone.close();
  await aorta.stop();
});

test('examples/embedding.ts: a registrar inside another program answers and tells its events', async () => {
  const { stdout } = await run(process.execPath, ['--conditions=aorta-source', 'examples/embedding.ts']);
  assert.match(stdout, /listening on udp:127\.0\.0\.1:\d+ tcp:127\.0\.0\.1:\d+/);
  assert.match(stdout, /insert alice sip:alice@127\.0\.0\.1:5062/);
  assert.match(stdout, /reply 200 <sip:alice@127\.0\.0\.1:5062>;q=0;expires=60/);
});

test('every example is run here', () => {
  assert.deepEqual(globSync('examples/*').sort(), [
    'examples/embedding.ts',
    'examples/minimal.config.ts',
    'examples/openser.cfg',
    'examples/routes.config.ts',
  ]);
});
