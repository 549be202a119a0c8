import { defineModule, type ModuleOptions } from '../routing/define-module.ts';

const requestOnly = ['request'] as const;
const requestOrFailure = ['request', 'failure'] as const;

/** Record-Route and Route. */
export const rrModule = defineModule({
  name: 'rr',
  doc: 'Staying in the path of a dialog, and following the path that was recorded.',
  parameters: {
    enable_full_lr: {
      kind: 'boolean',
      default: false,
      example: true,
      state: 'supported',
      doc: 'Record-Route says lr=on instead of lr, for peers that lose a parameter without a value.',
    },
    append_fromtag: {
      kind: 'boolean',
      default: true,
      example: false,
      state: 'supported',
      doc: 'Record-Route carries the From tag as ftag, which is_direction needs.',
    },
    enable_double_rr: {
      kind: 'boolean',
      default: true,
      example: false,
      state: 'supported',
      doc: 'A request that leaves by another listener than it came by gets two Record-Route entries.',
    },
    add_username: {
      kind: 'boolean',
      default: false,
      example: true,
      state: 'supported',
      doc: 'Record-Route carries the user part of the Request-URI.',
    },
  },
  functions: {
    record_route: {
      method: 'recordRoute',
      args: [],
      routes: requestOnly,
      doc: 'Later requests of the dialog come by this server (RFC 3261 §16.6 step 4); two entries when the listener changes.',
      returns: '1; -1 when it was called before',
      example: 'rr.recordRoute(ctx);',
    },
    record_route_preset: {
      method: 'recordRoute',
      args: ['address'],
      routes: requestOnly,
      doc: 'The same with this host, or host and port, in the place of the own address.',
      returns: '1; -1 when it was called before',
      example: "rr.recordRoute(ctx, { preset: 'sip.example.org:5060' });",
    },
    add_rr_param: {
      method: 'addRrParam',
      args: ['parameter'],
      routes: requestOnly,
      doc: 'Adds a parameter to the Record-Route, before or after record_route.',
      returns: '1',
      example: "rr.addRrParam(ctx, ';nat=yes');",
    },
    loose_route: {
      method: 'looseRoute',
      args: [],
      routes: requestOnly,
      doc: 'Does what the Route header says and takes our own entries off it (RFC 3261 §16.4).',
      returns: '1 when the Route decided the next hop; -1 when not',
      example: 'const { routed, inDialog } = rr.looseRoute(ctx);',
    },
    check_route_param: {
      method: 'routeParameters',
      args: ['regex'],
      routes: requestOrFailure,
      doc: 'After loose_route: whether the parameters of our own Route entry match.',
      returns: '1 true; -1 false',
      example: "const natted = rr.routeParameters(ctx)?.includes(';nat=yes');",
    },
    is_direction: {
      method: 'direction',
      args: ['direction'],
      routes: requestOrFailure,
      doc: 'After loose_route: whether who opened the dialog sends the request (downstream) or the other side (upstream).',
      returns: '1 true; -1 false',
      example: "const fromCallee = rr.direction(ctx) === 'upstream';",
    },
  },
});

/** The options of `rr`, all present. */
export type RrModuleOptions = ModuleOptions<typeof rrModule>;
