import { assert } from '../base/assert.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { type Flow, sendText } from '../transport/flow.ts';
import type { ClientTransaction, ClientTransactionOptions, ClientTransactionUser } from './client-transaction.ts';
import { PeerEntry } from './peer-index.ts';
import { type TimerOwner, TransactionTimer } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { isTransportError } from './transaction-port.ts';

/** The states of RFC 3261 figure 6. */
export type ClientNonInviteState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** `error` reports a first send that failed, after the constructor's caller has the transaction in hand. */
export type ClientNonInviteTimer = 'E' | 'F' | 'error';

const transitions: Readonly<Record<ClientNonInviteState, readonly ClientNonInviteState[]>> = {
  trying: ['proceeding', 'completed', 'terminated'],
  proceeding: ['completed', 'terminated'],
  completed: ['terminated'],
  terminated: [],
};

/**
 * The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6). All that Completed does is to absorb responses, which
 * it leaves to the layer: this object, the request and the user are then free.
 */
export class ClientNonInvite extends PeerEntry implements ClientTransaction, TimerOwner<ClientNonInviteTimer> {
  readonly kind = 'non-invite';
  readonly request: SipRequest;
  readonly #host: TransactionHost;
  readonly #user: ClientTransactionUser;
  readonly #repeat: TransactionTimer<ClientNonInviteTimer>;
  readonly #life: TransactionTimer<ClientNonInviteTimer>;
  readonly #timerFMs: number;
  #state: ClientNonInviteState = 'trying';
  #wire: string | undefined = undefined;
  #intervalMs: number;
  /** The layer has what is left of it. */
  #isLeft = false;

  constructor(
    host: TransactionHost,
    key: string,
    request: SipRequest,
    flow: Flow,
    user: ClientTransactionUser,
    options: ClientTransactionOptions | undefined,
  ) {
    super(key, flow);
    this.request = request;
    this.#host = host;
    this.#user = user;
    this.#repeat = new TransactionTimer(host.delays, this);
    this.#life = new TransactionTimer(host.delays, this);
    this.#intervalMs = host.timers.t1Ms;
    this.#timerFMs = options?.frTimerMs ?? host.timers.frTimerMs ?? 64 * host.timers.t1Ms;
  }

  get state(): ClientNonInviteState {
    // The layer knows whether timer K has fired.
    return this.#isLeft && !this.#host.isClientCompleted(this.key, this.kind) ? 'terminated' : this.#state;
  }

  /** Sends the request for the first time and starts timers E and F. */
  start(): void {
    this.#wire = this.request.toWire();
    this.#life.arm('F', this.#timerFMs);
    if (!this.flow.reliable) this.#repeat.arm('E', this.#intervalMs);
    if (isTransportError(this.flow, sendText(this.flow, this.#wire))) {
      this.#repeat.disarm();
      this.failSoon();
    }
  }

  /** Reports a transport error once the present call is over. */
  failSoon(): void {
    this.#life.arm('error', 0);
  }

  /** RFC 3261 §9.1: CANCEL is for INVITE only. */
  cancel(): void {}

  receiveResponse(response: SipResponse, flow: Flow): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') {
      this.#host.stats.responsesAbsorbed++;
      return;
    }
    if (response.status < 200) {
      if (this.#state === 'trying') this.#enter('proceeding');
      this.#user.onResponse(response, this, flow);
      return;
    }
    this.#enter('completed');
    this.#repeat.disarm();
    this.#life.disarm();
    this.#wire = undefined;
    // Timer K is T4 over unreliable transports, zero over reliable ones.
    if (this.flow.reliable) {
      this.#terminate();
    } else {
      this.#isLeft = true;
      this.#host.completeClient(this, '');
    }
    this.#user.onResponse(response, this, flow);
    this.#user.onEnded?.(this);
  }

  /** The flow or the peer failed: a request that nobody answered is taken for lost (RFC 3261 §17.1.4). */
  fail(): void {
    if (this.#state === 'trying') this.#transportError();
  }

  timerFired(letter: ClientNonInviteTimer): void {
    switch (letter) {
      case 'E':
        this.#retransmit();
        return;
      case 'F':
        this.#host.stats.timeouts++;
        this.#terminate();
        this.#user.onTimeout(this);
        this.#user.onEnded?.(this);
        return;
      case 'error':
        this.#transportError();
        return;
    }
  }

  terminate(): void {
    if (this.state === 'terminated') return;
    this.#terminate();
    if (!this.#isLeft) this.#user.onEnded?.(this);
  }

  /** Forgets the timers, for a layer that stops. */
  stop(): void {
    this.#repeat.disarm();
    this.#life.disarm();
    this.#state = 'terminated';
  }

  #retransmit(): void {
    assert(this.#wire !== undefined, 'only unreliable transports retransmit');
    const { t2Ms } = this.#host.timers;
    // §17.1.2.2: Trying doubles up to T2, Proceeding keeps to T2.
    this.#intervalMs = this.#state === 'proceeding' ? t2Ms : Math.min(2 * this.#intervalMs, t2Ms);
    this.#repeat.arm('E', this.#intervalMs);
    this.#host.stats.requestRetransmissionsSent++;
    if (isTransportError(this.flow, sendText(this.flow, this.#wire))) this.#transportError();
  }

  #transportError(): void {
    this.#host.stats.transportErrors++;
    this.#terminate();
    this.#user.onTransportError(this);
    this.#user.onEnded?.(this);
  }

  #terminate(): void {
    this.#enter('terminated');
    this.#repeat.disarm();
    this.#life.disarm();
    this.#wire = undefined;
    this.#host.forgetClient(this);
  }

  #enter(state: ClientNonInviteState): void {
    assert(transitions[this.#state].includes(state), `non-INVITE client transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
