// Calls through the built-in route, with phones on real sockets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SipRequest } from '../../src/sip/message.ts';
import { entriesAtOnce } from '../../src/testing/at-once.ts';
import { Phone } from '../support/phone.ts';
import { type StartedServer, startServer } from '../support/started-server.ts';

const bobAor = 'sip:bob@example.com';

describe('calls through the built-in route', () => {
  let started: StartedServer;
  let alice: Phone;
  let bob: Phone;

  before(async () => {
    started = await startServer({ domains: ['example.com'] });
    alice = await Phone.open('alice', started.udpPort);
    bob = await Phone.open('bob', started.udpPort);
    assert.equal((await bob.register()).status, 200);
  });

  after(async () => {
    alice.close();
    bob.close();
    await started.server.stop();
  });

  /** Sends an INVITE and waits until bob has it. */
  async function ring(callId: string): Promise<{ invite: SipRequest; received: SipRequest }> {
    const invite = alice.make('INVITE', { uri: bobAor, callId, headers: [['Contact', `<${alice.contact}>`]] });
    alice.peer.send(invite.toBuffer());
    const received = await bob.peer.request('INVITE');
    return { invite, received };
  }

  test('§16: INVITE, 180, 200, ACK and BYE by either side go through the proxy by Record-Route and Route', async () => {
    const { invite, received } = await ring('call-1');
    assert.equal(received.uriText, bob.contact);
    assert.equal(received.values('via').length, 2);
    assert.equal(received.header('max-forwards'), '69');
    assert.equal((await alice.peer.response()).status, 100);
    bob.answer(received, 180, 'Ringing');
    assert.equal((await alice.peer.response()).status, 180);
    bob.answer(received, 200, 'OK', [['Contact', `<${bob.contact}>`]]);
    const ok = await alice.peer.finalFor(invite);
    assert.equal(ok.status, 200);
    assert.equal(ok.values('via').length, 1);

    const route: [string, string] = ['Route', ok.values('record-route').join(', ')];
    const to = ok.header('to') ?? '';
    const cseq = Number(invite.header('cseq')?.split(' ')[0]);
    alice.peer.send(alice.make('ACK', { uri: bob.contact, to, callId: 'call-1', cseq, headers: [route] }).toBuffer());
    const ack = await bob.peer.request('ACK');
    assert.equal(ack.uriText, bob.contact);
    assert.equal(ack.header('route'), undefined);

    const bye = bob.make('BYE', {
      uri: alice.contact,
      from: to,
      to: invite.header('from') ?? '',
      callId: 'call-1',
      headers: [['Route', received.values('record-route').join(', ')]],
    });
    bob.peer.send(bye.toBuffer());
    const atAlice = await alice.peer.request('BYE');
    alice.answer(atAlice, 200, 'OK');
    assert.equal((await bob.peer.finalFor(bye)).status, 200);
  });

  test('§9.2, §16.10: a CANCEL before the answer is answered 200, goes to the phone, and the caller gets 487', async () => {
    const { invite, received } = await ring('call-2');
    bob.answer(received, 180, 'Ringing');
    await alice.peer.response(({ status }) => status === 180);
    const branch = /branch=([^;]+)/.exec(invite.header('via') ?? '')?.[1] ?? '';
    const cseq = Number(invite.header('cseq')?.split(' ')[0]);
    const cancel = alice.make('CANCEL', { uri: bobAor, to: `<${bobAor}>`, callId: 'call-2', cseq, branch });
    assert.equal((await alice.peer.ask(cancel)).status, 200);
    const atBob = await bob.peer.request('CANCEL');
    bob.answer(atBob, 200, 'OK');
    bob.answer(received, 487, 'Request Terminated');
    await bob.peer.request('ACK');
    const final = await alice.peer.finalFor(invite);
    assert.equal(final.status, 487);
    const ack = alice.make('ACK', { uri: bobAor, to: final.header('to') ?? '', callId: 'call-2', cseq, branch });
    alice.peer.send(ack.toBuffer());
  });

  test('§17.2.1: a retransmitted INVITE reaches the phone once and is answered with the last response', async () => {
    const { invite, received } = await ring('call-3');
    await alice.peer.response(({ status }) => status === 100);
    bob.answer(received, 183, 'Progress');
    await alice.peer.response(({ status }) => status === 183);
    alice.peer.send(invite.toBuffer());
    await alice.peer.response(({ status }) => status === 183);
    bob.answer(received, 486, 'Busy Here');
    await bob.peer.request('ACK');
    assert.equal((await alice.peer.finalFor(invite)).status, 486);
    assert.deepEqual(
      bob.peer.unread.filter((message) => 'method' in message),
      [],
    );
  });

  test('design 1: a To tag and a Route that a stranger made up do not open a way through the server', async () => {
    const carol = await Phone.open('carol', started.udpPort);
    const route = `<sip:127.0.0.1:${started.udpPort};lr>`;
    for (const forged of [route, route.replace(';lr', ';did=0123456789abcdef;lr')]) {
      const refused = await carol.ask('MESSAGE', bob.contact, {
        to: '<sip:bob@example.com>;tag=made-up',
        callId: 'forged',
        headers: [['Route', forged]],
      });
      assert.ok(refused.status === 403 || refused.status === 481, String(refused.status));
    }
    assert.equal(bob.peer.unread.length, 0);
    carol.close();
  });

  test('RFC 6026 §7.2: a response that no transaction waits for goes nowhere, whatever its Vias say', async () => {
    const victim = await Phone.open('victim', started.udpPort);
    alice.peer.send(
      [
        'SIP/2.0 200 OK',
        `Via: SIP/2.0/UDP 127.0.0.1:${started.udpPort};branch=z9hG4bKours`,
        `Via: SIP/2.0/UDP 127.0.0.1:${victim.peer.port};branch=z9hG4bKtheirs`,
        'From: <sip:a@example.com>;tag=1',
        'To: <sip:b@example.com>;tag=2',
        'Call-ID: reflected',
        'CSeq: 1 INVITE',
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    );
    await victim.ask('OPTIONS', 'sip:example.com');
    assert.equal(victim.peer.unread.length, 0);
    victim.close();
  });

  test('§16.5: nobody registered is 480', async () => {
    assert.equal((await alice.ask('MESSAGE', 'sip:nobody@example.com')).status, 480);
  });

  test('design 1: requests for foreign domains are refused with 403', async () => {
    assert.equal((await alice.ask('MESSAGE', 'sip:bob@elsewhere.test')).status, 403);
    assert.equal((await alice.register(undefined, { uri: 'sip:elsewhere.test' })).status, 403);
  });

  test('decision 29: an address of record outside our domains is 404', async () => {
    assert.equal((await alice.register(undefined, { to: '<sip:alice@elsewhere.test>' })).status, 404);
  });

  test('§16.3 step 3: a request that has used up its hops is 483', async () => {
    const request = alice.make('MESSAGE', { uri: bobAor });
    request.set('Max-Forwards', '0');
    assert.equal((await alice.peer.ask(request)).status, 483);
  });

  test('§11.2: OPTIONS to the server is 200 with Allow, Accept and Supported', async () => {
    const reply = await alice.ask('OPTIONS', 'sip:example.com');
    assert.equal(reply.status, 200);
    assert.match(reply.header('allow') ?? '', /REGISTER/);
    assert.equal(reply.header('accept'), '*/*');
    assert.equal(reply.header('supported'), 'path');
  });

  test('decision 33: for the server itself an unknown method is 501, a known one that it does not serve 405 with Allow', async () => {
    assert.equal((await alice.ask('FROBNICATE', 'sip:example.com')).status, 501);
    const refused = await alice.ask('MESSAGE', 'sip:example.com');
    assert.equal(refused.status, 405);
    assert.equal(refused.header('allow'), 'OPTIONS, REGISTER');
  });

  test('§21.4.6: where no contact takes the method, 405 has an Allow, without that method', async () => {
    const dora = await Phone.open('dora', started.udpPort);
    await dora.register([`<${dora.contact}>;methods="INVITE, BYE"`]);
    const refused = await alice.ask('MESSAGE', 'sip:dora@example.com');
    assert.equal(refused.status, 405);
    assert.match(refused.header('allow') ?? '', /^INVITE, /);
    assert.doesNotMatch(refused.header('allow') ?? '', /MESSAGE/);
    dora.close();
  });

  test('decision 28: Require with an unknown tag is 420 with Unsupported, and nothing is stored', async () => {
    const carol = await Phone.open('carol', started.udpPort);
    const refused = await carol.register(undefined, { headers: [['Require', 'path, teleport']] });
    assert.equal(refused.status, 420);
    assert.equal(refused.header('unsupported'), 'teleport');
    assert.deepEqual((await carol.register([])).values('contact'), []);
    carol.close();
  });

  test('decision 34: a CANCEL that matches nothing is 481; a stray ACK is dropped', async () => {
    alice.peer.send(alice.make('ACK', { uri: bobAor, callId: 'nothing' }).toBuffer());
    assert.equal((await alice.ask('CANCEL', bobAor, { callId: 'nothing' })).status, 481);
    assert.equal(bob.peer.unread.length, 0);
  });

  test('§16.7: with two phones, the first 200 wins and the other branch is cancelled', async () => {
    const second = await Phone.open('bob', started.udpPort);
    await second.register();
    const invite = alice.make('INVITE', { uri: bobAor, callId: 'call-fork' });
    alice.peer.send(invite.toBuffer());
    const atFirst = await bob.peer.request('INVITE');
    const atSecond = await second.peer.request('INVITE');
    bob.answer(atFirst, 180, 'Ringing');
    second.answer(atSecond, 200, 'OK', [['Contact', `<${second.contact}>`]]);
    assert.equal((await alice.peer.finalFor(invite)).status, 200);
    const cancel = await bob.peer.request('CANCEL');
    assert.match(cancel.header('reason') ?? '', /cause=200/);
    bob.answer(cancel, 200, 'OK');
    bob.answer(atFirst, 487, 'Request Terminated');
    await bob.peer.request('ACK');
    await second.register([`<${second.contact}>;expires=0`]);
    second.close();
  });
});

describe('routes in TypeScript', () => {
  test('companions 4: a failure route tries the next target, and its answer is the caller’s', async () => {
    const started = await startServer({
      routes: {
        async request(ctx, { registrar, tm }) {
          if (ctx.method === 'REGISTER') return registrar.save(ctx);
          if (ctx.method === 'ACK') return ctx.drop();
          if ((await registrar.lookup(ctx)) !== 'found') return ctx.reply(404);
          tm.onFailure(ctx, 'voicemail');
          return tm.relay(ctx);
        },
        failure: {
          async voicemail(ctx, { registrar, tm }) {
            assert.equal(ctx.status, 486);
            ctx.uri = 'sip:voicemail@example.com';
            if ((await registrar.lookup(ctx)) !== 'found') return ctx.leave();
            return tm.relay(ctx);
          },
        },
      },
    });
    const [alice, bob, voicemail] = await Promise.all(
      ['alice', 'bob', 'voicemail'].map((user) => Phone.open(user, started.udpPort)),
    );
    assert.ok(alice && bob && voicemail);
    await bob.register();
    await voicemail.register();
    const invite = alice.make('INVITE', { uri: bobAor });
    alice.peer.send(invite.toBuffer());
    bob.answer(await bob.peer.request('INVITE'), 486, 'Busy Here');
    await bob.peer.request('ACK');
    voicemail.answer(await voicemail.peer.request('INVITE'), 200, 'OK');
    assert.equal((await alice.peer.finalFor(invite)).status, 200);
    for (const phone of [alice, bob, voicemail]) phone.close();
    await started.server.stop();
  });

  test('companions 4: branch routes see every copy, reply routes every reply; serial forking goes by q', async () => {
    const replies: number[] = [];
    const started = await startServer({
      routes: {
        async request(ctx, { registrar, tm }) {
          if (ctx.method === 'REGISTER') return registrar.save(ctx);
          if (ctx.method === 'ACK') return ctx.drop();
          await registrar.lookup(ctx);
          tm.onBranch(ctx, 'mark');
          tm.onReply(ctx, 'watch');
          return tm.relay(ctx, { order: 'serial' });
        },
        branch: {
          mark(branch) {
            branch.request.append('X-Branch', String(branch.index));
            return 'send';
          },
        },
        reply: {
          watch({ response }) {
            replies.push(response.status);
            return 'relay';
          },
        },
      },
    });
    const [alice, first, second] = await Promise.all(
      ['alice', 'bob', 'bob'].map((user) => Phone.open(user, started.udpPort)),
    );
    assert.ok(alice && first && second);
    await second.register([`<${second.contact}>;q=0.2`]);
    await first.register([`<${first.contact}>;q=0.8`]);
    const message = alice.make('MESSAGE', { uri: bobAor, body: 'hello' });
    alice.peer.send(message.toBuffer());
    const atFirst = await first.peer.request('MESSAGE');
    assert.equal(atFirst.header('x-branch'), '0');
    assert.equal(second.peer.unread.length, 0);
    first.answer(atFirst, 404, 'Not Found');
    const atSecond = await second.peer.request('MESSAGE');
    assert.equal(atSecond.header('x-branch'), '1');
    assert.equal(atSecond.body.toString(), 'hello');
    second.answer(atSecond, 200, 'OK');
    assert.equal((await alice.peer.finalFor(message)).status, 200);
    assert.deepEqual(replies, [404, 200]);
    for (const phone of [alice, first, second]) phone.close();
    await started.server.stop();
  });

  test('companions 1.5: a 3xx lists the rewritten Request-URI and the branches in brackets with their q', async () => {
    const started = await startServer({
      routes: {
        async request(ctx, { registrar, sl }) {
          if (ctx.method === 'REGISTER') return registrar.save(ctx);
          await registrar.lookup(ctx);
          return sl.sendReply(ctx, 302, 'Moved Temporarily');
        },
      },
    });
    const bob = await Phone.open('bob', started.udpPort);
    await bob.register(['<sip:a@10.0.0.1>;q=0.2', '<sip:b@10.0.0.2;transport=tcp>;q=0.9']);
    const moved = await bob.ask('MESSAGE', bobAor);
    assert.equal(moved.status, 302);
    assert.equal(moved.header('contact'), '<sip:b@10.0.0.2;transport=tcp>;q=0.9, <sip:a@10.0.0.1>;q=0.2');
    bob.close();
    await started.server.stop();
  });

  test('decision 20: a route that throws answers 500 and harms nobody else', async () => {
    const started = await startServer({
      routes: {
        request(ctx) {
          if (ctx.method === 'INFO') throw new Error('a mistake in a route');
          return ctx.reply(200);
        },
      },
    });
    const bob = await Phone.open('bob', started.udpPort);
    assert.equal((await bob.ask('INFO', bobAor)).status, 500);
    assert.equal((await bob.ask('MESSAGE', bobAor)).status, 200);
    bob.close();
    await started.server.stop();
  });
});

describe('two servers', () => {
  test('companions 4: add_sock_hdr, add_rcv_param, save, t_replicate on the first; sock_flag, save_memory on the second', async () => {
    const twin = await startServer({
      registrar: { sockFlag: 18, sockHdrName: 'Sock-Info' },
      routes: {
        async request(ctx, { registrar }) {
          if (ctx.method !== 'REGISTER')
            return ctx.reply(200, (await registrar.registered(ctx)) ? 'registered' : 'not-registered');
          ctx.flags.set(18);
          return registrar.saveMemory(ctx);
        },
      },
    });
    const first = await startServer({
      routes: {
        async request(ctx, { registrar, nathelper, tm }) {
          registrar.addSockHdr(ctx, 'Sock-Info');
          nathelper.addRcvParam(ctx);
          const saved = await registrar.save(ctx);
          if (saved.ok) tm.replicate(ctx, { host: '127.0.0.1', port: twin.udpPort });
          return saved;
        },
      },
    });
    const stored = new Promise<void>((resolve) => twin.server.on('binding', () => resolve()));
    const bob = await Phone.open('bob', first.udpPort);
    assert.equal((await bob.register()).status, 200);
    await stored;
    const [entry] = entriesAtOnce(twin.server.location.table('location'), () => 0);
    const [binding] = entry?.bindings ?? [];
    assert.equal(entry?.aor, 'bob');
    assert.equal(binding?.contact, bob.contact);
    assert.equal(binding?.received, `sip:127.0.0.1:${bob.peer.port}`);
    assert.equal(binding?.flags, 256);
    assert.deepEqual(bob.peer.unread, []);
    bob.close();
    await first.server.stop();
    await twin.server.stop();
  });
});
