import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { answer, ring } from './call.ts';
import { contactsOf } from './cfg-server.ts';
import type { Scenario } from './scenario.ts';

const privateContact = (user: string): string => `sip:${user}@10.1.2.3:5070`;

/** What `nathelper.cfg` does. */
export const nathelper: readonly Scenario[] = [
  {
    title: 'cfg-modules §13 fix_nated_register, force_rport: the binding has the source, and the 200 goes there',
    async run(running) {
      const inside = await running.phone('inside');
      const reply = await inside.register([`<${privateContact('inside')}>`]);
      const source = `;received="sip:127.0.0.1:${inside.peer.port}"`;
      assert.ok(contactsOf(reply).get(privateContact('inside'))?.endsWith(source));
      assert.match(reply.header('via') ?? '', new RegExp(`;rport=${inside.peer.port}`));
      const outside = await running.phone('outside');
      assert.doesNotMatch(contactsOf(await outside.register()).get(outside.contact) ?? '', /received/);
    },
  },
  {
    title: 'cfg-modules §3 nat_flag: a call to a phone behind a NAT goes to its source, marked; its answer is repaired',
    async run(running) {
      const alice = await running.phone('alice');
      const inside = await running.registered('called', () => `<${privateContact('called')}>`);
      const ringing = await ring(alice, 'sip:called@example.com', [inside]);
      const [invite] = ringing.received;
      assert.equal(invite?.uriText, privateContact('called'));
      assert.equal(invite?.header('p-nated'), 'yes');
      inside.answer(invite ?? assert.fail(), 200, 'OK', [['Contact', `<${privateContact('called')}>`]]);
      const ok = await alice.peer.finalFor(ringing.invite);
      assert.equal(ok.header('contact'), `<${inside.contact}>`);
    },
  },
  {
    title: 'cfg-modules §13 fix_nated_contact: a caller behind a NAT is reached within the dialog',
    async run(running) {
      const caller = await running.phone('caller');
      const bob = await running.registered('bob');
      const ringing = await ring(caller, 'sip:bob@example.com', [bob], {
        headers: [['X-Behind', 'NAT']],
        via: ';x=1',
      });
      assert.equal(ringing.received[0]?.header('p-nated'), undefined);
      await (await answer(ringing, bob)).bye('callee');

      const hidden = caller.make('MESSAGE', {
        uri: 'sip:bob@example.com',
        headers: [['Contact', `<${privateContact('caller')};ob>`]],
      });
      caller.peer.send(hidden.toBuffer());
      const received = await bob.peer.request('MESSAGE');
      assert.equal(received.header('contact'), `<sip:caller@127.0.0.1:${caller.peer.port};ob>`);
      assert.equal(received.header('p-nated'), 'yes');
      bob.answer(received, 200, 'OK');
      assert.equal((await caller.peer.finalFor(hidden)).status, 200);
    },
  },
  {
    title:
      'cfg-modules §13 natping_interval, ping_nated_only: who is behind a NAT gets four zero bytes, others nothing',
    async run(running) {
      const [inside, outside] = await Promise.all([pinged(), pinged()]);
      inside.register(running.udpPort, 'pinged1', '10.1.2.3');
      outside.register(running.udpPort, 'pinged2', '127.0.0.1');
      await Promise.all([inside.next(), outside.next()]);
      for (let ping = 0; ping < 2; ping++) assert.deepEqual(await inside.next(), Buffer.alloc(4));
      assert.deepEqual(outside.unread, []);
      inside.close();
      outside.close();
    },
  },
];

/** A socket that takes every datagram. */
async function pinged() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const unread: Buffer[] = [];
  let wake = (): void => {};
  socket.on('message', (bytes) => {
    unread.push(bytes);
    wake();
  });
  const { port } = socket.address();
  return {
    unread,
    close: () => socket.close(),
    register(to: number, user: string, host: string): void {
      const lines = [
        'REGISTER sip:example.com SIP/2.0',
        `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${user}`,
        `From: <sip:${user}@example.com>;tag=1`,
        `To: <sip:${user}@example.com>`,
        `Call-ID: ${user}`,
        'CSeq: 1 REGISTER',
        `Contact: <sip:${user}@${host}:${port}>`,
        'Content-Length: 0\r\n\r\n',
      ];
      socket.send(lines.join('\r\n'), to, '127.0.0.1');
    },
    async next(): Promise<Buffer | undefined> {
      if (unread.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return unread.shift();
    },
  };
}
