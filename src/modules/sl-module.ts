import { defineModule } from '../routing/define-module.ts';

/** Replies without a transaction. */
export const slModule = defineModule({
  name: 'sl',
  doc: 'Stateless replies: a retransmission gets the same reply, To tag included, and the ACK for it is absorbed.',
  parameters: {},
  functions: {
    sl_send_reply: {
      method: 'sendReply',
      args: ['code', 'reason'],
      routes: ['request'],
      doc: 'Answers at once. A 3xx lists the rewritten Request-URI and the branches as contacts.',
      returns: '1 when it was sent; -1 for an ACK, which is never answered',
      example: "return sl.sendReply(ctx, 302, 'Moved Temporarily');",
    },
  },
});
