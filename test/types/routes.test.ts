// style 4.8: what the types make unsayable. Each snippet is compiled as a user's config file would be.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { compileSnippets } from './compile-snippets.ts';

interface Case {
  readonly title: string;
  /** The body of `defineConfig({ … })`. */
  readonly config: string;
  /** What the compiler must say; undefined: it compiles. */
  readonly error: RegExp | undefined;
}

const neverReturns = /TS(2322|2366|7030|2355)/;

const cases: readonly Case[] = [
  {
    title: 'a route that ends in reply, relay, save or drop on every path compiles',
    config: `routes: {
      async request(ctx, { registrar, rr, tm, sl }) {
        if (ctx.method === 'REGISTER') return registrar.save(ctx);
        if (ctx.method === 'ACK') return ctx.drop();
        if (rr.looseRoute(ctx).routed) return tm.relay(ctx);
        if ((await registrar.lookup(ctx)) !== 'found') return ctx.reply(404);
        return sl.sendReply(ctx, 302);
      },
      failure: { async again(ctx, { tm }) { return ctx.status === 486 ? tm.relay(ctx) : ctx.leave(); } },
      branch: { mark: (branch) => { branch.flags |= 2; return 'send'; } },
      reply: { watch: ({ response }) => (response.status === 183 ? 'drop' : 'relay') },
    }`,
    error: undefined,
  },
  {
    title: 'a route that falls off its end does not',
    config: `routes: { request(ctx) { ctx.reply(200); } }`,
    error: neverReturns,
  },
  {
    title: 'a route that forgets one path does not',
    config: `routes: { request(ctx, { registrar }) { if (ctx.method === 'REGISTER') return registrar.save(ctx); } }`,
    error: neverReturns,
  },
  {
    title: 'an asynchronous route that forgets one path does not',
    config: `routes: { async request(ctx, { registrar }) { if (ctx.method === 'REGISTER') return registrar.save(ctx); } }`,
    error: neverReturns,
  },
  {
    title: 'a route that returns without a value does not',
    config: `routes: { request(ctx) { if (ctx.method === 'ACK') return; return ctx.reply(200); } }`,
    error: neverReturns,
  },
  {
    title: 'what a user makes up is no Handled',
    config: `routes: { request: () => ({ outcome: 'replied' }) }`,
    error: /TS2322/,
  },
  {
    title: 'a truth value is no Handled',
    config: `routes: { request: (ctx, { nathelper }) => nathelper.natUacTest(ctx, 19) }`,
    error: /TS2322/,
  },
  {
    title: 'a lookup that is not waited for cannot be compared',
    config: `routes: { request(ctx, { registrar, tm }) { return registrar.lookup(ctx) === 'found' ? tm.relay(ctx) : ctx.reply(404); } }`,
    error: /TS2367/,
  },
  {
    title: 'a save that is not waited for cannot be asked whether it was granted',
    config: `routes: { request(ctx, { registrar, rr }) { const saved = registrar.save(ctx); if (saved.ok) rr.recordRoute(ctx); return saved; } }`,
    error: /TS2339/,
  },
  {
    title: 'registered that is not waited for cannot be asked',
    config: `routes: { request(ctx, { registrar, tm }) { if (registrar.registered(ctx)) return tm.relay(ctx); return ctx.reply(404); } }`,
    error: /TS2801/,
  },
  {
    title: 'an outcome that lookup does not have cannot be asked for',
    config: `routes: { async request(ctx, { registrar, tm }) { return (await registrar.lookup(ctx)) === 'ok' ? tm.relay(ctx) : ctx.reply(404); } }`,
    error: /TS2367/,
  },
  {
    title: 'a failure route that falls off its end does not compile',
    config: `routes: { failure: { again(ctx) { ctx.revertUri(); } } }`,
    error: neverReturns,
  },
  {
    title: 'a branch route must say send or drop, at once',
    config: `routes: { branch: { mark: async () => 'send' } }`,
    error: /TS2322/,
  },
  {
    title: 'an option that does not exist does not compile',
    config: `registrar: { maxContact: 3 }`,
    error: /TS2561|TS2353/,
  },
  {
    title: 'an option of another type does not compile',
    config: `registrar: { maxContacts: 'three' }`,
    error: /TS2322/,
  },
  {
    title: 'a mode is a word, not a number',
    config: `registrar: { minExpiresMode: 1 }`,
    error: /TS2322/,
  },
  {
    title: 'a request cannot be marked as handled without a reply',
    config: `routes: { request(ctx) { ctx.handled = undefined; return ctx.drop(); } }`,
    error: /TS2540/,
  },
];

describe('style 4.8: what compiles in aorta.config.ts', () => {
  let errors: readonly string[] = [];

  before(() => {
    errors = compileSnippets(
      cases.map(({ config }) => `import { defineConfig } from 'aorta';\nexport default defineConfig({ ${config} });\n`),
    );
  });

  for (const [index, { title, error }] of cases.entries()) {
    test(`style 4.8: ${title}`, () => {
      const found = errors[index] ?? '';
      if (error) assert.match(found, error);
      else assert.equal(found, '');
    });
  }
});
