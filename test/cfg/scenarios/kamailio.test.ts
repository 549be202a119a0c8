// Kamailio's own default configuration, as Debian's package installs it, unmodified.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AortaProcess, alone, portIn } from '../../support/aorta-process.ts';
import { Phone } from '../../support/phone.ts';
import { answer, cancel, ring, terminate } from './call.ts';
import { contactsOf } from './cfg-server.ts';
import { skipWithoutKamailio, stockKamailioCfg } from './kamailio-package.ts';

describe("Debian's kamailio.cfg", { skip: skipWithoutKamailio() }, () => {
  let aorta: AortaProcess;
  let port = 0;
  const phones: Phone[] = [];

  before(async () => {
    aorta = new AortaProcess([
      ...['start', stockKamailioCfg, ...alone],
      ...['--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0'],
    ]);
    port = portIn(await aorta.ready(), 'udp');
  });
  after(async () => {
    for (const phone of phones) phone.close();
    await aorta?.stop();
  });

  /** The file has no alias, so its domain is where it listens. */
  async function phoneOf(user: string): Promise<Phone> {
    const phone = await Phone.open(user, port, `127.0.0.1:${port}`);
    phones.push(phone);
    return phone;
  }

  async function registered(user: string): Promise<Phone> {
    const phone = await phoneOf(user);
    const reply = await phone.register();
    assert.match(contactsOf(reply).get(phone.contact) ?? '', /;expires=3600$/);
    return phone;
  }

  const aorOf = (user: string): string => `sip:${user}@127.0.0.1:${port}`;

  test('issue 4: aorta check has no errors', async () => {
    const { code, stdout, stderr } = await new AortaProcess(['check', stockKamailioCfg]).finished;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /kamailio\.cfg: 0 errors, /);
    assert.equal(stderr, '');
  });

  test('issue 4: a phone registers, refreshes, asks, and is called: INVITE by Record-Route, ACK, BYE by either side', async () => {
    const alice = await registered('alice');
    const bob = await registered('bob');
    assert.equal(contactsOf(await bob.register()).size, 1);
    assert.deepEqual([...contactsOf(await bob.register([])).keys()], [bob.contact]);
    for (const who of ['caller', 'callee'] as const) {
      const ringing = await ring(alice, aorOf('bob'), [bob]);
      assert.equal(ringing.received[0]?.uriText, bob.contact);
      assert.match(ringing.received[0]?.header('record-route') ?? '', new RegExp(`^<sip:127\\.0\\.0\\.1:${port};`));
      const dialog = await answer(ringing, bob);
      assert.equal(dialog.ack.uriText, bob.contact);
      assert.equal(dialog.ack.header('route'), undefined);
      assert.equal((await dialog.bye(who)).header('route'), undefined);
    }
  });

  test('issue 4: a call rings at two phones; it is given up, or answered by one', async () => {
    const alice = await registered('alice2');
    const one = await registered('pair');
    const two = await registered('pair');
    const given = await ring(alice, aorOf('pair'), [one, two]);
    one.answer(given.received[0] ?? assert.fail(), 180, 'Ringing');
    two.answer(given.received[1] ?? assert.fail(), 180, 'Ringing');
    await alice.peer.response(({ status }) => status === 180);
    assert.equal((await cancel(given, [one, two])).status, 487);

    const taken = await ring(alice, aorOf('pair'), [one, two]);
    two.answer(taken.received[1] ?? assert.fail(), 180, 'Ringing');
    const answered = answer(taken, one);
    await terminate(two, taken.received[1]);
    await (await answered).bye('caller');
  });

  test('issue 4: OPTIONS is a keepalive, nobody is 404, no user is 484, a dialog that is not ours 404', async () => {
    const alice = await registered('alice3');
    const options = await alice.ask('OPTIONS', `sip:127.0.0.1:${port}`);
    assert.equal(`${options.status} ${options.reason}`, '200 Keepalive');
    assert.equal((await alice.ask('INVITE', aorOf('nobody'))).status, 404);
    assert.equal((await alice.ask('INVITE', `sip:127.0.0.1:${port}`)).status, 484);
    assert.equal((await alice.ask('BYE', aorOf('bob'), { to: `<${aorOf('bob')}>;tag=made-up` })).status, 404);
  });

  test('issue 4: no hop is left: 483; a removed contact is called no more', async () => {
    const bob = await registered('leaving');
    const alice = await registered('alice4');
    const exhausted = alice.make('MESSAGE', { uri: aorOf('leaving') });
    exhausted.set('Max-Forwards', '0');
    assert.equal((await alice.peer.ask(exhausted)).status, 483);
    assert.equal(contactsOf(await bob.register([`<${bob.contact}>;expires=0`])).size, 0);
    assert.equal((await alice.ask('INVITE', aorOf('leaving'))).status, 404);
    assert.deepEqual(bob.peer.unread, []);
  });
});
