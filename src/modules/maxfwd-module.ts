import { defineModule, type ModuleOptions } from '../routing/define-module.ts';

/** A bound on hops. */
export const maxfwdModule = defineModule({
  name: 'maxfwd',
  doc: 'A request cannot go round for ever.',
  parameters: {
    max_limit: {
      kind: 'integer',
      min: 1,
      max: 256,
      default: 256,
      example: 70,
      state: 'supported',
      doc: 'No request leaves with more hops than this.',
    },
  },
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

/** The options of `maxfwd`, all present. */
export type MaxfwdModuleOptions = ModuleOptions<typeof maxfwdModule>;
