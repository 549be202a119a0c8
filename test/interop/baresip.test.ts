import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Phone, type PhoneOptions } from './baresip.ts';
import { skipWithout } from './peers.ts';
import { contactsOf, waitForContacts } from './register.ts';
import { type Server, startServer } from './start-server.ts';
import { waitUntil } from './wait-until.ts';

const skip = skipWithout('baresip');

for (const [callerTransport, calleeTransport] of [
  ['udp', 'udp'],
  ['tcp', 'tcp'],
  ['udp', 'tcp'],
] as const) {
  describe(`baresip over ${callerTransport} calls baresip over ${calleeTransport}`, { skip }, () => {
    let server: Server;
    const phones: Phone[] = [];
    let run = 0;

    /** Every test has users of its own, so that a phone which ended without a word leaves nothing behind for others. */
    async function start(name: string, options: Pick<PhoneOptions, 'transport' | 'registerInterval'>): Promise<Phone> {
      const phone = await Phone.start({ server, user: `${name}${run}`, ...options });
      phones.push(phone);
      return phone;
    }

    async function pair(): Promise<readonly [Phone, Phone]> {
      return Promise.all([
        start('alice', { transport: callerTransport }),
        start('bob', { transport: calleeTransport }),
      ]);
    }

    before(async () => {
      // baresip's shortest interval is below the manual's min_expires of 60 s.
      server = await startServer('--set', 'registrar.min_expires=1');
    });
    beforeEach(() => {
      run += 1;
    });
    afterEach(async () => {
      await Promise.all(phones.splice(0).map((phone) => phone.kill()));
    });
    after(async () => {
      await server?.stop();
    });

    test('RFC 3261 §10.2: REGISTER is answered 200 and quitting removes the contact', async () => {
      const [alice, bob] = await pair();
      for (const { user } of [alice, bob]) assert.equal((await contactsOf(server, user)).length, 1, user);
      await alice.quit();
      await waitForContacts(server, alice.user, 0);
      assert.equal((await contactsOf(server, bob.user)).length, 1);
      await bob.quit();
      await waitForContacts(server, bob.user, 0);
    });

    test('RFC 3261 §10.2.4: a refresh keeps the one contact', async () => {
      const alice = await start('alice', { transport: callerTransport, registerInterval: 2 });
      await waitUntil('three registrations', () => alice.registrations >= 3 || undefined);
      assert.equal((await contactsOf(server, alice.user)).length, 1);
      await alice.quit();
      await waitForContacts(server, alice.user, 0);
    });

    test('RFC 3261 §16: a call is answered and the callee hangs up', async () => {
      const [alice, bob] = await pair();
      await talk(alice, bob);
      bob.hangUp();
      await Promise.all([alice.event('CALL_CLOSED'), bob.event('CALL_CLOSED')]);
    });

    test('RFC 3261 §16: a call is answered and the caller hangs up', async () => {
      const [alice, bob] = await pair();
      await talk(alice, bob);
      alice.hangUp();
      await Promise.all([alice.event('CALL_CLOSED'), bob.event('CALL_CLOSED')]);
    });

    test('RFC 3261 §9.1: the caller cancels before the answer', async () => {
      const [alice, bob] = await pair();
      await ring(alice, bob);
      alice.hangUp();
      await Promise.all([alice.event('CALL_CLOSED'), bob.event('CALL_CLOSED')]);
      assert.ok(!bob.events.some(({ type }) => type === 'CALL_ESTABLISHED'));
      // Both are free again: the next call goes through.
      await talk(alice, bob);
    });

    test('RFC 3261 §16.7: the refusal of the callee reaches the caller', async () => {
      const [alice, bob] = await pair();
      await ring(alice, bob);
      bob.hangUp();
      const closed = await alice.event('CALL_CLOSED');
      assert.match(closed.param ?? '', /^486 /);
    });

    test('RFC 3261 §16.5: a call to nobody is refused with 480', async () => {
      const alice = await start('alice', { transport: callerTransport });
      alice.dial(`sip:nobody@${server.domain}`);
      const closed = await alice.event('CALL_CLOSED');
      assert.match(closed.param ?? '', /^480 /);
    });
  });
}

async function ring(caller: Phone, callee: Phone): Promise<void> {
  caller.dial(callee.aor);
  const [incoming] = await Promise.all([callee.event('CALL_INCOMING'), caller.event('CALL_RINGING')]);
  assert.equal(incoming.peeruri, caller.aor);
}

async function talk(caller: Phone, callee: Phone): Promise<void> {
  await ring(caller, callee);
  callee.accept();
  await Promise.all([caller.event('CALL_ESTABLISHED'), callee.event('CALL_ESTABLISHED')]);
  // Sound from the other side has arrived at each: the session descriptions went through whole.
  await Promise.all([caller.event('CALL_RTPESTAB'), callee.event('CALL_RTPESTAB')]);
}
