// Routes in TypeScript: npm start -- examples/routes.config.ts
//
// Phones behind a NAT are found out and stored with their public address; calls that nobody answers go to voicemail.
import { defineConfig } from 'aorta';

const natFlag = 6;
const behindNat = 1 + 2 + 16;

export default defineConfig({
  listen: ['udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'],
  registrar: { maxContacts: 5, maxExpires: 7200, natFlag, appendBranches: true },
  tm: { frInvTimer: 30 },
  routes: {
    async request(ctx, { maxfwd, nathelper, registrar, rr, tm }) {
      if (maxfwd.process(ctx) === 'exhausted') return ctx.reply(483);
      if (nathelper.natUacTest(ctx, behindNat)) nathelper.forceRport(ctx);

      if (ctx.method === 'REGISTER') {
        if (nathelper.natUacTest(ctx, behindNat)) {
          nathelper.fixNatedRegister(ctx);
          ctx.flags.set(natFlag);
        }
        return registrar.save(ctx);
      }

      const route = rr.looseRoute(ctx);
      if (route.inDialog) return route.routed ? tm.relay(ctx) : ctx.drop();
      if (route.routed) return ctx.reply(403);
      if (ctx.method === 'ACK') return ctx.drop();

      if ((await registrar.lookup(ctx)) !== 'found') return ctx.reply(480);
      if (ctx.method === 'INVITE') {
        rr.recordRoute(ctx);
        tm.onFailure(ctx, 'voicemail');
      }
      return tm.relay(ctx);
    },

    failure: {
      async voicemail(ctx, { registrar, tm }) {
        if (ctx.wasCancelled) return ctx.leave();
        ctx.uri = 'sip:voicemail@localhost';
        if ((await registrar.lookup(ctx)) !== 'found') return ctx.leave();
        return tm.relay(ctx);
      },
    },
  },
});
