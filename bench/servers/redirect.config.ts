/**
 * Aorta for the lookup benchmark: what the built-in route does, but an OPTIONS to a user is answered 302 with the
 * contacts, as Kamailio's configuration in kamailio.ts does.
 */
import { isPromise } from '../../src/base/maybe-promise.ts';
import type { LookupOutcome } from '../../src/registrar/lookup.ts';
import { defineConfig } from '../../src/server/options.ts';

export default defineConfig({
  routes: {
    request: (context, { registrar }) => {
      if (context.method === 'REGISTER') return registrar.save(context);
      const answer = (outcome: LookupOutcome) =>
        outcome === 'found' ? context.reply(302, 'Moved Temporarily') : context.reply(404);
      const outcome = registrar.lookup(context);
      return isPromise(outcome) ? outcome.then(answer) : answer(outcome);
    },
  },
});
