import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Via } from '../sip/headers/via.ts';
import type { Flow, SendResult } from '../transport/flow.ts';

/** Everything through which transactions act on the world; requests leave by their flow's own `send`. */
export interface TransactionPort {
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Sends a reply along the request's flow, or by its top Via when that is gone (RFC 3261 §18.2.2, RFC 3581).
   * @param message a text of one byte per character
   * @returns what became of it where that is known at once
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a port that learns of failures later returns nothing
  reply(flow: Flow, via: Via, message: string): SendResult | void;
}

/**
 * Whether a send counts as a transport error (RFC 3261 §17.1.4, §17.2.4). A datagram that found the queue full is
 * as good as lost on the way: the retransmission repairs it.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: see TransactionPort.reply
export function isTransportError(flow: Flow, result: SendResult | void): boolean {
  return result === 'closed' || (result === 'overflow' && flow.reliable);
}
