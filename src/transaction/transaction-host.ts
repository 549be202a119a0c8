import type { Clock } from '../base/clock.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { ClientInvite } from './client-invite.ts';
import type { ClientNonInvite } from './client-non-invite.ts';
import type { ServerInvite } from './server-invite.ts';
import type { TimerSettings } from './timers.ts';
import type { TransactionStats } from './transaction-stats.ts';

/** What the machines need of the layer that holds them. */
export interface TransactionHost {
  readonly clock: Clock;
  readonly timers: TimerSettings;
  readonly stats: TransactionStats;
  /** A fresh To tag. */
  newTag(): string;
  /** Sends a reply. @returns false on a transport error */
  reply(flow: Flow, via: Via, bytes: Buffer): boolean;
  /** Sends a CANCEL in a client transaction of its own (RFC 3261 §9.1). */
  sendCancel(cancel: SipRequest, flow: Flow): void;
  /** Lets the ACK of an RFC 2543 peer find the server transaction (RFC 3261 §17.2.3). */
  addAckKey(ackKey: string, transaction: ServerInvite): void;
  /** Forgets a server transaction that terminated. */
  forgetServer(key: string, ackKey: string | undefined): void;
  /** Forgets a client transaction that terminated. */
  forgetClient(key: string, transaction: ClientInvite | ClientNonInvite): void;
}
