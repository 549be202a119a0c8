import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { ClientInviteState } from './client-invite.ts';
import type { ClientNonInviteState } from './client-non-invite.ts';

/** A client transaction as its user sees it (RFC 3261 §17.1). */
export interface ClientTransaction {
  readonly kind: 'invite' | 'non-invite';
  /** The request as it was sent. */
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly state: ClientInviteState | ClientNonInviteState;
  /**
   * Cancels an INVITE (RFC 3261 §9.1): at once after a provisional response, held back until one comes otherwise,
   * without effect after a final one. For another method it has no effect.
   * @param reason value of a Reason header (RFC 3326), such as `SIP ;cause=200 ;text="Call completed elsewhere"`
   */
  cancel(reason?: string): void;
  /** Ends the transaction without a word. */
  terminate(): void;
}

/** What uses a client transaction. No method of it is called before `createClient` has returned. */
export interface ClientTransactionUser {
  /**
   * Every response to pass up: provisional ones, the first final one, and each further 2xx to an INVITE (RFC 6026).
   * @param flow the flow it came by
   */
  onResponse(response: SipResponse, transaction: ClientTransaction, flow: Flow): void;
  /**
   * No final response in time, once per transaction. After timer B or F, and 64*T1 after a CANCEL without an answer
   * (RFC 3261 §9.1), the state is `terminated`. After `frInvTimerMs` it is `proceeding`: the CANCEL is on its way
   * and a late final response still comes up.
   */
  onTimeout(transaction: ClientTransaction): void;
  /**
   * The request (or the first ACK for a final response that came up before) could not be delivered, or the layer is
   * full. The transaction is terminated (RFC 3261 §17.1.4).
   */
  onTransportError(transaction: ClientTransaction): void;
  /** Nothing more is told: it has terminated, or what is left to do the layer does alone (Completed). */
  onEnded?(transaction: ClientTransaction): void;
}

/** What may differ for one client transaction. */
export interface ClientTransactionOptions {
  /** Instead of `TimerSettings.frTimerMs`. */
  readonly frTimerMs?: number | undefined;
  /** Instead of `TimerSettings.frInvTimerMs`. */
  readonly frInvTimerMs?: number | undefined;
}
