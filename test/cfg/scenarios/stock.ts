import assert from 'node:assert/strict';
import { answer, cancel, ring, terminate } from './call.ts';
import { contactsOf } from './cfg-server.ts';
import type { Scenario } from './scenario.ts';

/** What `stock.cfg` does. */
export const stock: readonly Scenario[] = [
  {
    title: 'cfg-modules §3 save: register, refresh, query, remove one, remove all',
    async run(running) {
      const reg = await running.phone('reg');
      const [a, b] = ['sip:a@10.0.0.1', 'sip:b@10.0.0.2'];
      assert.match(contactsOf(await reg.register([`<${a}>;expires=600`])).get(a) ?? '', /;expires=600$/);
      assert.match(contactsOf(await reg.register([`<${a}>;expires=900`])).get(a) ?? '', /;expires=900$/);
      assert.match(contactsOf(await reg.register([`<${b}>;expires=99999`])).get(b) ?? '', /;expires=7200$/);
      assert.deepEqual([...contactsOf(await reg.register([])).keys()], [a, b]);
      assert.deepEqual([...contactsOf(await reg.register([`<${a}>;expires=0`])).keys()], [b]);
      assert.equal(contactsOf(await reg.register(['*'], { headers: [['Expires', '0']] })).size, 0);
    },
  },
  {
    title: 'cfg-modules §3 save: a malformed REGISTER is 400, and the script ends there',
    async run(running) {
      const reg = await running.phone('bad');
      assert.equal((await reg.register(['*'], { headers: [['Expires', '5']] })).status, 400);
      assert.deepEqual(reg.peer.unread, []);
    },
  },
  {
    title: 'cfg-modules §2, §6: a call by lookup, with Record-Route, ACK and BYE by either side in the dialog',
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await running.registered('bob');
      for (const who of ['caller', 'callee'] as const) {
        const ringing = await ring(alice, 'sip:bob@example.com', [bob]);
        const [invite] = ringing.received;
        assert.equal(invite?.uriText, bob.contact);
        assert.equal(invite?.header('max-forwards'), '69');
        assert.equal(invite?.header('p-hint'), 'found in the location table');
        assert.match(invite?.header('record-route') ?? '', /^<sip:127\.0\.0\.1:\d+;.*lr=on/);
        const dialog = await answer(ringing, bob);
        assert.equal(dialog.ack.uriText, bob.contact);
        assert.equal(dialog.ack.header('route'), undefined);
        const bye = await dialog.bye(who);
        assert.equal(bye.header('route'), undefined);
        assert.equal(bye.header('p-hint'), undefined);
      }
    },
  },
  {
    title: 'cfg-modules §2: a call rings at all contacts; when one answers the others are cancelled',
    async run(running) {
      const alice = await running.phone('alice');
      const one = await running.registered('forked');
      const two = await running.registered('forked');
      const ringing = await ring(alice, 'sip:forked@example.com', [one, two]);
      two.answer(ringing.received[1] ?? assert.fail(), 180, 'Ringing');
      const answered = answer(ringing, one);
      await terminate(two, ringing.received[1]);
      await (await answered).bye('caller');
    },
  },
  {
    title: 'RFC 3261 §16.7: of two refusals the best goes to the caller',
    async run(running) {
      const alice = await running.phone('alice');
      const one = await running.registered('refusing');
      const two = await running.registered('refusing');
      const { invite, received } = await ring(alice, 'sip:refusing@example.com', [one, two]);
      one.answer(received[0] ?? assert.fail(), 486, 'Busy Here');
      two.answer(received[1] ?? assert.fail(), 503, 'Overloaded');
      assert.equal((await alice.peer.finalFor(invite)).status, 486);
    },
  },
  {
    title: 'cfg-modules §2: CANCEL goes to the phone, the caller gets 487',
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await running.registered('cancelled');
      const ringing = await ring(alice, 'sip:cancelled@example.com', [bob]);
      bob.answer(ringing.received[0] ?? assert.fail(), 180, 'Ringing');
      await alice.peer.response(({ status }) => status === 180);
      assert.equal((await cancel(ringing, [bob])).status, 487);
    },
  },
  {
    title: 'cfg-modules §3 lookup: who is not registered is 404, a number 480, as the script has it',
    async run(running) {
      const alice = await running.phone('alice');
      assert.equal((await alice.ask('INVITE', 'sip:nobody@example.com')).reason, 'No Such User');
      assert.equal((await alice.ask('MESSAGE', 'sip:4711@example.com')).reason, 'Switched Off');
    },
  },
  {
    title: 'cfg-modules §2: a MESSAGE gets to the phone, its answer back',
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await running.registered('reader');
      const message = alice.make('MESSAGE', {
        uri: 'sip:reader@example.com',
        headers: [['Content-Type', 'text/plain']],
        body: 'hello',
      });
      alice.peer.send(message.toBuffer());
      const received = await bob.peer.request('MESSAGE');
      assert.equal(String(received.body), 'hello');
      bob.answer(received, 202, 'Accepted');
      assert.equal((await alice.peer.finalFor(message)).status, 202);
    },
  },
  {
    title: 'cfg-modules §1: OPTIONS to the server is answered by the script, to a user it goes to the phone',
    async run(running) {
      const alice = await running.phone('alice');
      const reply = await alice.ask('OPTIONS', 'sip:example.com');
      assert.equal(reply.reason, 'Here We Are');
      assert.equal(reply.header('accept'), 'application/sdp');
      assert.ok(reply.header('to')?.includes(';tag='));
      const bob = await running.registered('optional');
      const options = alice.make('OPTIONS', { uri: 'sip:optional@example.com' });
      alice.peer.send(options.toBuffer());
      bob.answer(await bob.peer.request('OPTIONS'), 200, 'OK');
      assert.equal((await alice.peer.finalFor(options)).status, 200);
    },
  },
  {
    title: 'cfg-language §7.3 from_uri, to_uri: strangers do not relay, and do not register in other domains',
    async run(running) {
      const mallory = await running.phone('mallory', { domain: 'elsewhere.test' });
      assert.equal((await mallory.ask('INVITE', 'sip:x@third.test')).status, 403);
      const toUs = { uri: 'sip:example.com', to: '<sip:mallory@elsewhere.test>' };
      assert.equal((await mallory.register(undefined, toUs)).reason, 'No Such Domain');
      assert.equal((await mallory.register()).status, 403);
    },
  },
  {
    title: 'cfg-language §7.3: ours may call a foreign address',
    async run(running) {
      const alice = await running.phone('alice');
      const far = await running.phone('far', { domain: 'elsewhere.test' });
      const ringing = await ring(alice, far.contact, [far]);
      assert.equal(ringing.received[0]?.header('p-hint'), undefined);
      await (await answer(ringing, far)).bye('callee');
    },
  },
  {
    title: 'cfg-modules §5: Max-Forwards 0 is 483; 513 is for what is too long',
    async run(running) {
      const alice = await running.phone('alice');
      const request = alice.make('MESSAGE', { uri: 'sip:bob@example.com' });
      request.set('Max-Forwards', '0');
      assert.equal((await alice.peer.ask(request)).status, 483);
      const long = await alice.ask('MESSAGE', 'sip:bob@example.com', { body: 'x'.repeat(9000) });
      assert.equal(long.status, 513);
    },
  },
  {
    title: 'cfg-modules §6: a To tag without a route of ours is 404, and reaches nobody',
    async run(running) {
      const mallory = await running.phone('mallory', { domain: 'elsewhere.test' });
      const bob = await running.registered('sheltered');
      const refused = await mallory.ask('MESSAGE', bob.contact, { to: '<sip:sheltered@example.com>;tag=made-up' });
      assert.equal(refused.status, 404);
      assert.deepEqual(bob.peer.unread, []);
    },
  },
];
