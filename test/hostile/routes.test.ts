// Routes that take their time, end badly or not at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../src/base/logger.ts';
import type { Routes } from '../../src/modules/routes.ts';
import type { Handled } from '../../src/routing/handled.ts';
import { SipResponse } from '../../src/sip/message.ts';
import { Phone } from '../support/phone.ts';
import { startServer } from '../support/started-server.ts';

const bobAor = 'sip:bob@example.com';

/** A gate that a route waits at, and a server with such a route. */
async function withGate(atGate: NonNullable<Routes['request']>) {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let runs = 0;
  const routes: Routes = {
    async request(ctx, modules) {
      if (ctx.method === 'REGISTER') return modules.registrar.save(ctx);
      if (ctx.method === 'ACK') return ctx.drop();
      runs += 1;
      await gate;
      return atGate(ctx, modules);
    },
  };
  const { server, udpPort } = await startServer({ routes });
  const alice = await Phone.open('alice', udpPort);
  const bob = await Phone.open('bob', udpPort);
  await bob.register();
  const close = async (): Promise<void> => {
    alice.close();
    bob.close();
    await server.stop();
  };
  return { alice, bob, open, runs: () => runs, close };
}

async function relayToBob(...[ctx, { registrar, tm }]: Parameters<NonNullable<Routes['request']>>): Promise<Handled> {
  return (await registrar.lookup(ctx)) === 'found' ? tm.relay(ctx) : ctx.reply(404);
}

describe('a route that waits for something', () => {
  test('§17.2.1: an INVITE is answered 100 and its retransmissions do not run the route again', async () => {
    const { alice, bob, open, runs, close } = await withGate(relayToBob);
    const invite = alice.make('INVITE', { uri: bobAor });
    alice.peer.send(invite.toBuffer());
    assert.equal((await alice.peer.response()).status, 100);
    alice.peer.send(invite.toBuffer());
    assert.equal((await alice.peer.response()).status, 100);
    assert.equal(runs(), 1);
    open();
    bob.answer(await bob.peer.request('INVITE'), 200, 'OK', [['Contact', `<${bob.contact}>`]]);
    assert.equal((await alice.peer.finalFor(invite)).status, 200);
    await close();
  });

  test('§9.2: a CANCEL finds the INVITE that is not relayed yet: 200 and 487, and no phone rings afterwards', async () => {
    const { alice, bob, open, close } = await withGate(relayToBob);
    const branch = 'z9hG4bK-early';
    const invite = alice.make('INVITE', { uri: bobAor, branch, cseq: 9 });
    alice.peer.send(invite.toBuffer());
    assert.equal((await alice.peer.response()).status, 100);
    const cancelled = await alice.ask('CANCEL', bobAor, { branch, cseq: 9 });
    assert.equal(cancelled.status, 200);
    const final = await alice.peer.finalFor(invite);
    assert.equal(final.status, 487);
    assert.equal(final.header('to'), cancelled.header('to'), '§9.2: both have the same To tag');
    alice.peer.send(alice.make('ACK', { uri: bobAor, branch, cseq: 9, to: final.header('to') ?? '' }).toBuffer());
    open();
    await pause(50);
    assert.deepEqual(bob.peer.unread, []);
    await close();
  });

  test('§16.10: a CANCEL after the route has gone on reaches the phone', async () => {
    const { alice, bob, open, close } = await withGate(relayToBob);
    const branch = 'z9hG4bK-late';
    const invite = alice.make('INVITE', { uri: bobAor, branch, cseq: 9 });
    alice.peer.send(invite.toBuffer());
    await alice.peer.response();
    open();
    const received = await bob.peer.request('INVITE');
    bob.answer(received, 180, 'Ringing');
    await alice.peer.response(({ status }) => status === 180);
    assert.equal((await alice.ask('CANCEL', bobAor, { branch, cseq: 9 })).status, 200);
    bob.answer(await bob.peer.request('CANCEL'), 200, 'OK');
    bob.answer(received, 487, 'Request Terminated');
    assert.equal((await alice.peer.finalFor(invite)).status, 487);
    await close();
  });

  test('§17.2.1: what the route answers in the end is repeated until its ACK comes', async () => {
    const { alice, open, close } = await withGate((ctx) => ctx.reply(404));
    const invite = alice.make('INVITE', { uri: bobAor });
    alice.peer.send(invite.toBuffer());
    await alice.peer.response();
    open();
    assert.equal((await alice.peer.finalFor(invite)).status, 404);
    assert.equal((await alice.peer.finalFor(invite)).status, 404);
    await close();
  });

  test('an INVITE that the route drops is forgotten, and comes through when it is sent again', async () => {
    let dropped = 0;
    const { alice, open, runs, close } = await withGate((ctx) => {
      dropped += 1;
      return dropped === 1 ? ctx.drop() : ctx.reply(486);
    });
    const invite = alice.make('INVITE', { uri: bobAor });
    alice.peer.send(invite.toBuffer());
    await alice.peer.response();
    open();
    await pause(20);
    alice.peer.send(invite.toBuffer());
    assert.equal((await alice.peer.finalFor(invite)).status, 486);
    assert.equal(runs(), 2);
    await close();
  });
});

describe('a route that ends badly', () => {
  const errors: string[] = [];
  const logger: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => errors.push(`${message}: ${JSON.stringify(fields)}`),
  };

  test('decision 20: rejecting is 500 for the caller, throwing after a reply changes nothing, all is logged', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { server, udpPort } = await startServer(
      {
        routes: {
          async request(ctx, { tm }) {
            await pause(5);
            if (ctx.method === 'MESSAGE') ctx.reply(202);
            if (ctx.method === 'INFO') {
              ctx.uri = 'sip:nobody@127.0.0.1:9';
              tm.relay(ctx);
            }
            throw new Error(`a mistake in ${ctx.method}`);
          },
        },
      },
      { logger },
    );
    const alice = await Phone.open('alice', udpPort);
    assert.equal((await alice.ask('MESSAGE', bobAor)).status, 202);
    assert.equal((await alice.ask('INFO', bobAor)).status, 500);
    assert.equal((await alice.ask('INVITE', bobAor)).status, 500);
    assert.equal((await alice.ask('OPTIONS', bobAor)).status, 500);
    assert.equal(errors.filter((line) => line.includes('a mistake in')).length, 4);
    alice.close();
    await server.stop();
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  test('style 4.8: a route in JavaScript that returns nothing is answered 500, and the log says why', async () => {
    for (const forgetful of [() => undefined, async () => undefined]) {
      errors.length = 0;
      // What TypeScript would not let pass.
      const routes = { request: forgetful } as unknown as Routes;
      const { server, udpPort } = await startServer({ routes }, { logger });
      const alice = await Phone.open('alice', udpPort);
      assert.equal((await alice.ask('MESSAGE', bobAor)).status, 500);
      assert.match(errors.join('\n'), /returned nothing/);
      alice.close();
      await server.stop();
    }
  });

  test('a route that has answered or relayed and forgets to return it is forgiven', async () => {
    const routes = {
      request: (ctx: { reply(status: number): void }) => {
        ctx.reply(202);
      },
    } as unknown as Routes;
    const { server, udpPort } = await startServer({ routes });
    const alice = await Phone.open('alice', udpPort);
    assert.equal((await alice.ask('MESSAGE', bobAor)).status, 202);
    assert.equal(alice.peer.unread.filter((message) => message instanceof SipResponse).length, 0);
    alice.close();
    await server.stop();
  });
});
