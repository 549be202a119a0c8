import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Modules } from '../modules/routes.ts';
import type { Handled } from '../routing/handled.ts';
import type { RequestContext } from '../routing/request-context.ts';
import { createServer } from './server.ts';

/** A server whose REGISTERs run through that route. */
async function serverWith(request: (context: RequestContext, modules: Modules) => Handled | Promise<Handled>) {
  const server = createServer({ listen: ['udp:127.0.0.1:0'], routes: { request } });
  await server.start();
  return server;
}

function register(user: string, more: readonly string[] = []): string {
  return [
    'REGISTER sip:example.com SIP/2.0',
    `Via: SIP/2.0/TCP 192.0.2.7:5060;branch=z9hG4bK-${user}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@example.com>;tag=1`,
    `To: <sip:${user}@example.com>`,
    `Call-ID: ${user}@192.0.2.7`,
    'CSeq: 1 REGISTER',
    `Contact: <sip:${user}@192.0.2.7>`,
    ...more,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

describe('a REGISTER that is no object yet', () => {
  it('says method and Request-URI, counts its hop once, and is saved without becoming one', async () => {
    const seen: unknown[] = [];
    const server = await serverWith((context, { maxfwd, registrar }) => {
      seen.push(context.method, context.uri, maxfwd.process(context));
      const saved = registrar.save(context);
      seen.push(context.unparsed !== undefined, context.handled !== undefined);
      return saved;
    });
    const reply = await server.inject(register('alice'));
    assert.equal(reply.status, 200);
    assert.deepEqual(seen, ['REGISTER', 'sip:example.com', 'decremented', true, true]);
    assert.equal(server.stats.plainRegisters, 1);
    await server.stop();
  });

  it('becomes the same object as by the way of all messages, with the hop that was counted', async () => {
    const server = await serverWith((context, { maxfwd, registrar }) => {
      maxfwd.process(context);
      assert.equal(context.request.header('max-forwards'), '69');
      assert.equal(context.request.header('call-id'), 'bob@192.0.2.7');
      assert.equal(context.unparsed, undefined);
      assert.equal(maxfwd.process(context), 'decremented');
      assert.equal(context.request.header('max-forwards'), '68');
      return registrar.save(context);
    });
    assert.equal((await server.inject(register('bob'))).status, 200);
    assert.equal(server.stats.plainRegisters, 0);
    await server.stop();
  });

  it('is saved as itself by a route that waited while another one came', async () => {
    const server = await serverWith(async (context, { registrar }) => {
      const isFirst = context.uri.includes('first');
      if (isFirst) await setImmediate();
      return registrar.save(context);
    });
    const first = server.inject(register('carol').replace('sip:example.com SIP', 'sip:first.example.com SIP'));
    const second = server.inject(register('dave'));
    const [carol, dave] = await Promise.all([first, second]);
    assert.match(carol.header('contact') ?? '', /sip:carol@/);
    assert.match(carol.header('to') ?? '', /sip:carol@/);
    assert.match(dave.header('contact') ?? '', /sip:dave@/);
    await server.stop();
  });

  it('does not disturb the one whose saving brings it in', async () => {
    const server = await serverWith((context, { registrar }) => registrar.save(context));
    let inner: Promise<unknown> | undefined;
    const off = server.on('binding', () => {
      off();
      inner = server.inject(register('frank'));
    });
    const erin = await server.inject(register('erin'));
    assert.match(erin.header('contact') ?? '', /sip:erin@/);
    await inner;
    assert.equal(server.stats.plainRegisters, 1);
    await server.stop();
  });

  it('carries the headers that a route wants in its reply', async () => {
    const server = await serverWith((context, { registrar }) => {
      context.appendToReply('X-Note', 'seen');
      return registrar.save(context);
    });
    assert.equal((await server.inject(register('grace'))).header('x-note'), 'seen');
    await server.stop();
  });

  it('is always an object once a REGISTER had a transaction, which it might repeat', async () => {
    const server = await serverWith((context, { registrar, tm }) => {
      if (!context.uri.includes('relay')) return registrar.save(context);
      context.uri = 'sip:127.0.0.1:9;transport=tcp';
      return tm.relay(context);
    });
    await server.inject(register('heidi'));
    assert.equal(server.stats.plainRegisters, 1);
    await server.inject(register('ivan').replace('sip:example.com SIP', 'sip:relay.example.com SIP'));
    await server.inject(register('judy'));
    assert.equal(server.stats.plainRegisters, 1);
    await server.stop();
  });
});
