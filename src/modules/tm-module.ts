import { defineModule, type ModuleOptions } from '../routing/define-module.ts';

const requestOrFailure = ['request', 'failure'] as const;
const anyRoute = ['request', 'failure', 'reply'] as const;

/** Transactions: stateful relaying with forking. */
export const tmModule = defineModule({
  name: 'tm',
  doc: 'Stateful relaying: forking, timers, CANCEL, failure, branch and reply routes.',
  parameters: {
    fr_timer: {
      kind: 'integer',
      min: 1,
      max: 3600,
      default: 30,
      example: 5,
      unit: 's',
      state: 'supported',
      doc: 'How long a branch may stay without a final reply (for INVITE: without any reply).',
    },
    fr_inv_timer: {
      kind: 'integer',
      min: 1,
      max: 3600,
      default: 181,
      example: 120,
      unit: 's',
      state: 'supported',
      doc: "How long an INVITE branch may ring after a provisional reply: RFC 3261's Timer C, which is more than 3 minutes there.",
    },
  },
  functions: {
    t_relay: {
      method: 'relay',
      args: [],
      routes: requestOrFailure,
      doc: 'Sends the request to its Request-URI and branches, statefully.',
      returns: '1 when at least one branch went out; 0 when an error reply was sent',
      example: 'return tm.relay(ctx);',
    },
    t_replicate: {
      method: 'replicate',
      args: ['host', 'port'],
      routes: ['request'],
      doc: 'Sends a copy of the request to a fixed host; its replies go nowhere.',
      returns: '1 when it was sent; -1 when not',
      example: "tm.replicate(ctx, { host: '10.0.0.2', port: 5060 });",
    },
    t_newtran: {
      method: 'newTransaction',
      args: [],
      routes: ['request'],
      doc: 'Makes the transaction before anything is decided: retransmissions are absorbed, and replies go by it.',
      returns: '1 when it was made; 0 for a retransmission, which ends the script; -1 when not',
      example: "if (tm.newTransaction(ctx) !== 'created') return ctx.drop();",
    },
    t_release: {
      method: 'release',
      args: [],
      routes: ['request'],
      doc: 'Ends the transaction that t_newtran has made.',
      returns: '1; -1 when there is none',
      example: 'tm.release(ctx);',
    },
    t_is_set: {
      method: 'isArmed',
      args: ['kind'],
      routes: requestOrFailure,
      doc: 'Whether a failure, branch or reply route is armed.',
      returns: '1 true; -1 false',
      example: "if (!tm.isArmed(ctx, 'branch')) tm.onBranch(ctx, 'mark');",
    },
    t_on_failure: {
      method: 'onFailure',
      args: ['route'],
      routes: anyRoute,
      doc: 'Arms a failure route: it runs when every branch has failed.',
      returns: '1',
      example: "tm.onFailure(ctx, 'voicemail');",
    },
    t_on_reply: {
      method: 'onReply',
      args: ['route'],
      routes: anyRoute,
      doc: 'Arms a reply route: it sees every reply from downstream.',
      returns: '1',
      example: "tm.onReply(ctx, 'watch');",
    },
    t_on_branch: {
      method: 'onBranch',
      args: ['route'],
      routes: requestOrFailure,
      doc: 'Arms a branch route: it sees every copy before it is sent.',
      returns: '1',
      example: "tm.onBranch(ctx, 'mark');",
    },
  },
});

/** The options of `tm`, all present. */
export type TmModuleOptions = ModuleOptions<typeof tmModule>;
