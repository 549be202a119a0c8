import type { DelayQueues } from '../base/delay-queue.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { ClientInvite } from './client-invite.ts';
import type { ClientNonInvite } from './client-non-invite.ts';
import type { ServerInvite } from './server-invite.ts';
import type { ServerNonInvite } from './server-non-invite.ts';
import type { TimerSettings } from './timers.ts';
import type { TransactionStats } from './transaction-stats.ts';

/** What the machines need of the layer that holds them. */
export interface TransactionHost {
  /** Where the running timers wait. */
  readonly delays: DelayQueues;
  readonly timers: TimerSettings;
  readonly stats: TransactionStats;
  /** A fresh To tag. */
  newTag(): string;
  /** Sends a reply. @returns false on a transport error */
  reply(flow: Flow, via: Via, message: string): boolean;
  /** Sends a CANCEL in a client transaction of its own (RFC 3261 §9.1). */
  sendCancel(cancel: SipRequest, flow: Flow): void;
  /** Lets the ACK of an RFC 2543 peer find the server transaction (RFC 3261 §17.2.3). */
  addAckKey(ackKey: string, transaction: ServerInvite): void;
  /**
   * Takes a server transaction over that is Completed: the layer itself repeats its reply until timer J fires, and
   * nothing else of it is kept.
   * @param reply empty when the request is never going to be answered
   */
  completeServer(transaction: ServerNonInvite, via: Via, reply: string): void;
  /** Whether a server transaction that it has taken over still is Completed. */
  isServerCompleted(key: string): boolean;
  /** Forgets a server transaction that terminated. */
  forgetServer(transaction: ServerInvite | ServerNonInvite, ackKey: string | undefined): void;
  /**
   * Takes a client transaction over that is Completed: the layer itself absorbs its responses, and answers those to
   * an INVITE by the ACK, until timer K or D fires. Nothing else of it is kept.
   * @param ack empty for another request
   */
  completeClient(transaction: ClientInvite | ClientNonInvite, ack: string): void;
  /** Whether a client transaction that it has taken over still is Completed. */
  isClientCompleted(key: string, kind: 'invite' | 'non-invite'): boolean;
  /** Forgets a client transaction that terminated. */
  forgetClient(transaction: ClientInvite | ClientNonInvite): void;
}
