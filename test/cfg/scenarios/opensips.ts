import assert from 'node:assert/strict';
import { answer, cancel, ring } from './call.ts';
import type { Scenario } from './scenario.ts';

/** What `opensips.cfg` does. */
export const opensips: readonly Scenario[] = [
  {
    title:
      "issue 4, dialects: OpenSIPS' arguments without quotes, assignments, branch and reply routes; a call and its end",
    async run(running) {
      const alice = await running.phone('alice');
      const bob = await running.registered('bob');
      const ringing = await ring(alice, 'sip:bob@example.com', [bob]);
      const [invite] = ringing.received;
      assert.equal(invite?.header('x-count'), '42 3');
      assert.equal(invite?.header('x-branch'), bob.contact);
      // append_fromtag is off.
      assert.match(invite?.header('record-route') ?? '', /^<sip:127\.0\.0\.1:\d+;lr>$/);
      const dialog = await answer(ringing, bob);
      assert.equal(dialog.ok.header('x-reply'), '200');
      await dialog.bye('callee');
    },
  },
  {
    title: 'cfg-modules §3, §2: lookup by $retcode, t_reply in a failure route, CANCEL',
    async run(running) {
      const alice = await running.phone('alice');
      const dora = await running.registered('dora', (phone) => `<${phone.contact}>;methods="INVITE, CANCEL"`);
      assert.equal((await alice.ask('MESSAGE', 'sip:dora@example.com')).status, 405);
      assert.equal((await alice.ask('MESSAGE', 'sip:nobody@example.com')).status, 404);
      const declined = await ring(alice, 'sip:dora@example.com', [dora]);
      dora.answer(declined.received[0] ?? assert.fail(), 603, 'Decline');
      assert.equal((await alice.peer.finalFor(declined.invite)).reason, 'Rather Busy');
      const ringing = await ring(alice, 'sip:dora@example.com', [dora]);
      dora.answer(ringing.received[0] ?? assert.fail(), 180, 'Ringing');
      await alice.peer.response(({ status }) => status === 180);
      assert.equal((await cancel(ringing, [dora])).status, 487);
    },
  },
  {
    title: 'cfg-modules §3 max_contacts; strangers are refused, and routes that they preload',
    async run(running) {
      const alice = await running.phone('alice');
      const three = ['<sip:1@10.0.0.1>', '<sip:2@10.0.0.1>', '<sip:3@10.0.0.1>'];
      assert.equal((await alice.register(three)).status, 503);
      const mallory = await running.phone('mallory', { domain: 'elsewhere.test' });
      assert.equal((await mallory.ask('INVITE', 'sip:x@third.test')).reason, 'Relay Forbidden');
      const route: [string, string] = ['Route', `<sip:127.0.0.1:${running.udpPort};lr>, <sip:10.0.0.9;lr>`];
      const preloaded = await mallory.ask('INVITE', 'sip:x@example.com', { headers: [route] });
      assert.equal(preloaded.reason, 'Preload Route denied');
    },
  },
];
