import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { createResponse } from '../sip/create-response.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { RespondOutcome, ServerTransaction, ServerTransactionUser } from './server-transaction.ts';

/** What takes an INVITE over that was pending. */
export type InviteTaker = Pick<ServerTransactionUser, 'onCancel'>;

/**
 * How long routes may think about an INVITE, ms: as long as a phone may ring (Timer C, RFC 3261 §16.6 step 11). A
 * route that never settles would hold its transaction for ever.
 */
export const maxPendingMs = 181_000;

/**
 * The user of an INVITE's server transaction while a route that waits for something has not decided yet. RFC 3261
 * §17.2.1 wants the transaction before the decision: it says 100 after 200 ms, takes the retransmissions, and is what
 * a CANCEL finds (§9.2). Also that of any request for which a route has asked for its transaction (`t_newtran`).
 */
export class PendingInvite implements ServerTransactionUser {
  readonly #clock: Clock;
  readonly #onOverdue: () => void;
  /** Whether a route has asked for the transaction (`t_newtran`); else it is there because the route waits. */
  isAsked = false;
  #server: ServerTransaction | undefined = undefined;
  #taker: InviteTaker | undefined = undefined;
  #overdue: Timer | undefined = undefined;

  /** @param onOverdue told when nothing was decided in `maxPendingMs` and the INVITE has been answered 500 */
  constructor(clock: Clock, onOverdue: () => void) {
    this.#clock = clock;
    this.#onOverdue = onOverdue;
  }

  /** Takes the transaction that was created with this as its user. */
  attach(server: ServerTransaction): void {
    assert(this.#server === undefined, 'a pending INVITE has one server transaction');
    this.#server = server;
    this.#overdue = this.#clock.after(maxPendingMs, () => {
      if (this.#answer(500) === 'sent') this.#onOverdue();
    });
  }

  /** Answers the INVITE by the route's decision; `discarded` when it has its final response. */
  respond(response: SipResponse): RespondOutcome {
    if (response.status >= 200) this.#overdue?.cancel();
    return this.#transaction.respond(response);
  }

  /**
   * Hands the transaction over: CANCEL and everything else is the taker's business from now on.
   *
   * @returns undefined when there is nothing left to do: it was cancelled or answered meanwhile, or has its taker
   */
  handTo(taker: InviteTaker): ServerTransaction | undefined {
    if (this.#taker !== undefined || !this.#isUnanswered) return undefined;
    this.#overdue?.cancel();
    this.#taker = taker;
    return this.#transaction;
  }

  /** The route has ended: without an answer or a taker the INVITE is forgotten, as it was meant. */
  routeEnded(): void {
    this.#overdue?.cancel();
    if (this.#taker === undefined && this.#isUnanswered) this.#transaction.terminate();
  }

  onCancel(cancel: SipRequest): void {
    if (this.#taker) this.#taker.onCancel?.(cancel);
    else this.#answer(487);
  }

  get #transaction(): ServerTransaction {
    assert(this.#server !== undefined, 'attach comes first');
    return this.#server;
  }

  get #isUnanswered(): boolean {
    const { state } = this.#transaction;
    return state === 'proceeding' || state === 'trying';
  }

  #answer(status: number): RespondOutcome {
    const { request, toTag } = this.#transaction;
    return this.respond(createResponse(request, status, undefined, { toTag }));
  }
}
