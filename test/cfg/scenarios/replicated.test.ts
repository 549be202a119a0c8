// Two servers that run the same file with their inner addresses exchanged: what one is told, the other knows.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { asAor } from '../../../src/location/aor.ts';
import type { Binding } from '../../../src/location/binding.ts';
import type { Phone } from '../../support/phone.ts';
import { CfgServer, contactsOf } from './cfg-server.ts';
import { fileText } from './scenario.ts';

// Addresses that no other process of the tests has.
const ofProcess = `${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`;
const firstAddress = `127.80.${ofProcess}`;
const secondAddress = `127.90.${ofProcess}`;
const innerPort = 15060;

function start(own: string, twin: string, ...more: readonly string[]): Promise<CfgServer> {
  const text = fileText('replicated.cfg').replaceAll('192.0.2.11', own).replaceAll('192.0.2.12', twin);
  const listen = ['udp:127.0.0.1:0', `udp:${own}:${innerPort}`, ...more];
  return CfgServer.start(text, { name: 'replicated.cfg', listen });
}

/** What a server stores for a user, once it is that many. */
async function stored({ server }: CfgServer, user: string, count: number): Promise<readonly Binding[]> {
  for (;;) {
    const bindings = await server.location.table('location').get(asAor(user), Date.now());
    if (bindings.length === count) return bindings;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Sends a MESSAGE to the user of a phone, and tells the socket that it came from, by its Via. */
async function deliver(caller: Phone, callee: Phone): Promise<string | undefined> {
  const message = caller.make('MESSAGE', { uri: `sip:${callee.user}@example.com` });
  caller.peer.send(message.toBuffer());
  const received = await callee.peer.request('MESSAGE');
  return /^SIP\/2\.0\/UDP ([0-9.:]+);/.exec(received.values('via')[0] ?? '')?.[1];
}

describe('replicated.cfg', () => {
  let one: CfgServer;
  let two: CfgServer;

  before(async () => {
    one = await start(firstAddress, secondAddress);
    two = await start(secondAddress, firstAddress, 'udp:127.0.0.1:0');
  });
  after(async () => {
    await one?.stop();
    await two?.stop();
  });

  test('manual 1.4.3, 1.4.6, cfg-modules §2 t_replicate: the other server learns a binding and its removal', async () => {
    const alice = await one.phone('alice');
    assert.match(contactsOf(await alice.register()).get(alice.contact) ?? '', /;expires=3600$/);
    const [learnt] = await stored(two, 'alice', 1);
    assert.equal(learnt?.contact, alice.contact);
    assert.equal(contactsOf(await alice.register([`<${alice.contact}>;expires=0`])).size, 0);
    assert.deepEqual(await stored(two, 'alice', 0), []);
    // What the copies were answered with came to nobody.
    assert.deepEqual(alice.peer.unread, []);
  });

  test('cfg-modules §3: a REGISTER that is refused is not replicated', async () => {
    const bad = await one.phone('bad');
    assert.equal((await bad.register(['*'], { headers: [['Expires', '7']] })).status, 400);
    const good = await one.registered('good');
    await stored(two, 'good', 1);
    assert.deepEqual(await stored(two, 'bad', 0), []);
    assert.deepEqual(good.peer.unread, []);
  });

  test('manual 1.4.4: a phone that registered with the one server is called through the other', async () => {
    const bob = await one.registered('bob');
    await stored(two, 'bob', 1);
    const socket = await deliver(await two.phone('caller'), bob);
    assert.equal(socket, `${secondAddress}:${innerPort}`);
  });

  test('decision 3: a header that names a socket of the first server alone: the receiving one, and one warning', async () => {
    for (const user of ['carol', 'dave']) {
      await one.registered(user);
      const [binding] = await stored(two, user, 1);
      assert.equal(binding?.socket, `udp:${secondAddress}:${innerPort}`);
    }
    assert.equal(two.logged(/^warn: Sock-Info names no socket of this server/).length, 1);
  });

  test('manual 1.3.16, 1.3.17: the copy names a socket of the second server: it is stored, and calls leave by it', async () => {
    const erin = await two.phone('erin');
    const socket = two.server.listeners[2]?.port ?? 0;
    const headers: [string, string][] = [
      ['Contact', `<${erin.contact}>`],
      ['Sock-Info', `127.0.0.1:${socket}`],
    ];
    // As the first server would send it if the second had taken over the address of its phones.
    const copy = createSocket('udp4');
    copy.bind(0, firstAddress);
    await once(copy, 'listening');
    copy.send(erin.make('REGISTER', { headers }).toBuffer(), innerPort, secondAddress);
    const [binding] = await stored(two, 'erin', 1);
    copy.close();
    assert.equal(binding?.socket, `udp:127.0.0.1:${socket}`);
    assert.equal(await deliver(await two.phone('caller'), erin), `127.0.0.1:${socket}`);
  });

  test('manual 1.3.16: a phone that writes the header itself is not believed', async () => {
    const forger = await two.phone('forger');
    const socket = two.server.listeners[2]?.port ?? 0;
    await forger.register(undefined, { headers: [['Sock-Info', `127.0.0.1:${socket}`]] });
    assert.equal((await stored(two, 'forger', 1))[0]?.socket, `udp:127.0.0.1:${two.udpPort}`);
    assert.equal((await stored(one, 'forger', 1))[0]?.contact, forger.contact);
  });
});
