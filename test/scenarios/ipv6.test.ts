// Two address families on one server: each side sees addresses that it can reach.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AortaServer, createServer } from '../../src/server/server.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import type { SipRequest } from '../../src/sip/message.ts';
import { UdpPeer } from '../support/udp-peer.ts';

const ports = { udp4: 0, udp6: 0 };

function make(
  peer: UdpPeer,
  method: string,
  uri: string,
  headers: readonly string[],
  to = '<sip:bob@example.com>',
): string {
  const host = peer.host.includes(':') ? `[${peer.host}]` : peer.host;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${peer.port};branch=z9hG4bK-${method}-${headers.length}-${peer.port}`,
    'Max-Forwards: 70',
    ...(headers.some((line) => line.startsWith('From')) ? [] : ['From: <sip:alice@example.com>;tag=alice']),
    `To: ${to}`,
    'Call-ID: six',
    `CSeq: 1 ${method}`,
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

describe('IPv4 and IPv6', () => {
  let server: AortaServer;
  let alice: UdpPeer;
  let bob: UdpPeer;
  let invite: SipRequest;
  let routes: readonly string[] = [];

  before(async () => {
    server = createServer({ listen: ['udp:[::1]:0', 'udp:127.0.0.1:0'], domains: ['example.com'] });
    await server.start();
    for (const { address, port } of server.listeners) ports[address.includes(':') ? 'udp6' : 'udp4'] = port;
    alice = await UdpPeer.open(ports.udp4);
    bob = await UdpPeer.open(ports.udp6, '::1');
  });

  after(async () => {
    alice.close();
    bob.close();
    await server.stop();
  });

  test('RFC 5118 §4.5: a contact with an IPv6 address is registered and given back as it was written', async () => {
    bob.send(make(bob, 'REGISTER', 'sip:[::1]', [`Contact: <sip:bob@[::1]:${bob.port}>`]));
    const reply = await bob.response();
    assert.equal(reply.status, 200);
    assert.equal(reply.header('contact'), `<sip:bob@[::1]:${bob.port}>;q=0;expires=3600`);
  });

  test('§16.12.1.3: a call between the families has two Record-Routes, and our Via is one that the other side reaches', async () => {
    alice.send(make(alice, 'INVITE', 'sip:bob@example.com', [`Contact: <sip:alice@127.0.0.1:${alice.port}>`]));
    invite = await bob.request('INVITE');
    assert.match(invite.values('via')[0] ?? '', new RegExp(`^SIP/2.0/UDP \\[::1\\]:${ports.udp6};`));
    routes = invite.values('record-route');
    assert.match(routes[0] ?? '', new RegExp(`^<sip:\\[::1\\]:${ports.udp6};r2=on;`));
    assert.match(routes[1] ?? '', new RegExp(`^<sip:127\\.0\\.0\\.1:${ports.udp4};r2=on;`));
    bob.send(
      createResponse(invite, 200, 'OK', {
        toTag: 'bob',
        headers: [['Contact', `<sip:bob@[::1]:${bob.port}>`]],
      }).toBuffer(),
    );
    const ok = await alice.response(({ status }) => status === 200);
    assert.equal(ok.values('via').length, 1);
    assert.deepEqual(ok.values('record-route'), routes);
  });

  test('§16.4, §12.2: requests of the dialog find their way in both directions', async () => {
    const back = routes.toReversed().join(', ');
    alice.send(make(alice, 'ACK', `sip:bob@[::1]:${bob.port}`, [`Route: ${back}`], '<sip:bob@example.com>;tag=bob'));
    assert.equal((await bob.request('ACK')).has('route'), false);
    const lines = ['From: <sip:bob@example.com>;tag=bob', `Route: ${routes.join(', ')}`];
    bob.send(make(bob, 'BYE', `sip:alice@127.0.0.1:${alice.port}`, lines, '<sip:alice@example.com>;tag=alice'));
    const bye = await alice.request('BYE');
    assert.match(bye.values('via')[0] ?? '', new RegExp(`^SIP/2.0/UDP 127\\.0\\.0\\.1:${ports.udp4};`));
    alice.send(createResponse(bye, 200, 'OK').toBuffer());
    assert.equal((await bob.response(({ status }) => status === 200)).header('cseq'), '1 BYE');
  });
});
