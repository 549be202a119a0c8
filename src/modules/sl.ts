import type { Handled } from '../routing/handled.ts';
import type { ReplyOptions, RequestContext } from '../routing/request-context.ts';
import { reasonPhrase } from '../sip/reason-phrases.ts';

/** The manual's `sl`: replies without a transaction. */
export class StatelessModule {
  /**
   * `sl_send_reply(code, reason)`: answers at once, without a transaction of its own; a retransmission gets the same
   * reply, To tag included.
   *
   * @param status 100..699
   */
  sendReply(context: RequestContext, status: number, reason = reasonPhrase(status), options?: ReplyOptions): Handled {
    return context.reply(status, reason, options);
  }
}
