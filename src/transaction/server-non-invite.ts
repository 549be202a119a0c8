import { assert } from '../base/assert.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { RespondOutcome, ServerTransaction, ServerTransactionUser } from './server-transaction.ts';
import { type TimerOwner, TransactionTimer } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';

/** The states of RFC 3261 figure 8. */
export type ServerNonInviteState = 'trying' | 'proceeding' | 'completed' | 'terminated';

const transitions: Readonly<Record<ServerNonInviteState, readonly ServerNonInviteState[]>> = {
  trying: ['proceeding', 'completed', 'terminated'],
  proceeding: ['completed', 'terminated'],
  completed: ['terminated'],
  terminated: [],
};

/** The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8). */
export class ServerNonInvite implements ServerTransaction, TimerOwner<'J'> {
  readonly kind = 'non-invite';
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #host: TransactionHost;
  readonly #key: string;
  readonly #via: Via;
  readonly #user: ServerTransactionUser;
  readonly #life: TransactionTimer<'J'>;
  #state: ServerNonInviteState = 'trying';
  #lastResponse: SipResponse | undefined = undefined;
  #bytes: Buffer | undefined = undefined;
  #toTag: string | undefined = undefined;

  constructor(
    host: TransactionHost,
    key: string,
    via: Via,
    request: SipRequest,
    flow: Flow,
    user: ServerTransactionUser,
  ) {
    this.request = request;
    this.flow = flow;
    this.#host = host;
    this.#key = key;
    this.#via = via;
    this.#user = user;
    this.#life = new TransactionTimer(host.clock, this);
  }

  get state(): ServerNonInviteState {
    return this.#state;
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
    this.#bytes = response.toBuffer();
    if (response.status < 200) {
      if (this.#state === 'trying') this.#enter('proceeding');
      this.#send();
      return 'sent';
    }
    this.#enter('completed');
    // Timer J is 64*T1 over unreliable transports, zero over reliable ones.
    if (!this.flow.reliable) this.#life.arm('J', 64 * this.#host.timers.t1Ms);
    this.#send();
    if (this.flow.reliable) this.terminate();
    return 'sent';
  }

  /** The request came again: Trying discards it, the later states repeat the last response. */
  receiveRetransmission(): void {
    this.#host.stats.requestRetransmissionsReceived++;
    if (this.#bytes === undefined) return;
    this.#host.stats.responseRetransmissionsSent++;
    this.#send();
  }

  timerFired(_letter: 'J'): void {
    this.terminate();
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#enter('terminated');
    this.#life.disarm();
    this.#host.forgetServer(this.#key, undefined);
    this.#user.onTerminated?.();
  }

  /** Forgets the timer, for a layer that stops. */
  stop(): void {
    this.#life.disarm();
    this.#state = 'terminated';
  }

  #send(): void {
    assert(this.#bytes !== undefined, 'there is a response to send');
    // RFC 6026 §8.8: the TU is told, the state stays; a retransmission may yet be answered.
    if (!this.#host.reply(this.flow, this.#via, this.#bytes)) this.#user.onTransportError?.();
  }

  #enter(state: ServerNonInviteState): void {
    assert(transitions[this.#state].includes(state), `non-INVITE server transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
