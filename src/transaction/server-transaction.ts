import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { ServerInviteState } from './server-invite.ts';
import type { ServerNonInviteState } from './server-non-invite.ts';

/** What became of a response: a response that the machine no longer allows is discarded (RFC 3261 §17.2.2). */
export type RespondOutcome = 'sent' | 'discarded';

/** A server transaction as its user sees it (RFC 3261 §17.2). */
export interface ServerTransaction {
  readonly kind: 'invite' | 'non-invite';
  readonly request: SipRequest;
  /** The flow the request came by, and its replies go. */
  readonly flow: Flow;
  readonly state: ServerInviteState | ServerNonInviteState;
  /** The response that answers a retransmission, if there is one. */
  readonly lastResponse: SipResponse | undefined;
  /** The To tag of every response made here; a 200 to a CANCEL carries it as well (RFC 3261 §9.2). */
  readonly toTag: string;
  /** Sends a response, its top Via being the request's. It is serialised once and repeated verbatim. */
  respond(response: SipResponse): RespondOutcome;
  /** Ends the transaction without a word: for a request that is dropped on purpose. */
  terminate(): void;
  /**
   * Says that a non-INVITE request is never going to be answered: its retransmissions are absorbed for as long as
   * timer J runs. An INVITE is always answered, or dropped by `terminate`.
   */
  abandon(): void;
}

/** What uses a server transaction: a proxy's response context or a local service (RFC 3261 §17, "TU"). */
export interface ServerTransactionUser {
  /** A CANCEL for this INVITE arrived before its final response; it has been answered 200 (RFC 3261 §9.2). */
  onCancel?(cancel: SipRequest): void;
  /** An ACK for a 2xx came with the INVITE's own key; it is routed as a new request too (RFC 6026 §7.1). */
  onAck?(ack: SipRequest): void;
  /** Timer H: nobody acknowledged the negative response (RFC 3261 §17.2.1). */
  onAckTimeout?(): void;
  /**
   * A response could not be delivered; the transaction goes on (RFC 6026 §8.8). May be called inside `respond`. Of a
   * non-INVITE's final response this is told for the first sending, not for repetitions.
   */
  onTransportError?(): void;
  /** Nothing more is told: it has terminated, or what is left to do the layer does alone (non-INVITE, Completed). */
  onEnded?(): void;
}
