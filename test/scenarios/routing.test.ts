// What the registrar leaves to routing: destinations, sockets, failure routes, pings; through real sockets.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Saved } from '../../src/modules/registrar.ts';
import type { Routes } from '../../src/modules/routes.ts';
import { Phone } from '../support/phone.ts';
import { startServer } from '../support/started-server.ts';
import { TcpPeer } from '../support/tcp-peer.ts';

const bobAor = 'sip:bob@example.com';

describe('lookup and where requests go', () => {
  test('vector 138, decision 17: a found contact without received clears a destination URI that was set before', async () => {
    const routes: Routes = {
      async request(ctx, { registrar, tm }) {
        if (ctx.method === 'REGISTER') return registrar.save(ctx);
        ctx.destinationUri = 'sip:127.0.0.1:9';
        await registrar.lookup(ctx);
        return tm.relay(ctx);
      },
    };
    const { server, udpPort } = await startServer({ routes });
    const bob = await Phone.open('bob', udpPort);
    await bob.register();
    const message = bob.make('MESSAGE', { uri: bobAor });
    bob.peer.send(message.toBuffer());
    bob.answer(await bob.peer.request('MESSAGE'), 200, 'OK');
    assert.equal((await bob.peer.finalFor(message)).status, 200);
    bob.close();
    await server.stop();
  });

  test('§16.6 step 2, §19.1.1: headers and method of a contact do not get into a Request-URI', async () => {
    const { server, tcpPort, udpPort } = await startServer();
    const alice = await Phone.open('alice', udpPort);
    const bob = await TcpPeer.open(tcpPort);
    const contact = 'sip:bob@127.0.0.1:9;transport=tcp;method=INVITE?Route=%3Csip:elsewhere.test%3E&Subject=x';
    const register = alice.make('REGISTER', { to: `<${bobAor}>`, headers: [['Contact', `<${contact}>`]] });
    bob.send(register.toWire().replace('SIP/2.0/UDP', 'SIP/2.0/TCP'));
    const reply = await bob.next((message): message is typeof message => 'status' in message);
    assert.equal(reply.values('contact')[0], `<${contact}>;q=0;expires=3600`, 'the registrar gives it back as it is');
    alice.peer.send(alice.make('MESSAGE', { uri: bobAor }).toBuffer());
    assert.equal((await bob.request('MESSAGE')).uriText, 'sip:bob@127.0.0.1:9;transport=tcp');
    bob.close();
    alice.close();
    await server.stop();
  });

  test('vector 146: in a failure route lookup and t_relay try every contact, with or without append_branch', async () => {
    const routes: Routes = {
      async request(ctx, { registrar, tm }) {
        if (ctx.method === 'REGISTER') return registrar.save(ctx);
        tm.onFailure(ctx, 'again');
        ctx.uri = 'sip:busy@127.0.0.1:9;transport=carrier-pigeon';
        return tm.relay(ctx);
      },
      failure: {
        async again(ctx, { registrar, tm }) {
          ctx.revertUri();
          if ((await registrar.lookup(ctx)) !== 'found') return ctx.leave();
          ctx.appendBranch();
          return tm.relay(ctx);
        },
      },
    };
    const { server, udpPort } = await startServer({ routes });
    const bob = await Phone.open('bob', udpPort);
    await bob.register();
    const message = bob.make('MESSAGE', { uri: bobAor });
    bob.peer.send(message.toBuffer());
    bob.answer(await bob.peer.request('MESSAGE'), 200, 'OK');
    assert.equal((await bob.peer.finalFor(message)).status, 200);
    assert.deepEqual(bob.peer.unread, [], 'the Request-URI and the branch that repeats it are one target');
    bob.close();
    await server.stop();
  });

  test('vector 147: a request leaves by the socket that the contact was registered on', async () => {
    const { server, udpPort } = await startServer({ listen: ['udp:127.0.0.1:0', 'udp:127.0.0.1:0'] });
    const second = server.listeners[1]?.port ?? 0;
    const bob = await Phone.open('bob', second);
    await bob.register();
    const alice = await Phone.open('alice', udpPort);
    alice.peer.send(alice.make('MESSAGE', { uri: bobAor }).toBuffer());
    const received = await bob.peer.request('MESSAGE');
    assert.match(received.header('via') ?? '', new RegExp(`127\\.0\\.0\\.1:${second};`));
    bob.answer(received, 200, 'OK');
    bob.close();
    alice.close();
    await server.stop();
  });

  test('vector 150, decision 20: after an error of save the route ends with what save returned', async () => {
    let saved: Saved | undefined;
    const routes: Routes = {
      async request(ctx, { registrar }) {
        saved = await registrar.save(ctx);
        return saved;
      },
    };
    const { server, udpPort } = await startServer({ routes });
    const bob = await Phone.open('bob', udpPort);
    assert.equal((await bob.register(['<sip:a@1>;q=7'])).status, 400);
    assert.deepEqual({ ok: saved?.ok, status: saved?.status }, { ok: false, status: 400 });
    bob.close();
    await server.stop();
  });

  test('decision 26: save for another method than REGISTER is 405 and changes nothing', async () => {
    const routes: Routes = { request: (ctx, { registrar }) => registrar.save(ctx) };
    const { server, udpPort } = await startServer({ routes });
    const bob = await Phone.open('bob', udpPort);
    const refused = await bob.ask('OPTIONS', bobAor, { headers: [['Contact', '<sip:a@10.0.0.1>']] });
    assert.equal(refused.status, 405);
    assert.equal(refused.header('allow'), 'REGISTER');
    assert.equal((await server.location.stats()).registeredUsers, 0);
    bob.close();
    await server.stop();
  });

  test('RFC 5626 §5.3: a phone that registered by TCP is reached by that connection, whatever its contact says', async () => {
    const { server, udpPort, tcpPort } = await startServer();
    const bob = await TcpPeer.open(tcpPort);
    const alice = await Phone.open('alice', udpPort);
    const register = alice.make('REGISTER', {
      to: `<${bobAor}>`,
      from: `<${bobAor}>;tag=b`,
      headers: [['Contact', '<sip:bob@127.0.0.1:9;transport=tcp>']],
    });
    bob.send(register.toWire().replace('SIP/2.0/UDP', 'SIP/2.0/TCP'));
    await bob.next((message): message is typeof message => 'status' in message);
    alice.peer.send(alice.make('MESSAGE', { uri: bobAor }).toBuffer());
    assert.equal((await bob.request('MESSAGE')).uriText, 'sip:bob@127.0.0.1:9;transport=tcp');
    bob.close();
    alice.close();
    await server.stop();
  });
});

describe('pings', () => {
  test('companions 3: with natping_interval a contact gets SIP pings when it is marked, else four zero bytes', async () => {
    const { server, udpPort } = await startServer({
      registrar: { natFlag: 6, sipNatpingFlag: 7 },
      nathelper: { natpingInterval: 1, pingNatedOnly: true, sippingFrom: 'sip:pinger@example.com' },
      routes: {
        request(ctx, { registrar }) {
          ctx.flags.set(6);
          ctx.flags.set(7);
          return registrar.save(ctx);
        },
      },
    });
    const bob = await Phone.open('bob', udpPort);
    await bob.register();
    const ping = await bob.peer.request('OPTIONS');
    assert.equal(ping.uriText, bob.contact);
    assert.match(ping.header('from') ?? '', /^<sip:pinger@example\.com>;tag=/);
    bob.answer(ping, 200, 'OK');
    assert.equal((await bob.peer.request('OPTIONS')).header('cseq'), '1 OPTIONS');
    bob.close();
    await server.stop();
  });
});
