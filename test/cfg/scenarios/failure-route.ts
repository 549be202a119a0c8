import assert from 'node:assert/strict';
import { answer, cancel, ring, terminate } from './call.ts';
import type { Scenario } from './scenario.ts';

/** What `failure-route.cfg` does. */
export const failureRoute: readonly Scenario[] = [
  {
    title: 'cfg-language §6 failure_route: who is busy is answered for by voicemail',
    async run(running) {
      const alice = await running.phone('alice');
      const busy = await running.registered('busy');
      const voicemail = await running.registered('voicemail');
      const ringing = await ring(alice, 'sip:busy@example.com', [busy]);
      assert.equal(ringing.received[0]?.header('p-branch'), 'yes');
      busy.answer(ringing.received[0] ?? assert.fail(), 486, 'Busy Here');
      await busy.peer.request('ACK');
      const atVoicemail = await voicemail.peer.request('INVITE');
      assert.equal(atVoicemail.uriText, voicemail.contact);
      assert.equal(atVoicemail.header('p-reason'), 'busy or no answer');
      const dialog = await answer({ ...ringing, received: [atVoicemail] }, voicemail);
      assert.equal(dialog.ok.header('p-answered'), '200');
      await dialog.bye('caller');
      await voicemail.register(['*'], { headers: [['Expires', '0']] });
    },
  },
  {
    title: 'cfg-language §14 trap 11: t_on_failure is armed again for the voicemail, whose refusal ends it',
    async run(running) {
      const alice = await running.phone('alice');
      const busy = await running.registered('busy2');
      const voicemail = await running.registered('voicemail');
      const { invite, received } = await ring(alice, 'sip:busy2@example.com', [busy]);
      busy.answer(received[0] ?? assert.fail(), 486, 'Busy Here');
      voicemail.answer(await voicemail.peer.request('INVITE'), 503, 'Full');
      const final = await alice.peer.finalFor(invite);
      assert.equal(`${final.status} ${final.reason}`, '600 No Voicemail Either');
      assert.equal(running.logged(/^info: voicemail refused at sip:voicemail@127/).length, 1);
      await voicemail.register(['*'], { headers: [['Expires', '0']] });
    },
  },
  {
    title: 'cfg-modules §2 t_check_status: other refusals go to the caller as they are, 603 as the script has it',
    async run(running) {
      const alice = await running.phone('alice');
      const callee = await running.registered('refuser');
      for (const [status, expected] of [
        [404, '404 Whatever'],
        [603, '480 Does Not Want To'],
      ] as const) {
        const { invite, received } = await ring(alice, 'sip:refuser@example.com', [callee]);
        callee.answer(received[0] ?? assert.fail(), status);
        const final = await alice.peer.finalFor(invite);
        assert.equal(`${final.status} ${final.reason}`, expected);
      }
    },
  },
  {
    title: 'cfg-modules §2 t_was_cancelled: a call that was given up is not sent to voicemail',
    async run(running) {
      const alice = await running.phone('alice');
      const callee = await running.registered('late');
      const voicemail = await running.registered('voicemail');
      const ringing = await ring(alice, 'sip:late@example.com', [callee]);
      callee.answer(ringing.received[0] ?? assert.fail(), 180, 'Ringing');
      await alice.peer.response(({ status }) => status === 180);
      assert.equal((await cancel(ringing, [callee])).status, 487);
      assert.deepEqual(voicemail.peer.unread, []);
      await voicemail.register(['*'], { headers: [['Expires', '0']] });
    },
  },
  {
    title: 'cfg-language §6 branch_route: a branch that is dropped is not called, the others are',
    async run(running) {
      const alice = await running.phone('alice');
      const callee = await running.phone('two');
      await callee.register(['<sip:two@127.0.0.1:9>', `<${callee.contact}>`]);
      const { invite, received } = await ring(alice, 'sip:two@example.com', [callee]);
      callee.answer(received[0] ?? assert.fail(), 410, 'Gone');
      // With a second branch there would be no final answer yet.
      assert.equal((await alice.peer.finalFor(invite)).status, 410);
    },
  },
  {
    title: 'cfg-language §6 onreply_route: a provisional answer that is dropped goes nowhere, a final one is changed',
    async run(running) {
      const alice = await running.phone('alice');
      const callee = await running.registered('early');
      const ringing = await ring(alice, 'sip:early@example.com', [callee]);
      callee.answer(ringing.received[0] ?? assert.fail(), 183, 'Session Progress');
      const dialog = await answer(ringing, callee);
      assert.equal(dialog.ok.header('p-answered'), '200');
      assert.deepEqual(
        alice.peer.unread.filter((message) => 'status' in message && message.status === 183),
        [],
      );
      await dialog.bye('callee');
    },
  },
  {
    title: 'cfg-language §7.1: a route that finds nobody returns to its caller, which answers 480',
    async run(running) {
      const alice = await running.phone('alice');
      assert.equal((await alice.ask('INVITE', 'sip:friend-of-nobody@example.com')).status, 480);
      const voicemail = await running.registered('voicemail');
      const ringing = await ring(alice, 'sip:friend1@example.com', [voicemail]);
      await (await answer(ringing, voicemail)).bye('caller');
      await voicemail.register(['*'], { headers: [['Expires', '0']] });
    },
  },
];

/** What it does when `fr_inv_timer` is short. */
export const noAnswer: Scenario = {
  title: 'cfg-modules §2 fr_inv_timer: who does not answer is cancelled, and voicemail answers',
  async run(running) {
    const alice = await running.phone('alice');
    const away = await running.registered('away');
    const voicemail = await running.registered('voicemail');
    const ringing = await ring(alice, 'sip:away@example.com', [away]);
    away.answer(ringing.received[0] ?? assert.fail(), 180, 'Ringing');
    await alice.peer.response(({ status }) => status === 180);
    await terminate(away, ringing.received[0]);
    const atVoicemail = await voicemail.peer.request('INVITE');
    await (await answer({ ...ringing, received: [atVoicemail] }, voicemail)).bye('caller');
    await voicemail.register(['*'], { headers: [['Expires', '0']] });
  },
};
