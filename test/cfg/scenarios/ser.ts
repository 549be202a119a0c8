import assert from 'node:assert/strict';
import { answer, ring } from './call.ts';
import type { Scenario } from './scenario.ts';

/** What `ser.cfg` does. */
export const ser: readonly Scenario[] = [
  {
    title: 'cfg-language §1, SER: break leaves the route that it stands in, the caller goes on',
    async run(running) {
      const reply = await (await running.phone('alice')).ask('OPTIONS', 'sip:example.com');
      assert.equal(reply.reason, 'Back From 2');
      assert.deepEqual(reply.values('x-route'), ['2']);
    },
  },
  {
    title: 'cfg-language §8, SER: save_contact, lookup_contact, addRecordRoute, rewriteFromRoute: a call and its end',
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await running.registered('bob');
      const dialog = await answer(await ring(alice, 'sip:bob@example.com', [bob]), bob);
      assert.equal(dialog.ok.values('record-route').length, 1);
      assert.equal((await dialog.bye('callee')).header('route'), undefined);
      assert.equal((await alice.ask('INVITE', 'sip:nobody@example.com')).status, 404);
    },
  },
  {
    title:
      'cfg-language §8, RFC 3261 §16.11: forward(uri:host, uri:port) sends on without a transaction, and the answer comes back',
    async run(running) {
      const alice = await running.phone('alice');
      const reader = await running.registered('reader');
      const message = alice.make('MESSAGE', { uri: 'sip:reader@example.com' });
      alice.peer.send(message.toBuffer());
      const received = await reader.peer.request('MESSAGE');
      assert.equal(received.uriText, reader.contact);
      assert.equal(received.values('via').length, 2);
      reader.answer(received, 202, 'Accepted');
      const reply = await alice.peer.finalFor(message);
      assert.equal(reply.status, 202);
      assert.equal(reply.values('via').length, 1);
    },
  },
  {
    title: 'cfg-language §8, SER: t_on_negative and reply_route are a failure route; len_gt',
    async run(running) {
      const alice = await running.phone('alice');
      const busy = await running.registered('busy');
      const operator = await running.registered('operator');
      const ringing = await ring(alice, 'sip:busy@example.com', [busy]);
      busy.answer(ringing.received[0] ?? assert.fail(), 486, 'Busy Here');
      const atOperator = await operator.peer.request('INVITE');
      await (await answer({ ...ringing, received: [atOperator] }, operator)).bye('caller');
      assert.equal((await alice.ask('INVITE', 'sip:busy@example.com', { body: 'x'.repeat(7000) })).status, 513);
    },
  },
];
