import assert from 'node:assert/strict';
import { answer, cancel, ring } from './call.ts';
import { contactsOf } from './cfg-server.ts';
import type { Scenario } from './scenario.ts';

/** What `kamailio-nat.cfg` does. */
export const kamailioNat: readonly Scenario[] = [
  {
    title: 'issue 4, dialects: variables, while, transformations, switch with fall-through, user settings',
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await alice.ask('INFO', 'sip:bob@example.com');
      assert.equal(bob.reason, 'Variables of INFO');
      assert.equal(bob.header('x-values'), '12 two one 5 lab');
      assert.equal(bob.header('x-parts'), 'BOB example.com 19');
      assert.deepEqual(bob.values('x-case'), ['bob', 'default']);
      assert.equal(bob.header('x-match'), 'yes');
      const number = await alice.ask('INFO', 'sip:4711@example.com');
      assert.deepEqual(number.values('x-case'), ['number']);
      assert.equal(number.header('x-match'), undefined);
    },
  },
  {
    title: 'cfg-modules §13: who is behind a NAT is called at its source, and its answer gets an alias',
    async run(running) {
      const alice = await running.phone('alice');
      const hidden = 'sip:bob@10.0.0.7:5071;x=y';
      const bob = await running.registered('bob', () => `<${hidden}>`);
      const { invite, received } = await ring(alice, 'sip:bob@example.com', [bob]);
      const [atBob] = received;
      assert.equal(atBob?.uriText, hidden);
      assert.equal(atBob?.header('x-branch'), `0 ${hidden}`);
      assert.match(atBob?.header('record-route') ?? '', /;nat=yes/);
      bob.answer(atBob ?? assert.fail(), 183, 'Session Progress');
      bob.answer(atBob ?? assert.fail(), 200, 'OK', [['Contact', '<sip:bob@10.0.0.7:5071>']]);
      const ok = await alice.peer.finalFor(invite);
      const aliased = `sip:bob@10.0.0.7:5071;alias=127.0.0.1~${bob.peer.port}~1`;
      assert.equal(ok.header('contact'), `<${aliased}>`);
      assert.equal(ok.header('x-reply'), '200 OK');
      assert.equal(running.logged(/^info: a 183 is dropped/).length, 1);
      assert.deepEqual(
        alice.peer.unread.filter((message) => 'status' in message && message.status === 183),
        [],
      );

      const bye = alice.make('BYE', {
        uri: aliased,
        to: ok.header('to') ?? '',
        callId: invite.header('call-id') ?? '',
        headers: [['Route', ok.values('record-route').toReversed().join(', ')]],
      });
      alice.peer.send(bye.toBuffer());
      const atEnd = await bob.peer.request('BYE');
      assert.equal(atEnd.uriText, 'sip:bob@10.0.0.7:5071');
      bob.answer(atEnd, 200, 'OK');
      assert.equal((await alice.peer.finalFor(bye)).status, 200);
    },
  },
  {
    title: 'cfg-language §1, Kamailio: a new Request-URI in a failure_route is called; a refusal is answered by script',
    async run(running) {
      const alice = await running.phone('alice');
      const carol = await running.registered('carol');
      const voicemail = await running.registered('voicemail');
      const busy = await ring(alice, 'sip:carol@example.com', [carol]);
      carol.answer(busy.received[0] ?? assert.fail(), 486, 'Busy Here');
      const atVoicemail = await voicemail.peer.request('INVITE');
      await (await answer({ ...busy, received: [atVoicemail] }, voicemail)).bye('callee');
      const declined = await ring(alice, 'sip:carol@example.com', [carol]);
      carol.answer(declined.received[0] ?? assert.fail(), 603, 'Decline');
      assert.equal((await alice.peer.finalFor(declined.invite)).reason, 'was 603');
    },
  },
  {
    title: 'cfg-modules §3: lookup is -2 for a method that no contact takes, -1 for nobody; CANCEL is relayed',
    async run(running) {
      const alice = await running.phone('alice');
      const dora = await running.registered('dora', (phone) => `<${phone.contact}>;methods="INVITE, ACK, CANCEL"`);
      assert.equal((await alice.ask('MESSAGE', 'sip:dora@example.com')).status, 405);
      assert.equal((await alice.ask('MESSAGE', 'sip:nobody@example.com')).status, 404);
      const ringing = await ring(alice, 'sip:dora@example.com', [dora]);
      dora.answer(ringing.received[0] ?? assert.fail(), 180, 'Ringing');
      await alice.peer.response(({ status }) => status === 180);
      assert.equal((await cancel(ringing, [dora])).status, 487);
    },
  },
  {
    title: 'cfg-modules §20: keepalive, 484, 404 within a dialog that is not there, registrations',
    async run(running) {
      const alice = await running.phone('alice');
      assert.equal((await alice.ask('OPTIONS', 'sip:example.com')).reason, 'Keepalive');
      assert.equal((await alice.ask('MESSAGE', 'sip:example.com')).status, 484);
      const made = { to: '<sip:bob@example.com>;tag=made-up' };
      assert.equal((await alice.ask('BYE', 'sip:bob@example.com', made)).status, 404);
      const reply = await alice.register([`<${alice.contact}>;expires=7200`]);
      assert.match(contactsOf(reply).get(alice.contact) ?? '', /;expires=3600$/);
    },
  },
];
