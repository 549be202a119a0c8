import { defineModule } from '../routing/define-module.ts';

/** A bound on hops. */
export const maxfwdModule = defineModule({
  name: 'maxfwd',
  doc: 'A request cannot go round for ever.',
  parameters: {},
  functions: {
    mf_process_maxfwd_header: {
      method: 'process',
      args: ['limit'],
      routes: ['request'],
      doc: 'Counts one hop in Max-Forwards, and adds the header where it is missing (RFC 3261 §16.3 step 3).',
      returns: "1; -1 ('exhausted') when no hop is left: answer 483",
      example: "if (maxfwd.process(ctx) === 'exhausted') return ctx.reply(483);",
    },
  },
});
