import { assert } from '../base/assert.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { RespondOutcome, ServerTransaction, ServerTransactionUser } from './server-transaction.ts';
import type { TransactionHost } from './transaction-host.ts';
import { TableEntry } from './transaction-table.ts';

/** The states of RFC 3261 figure 8. */
export type ServerNonInviteState = 'trying' | 'proceeding' | 'completed' | 'terminated';

const transitions: Readonly<Record<ServerNonInviteState, readonly ServerNonInviteState[]>> = {
  trying: ['proceeding', 'completed', 'terminated'],
  proceeding: ['completed', 'terminated'],
  completed: ['terminated'],
  terminated: [],
};

/**
 * The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8). All that Completed does is to repeat one reply, which
 * it leaves to the layer: this object, the request and the user are then free.
 */
export class ServerNonInvite extends TableEntry implements ServerTransaction {
  readonly kind = 'non-invite';
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #host: TransactionHost;
  readonly #via: Via;
  readonly #user: ServerTransactionUser;
  #state: ServerNonInviteState = 'trying';
  #lastResponse: SipResponse | undefined = undefined;
  #wire: string | undefined = undefined;
  #toTag: string | undefined = undefined;
  /** The layer has what is left of it. */
  #isLeft = false;

  constructor(
    host: TransactionHost,
    key: string,
    via: Via,
    request: SipRequest,
    flow: Flow,
    user: ServerTransactionUser,
  ) {
    super(key);
    this.request = request;
    this.flow = flow;
    this.#host = host;
    this.#via = via;
    this.#user = user;
  }

  get state(): ServerNonInviteState {
    // The layer knows whether timer J has fired.
    return this.#isLeft && !this.#host.isServerCompleted(this.key) ? 'terminated' : this.#state;
  }

  get lastResponse(): SipResponse | undefined {
    return this.#lastResponse;
  }

  get toTag(): string {
    this.#toTag ??= this.#host.newTag();
    return this.#toTag;
  }

  respond(response: SipResponse): RespondOutcome {
    // §17.2.2: any other final response of the TU in Completed is discarded.
    if (this.#state === 'completed' || this.#state === 'terminated') return 'discarded';
    this.#lastResponse = response;
    this.#wire = response.toWire();
    if (response.status < 200) {
      if (this.#state === 'trying') this.#enter('proceeding');
      this.#send();
      return 'sent';
    }
    this.#enter('completed');
    this.#send();
    this.#leaveToLayer(this.#wire);
    return 'sent';
  }

  abandon(): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    this.#enter('completed');
    this.#leaveToLayer('');
  }

  // Timer J is 64*T1 over unreliable transports, zero over reliable ones.
  #leaveToLayer(reply: string): void {
    // The user may have ended it when told that the reply could not be delivered.
    if (this.#state !== 'completed') return;
    if (this.flow.reliable) {
      this.terminate();
      return;
    }
    this.#isLeft = true;
    this.#host.completeServer(this, this.#via, reply);
    this.#user.onEnded?.();
  }

  /** The request came again: Trying discards it, the later states repeat the last response. */
  receiveRetransmission(): void {
    this.#host.stats.requestRetransmissionsReceived++;
    if (this.#wire === undefined) return;
    this.#host.stats.responseRetransmissionsSent++;
    this.#send();
  }

  terminate(): void {
    if (this.state === 'terminated') return;
    this.#enter('terminated');
    this.#host.forgetServer(this, undefined);
    if (!this.#isLeft) this.#user.onEnded?.();
  }

  /** For a layer that stops. */
  stop(): void {
    this.#state = 'terminated';
  }

  #send(): void {
    assert(this.#wire !== undefined, 'there is a response to send');
    // RFC 6026 §8.8: the TU is told, the state stays; a retransmission may yet be answered.
    if (!this.#host.reply(this.flow, this.#via, this.#wire)) this.#user.onTransportError?.();
  }

  #enter(state: ServerNonInviteState): void {
    assert(transitions[this.#state].includes(state), `non-INVITE server transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
