import { defineModule } from '../routing/define-module.ts';

const requestOnly = ['request'] as const;

/** Record-Route and Route. */
export const rrModule = defineModule({
  name: 'rr',
  doc: 'Staying in the path of a dialog, and following the path that was recorded.',
  parameters: {},
  functions: {
    record_route: {
      method: 'recordRoute',
      args: [],
      routes: requestOnly,
      doc: 'Later requests of the dialog come by this server (RFC 3261 §16.6 step 4); two entries when the listener changes.',
      returns: '1',
      example: 'rr.recordRoute(ctx);',
    },
    loose_route: {
      method: 'looseRoute',
      args: [],
      routes: requestOnly,
      doc: 'Does what the Route header says and takes our own entries off it (RFC 3261 §16.4).',
      returns: '1 when the Route decided the next hop; -1 when not',
      example: 'const { routed, inDialog } = rr.looseRoute(ctx);',
    },
  },
});
