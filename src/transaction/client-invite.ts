import { assert } from '../base/assert.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { type Flow, sendText } from '../transport/flow.ts';
import { createAck } from './ack.ts';
import { createCancel } from './cancel.ts';
import type { ClientTransaction, ClientTransactionOptions, ClientTransactionUser } from './client-transaction.ts';
import { PeerEntry } from './peer-index.ts';
import { type TimerOwner, TransactionTimer } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { isTransportError } from './transaction-port.ts';

/** The states of RFC 3261 figure 5 as RFC 6026 §7.2 corrects it. */
export type ClientInviteState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

/**
 * `fr-inv` is OpenSER's fr_inv_timer, `cancel` the 64*T1 that a CANCEL waits for its 487 (RFC 3261 §9.1), `error`
 * reports a first send that failed, after the constructor's caller has the transaction in hand.
 */
export type ClientInviteTimer = 'A' | 'B' | 'M' | 'fr-inv' | 'cancel' | 'error';

/** How far a CANCEL is: `held` until the first provisional response (RFC 3261 §9.1). */
type CancelProgress = 'none' | 'held' | 'sent';

const transitions: Readonly<Record<ClientInviteState, readonly ClientInviteState[]>> = {
  calling: ['proceeding', 'accepted', 'completed', 'terminated'],
  proceeding: ['accepted', 'completed', 'terminated'],
  accepted: ['terminated'],
  completed: ['terminated'],
  terminated: [],
};

/**
 * The INVITE client transaction (RFC 3261 §17.1.1, RFC 6026 §7.2). All that Completed does is to repeat its ACK, which
 * it leaves to the layer: this object, the request and the user are then free.
 */
export class ClientInvite extends PeerEntry implements ClientTransaction, TimerOwner<ClientInviteTimer> {
  readonly kind = 'invite';
  readonly request: SipRequest;
  readonly #host: TransactionHost;
  readonly #user: ClientTransactionUser;
  readonly #repeat: TransactionTimer<ClientInviteTimer>;
  readonly #life: TransactionTimer<ClientInviteTimer>;
  readonly #timerBMs: number;
  readonly #frInvTimerMs: number | undefined;
  #state: ClientInviteState = 'calling';
  /** What timer A sends again while Calling. */
  #wire: string | undefined = undefined;
  #intervalMs: number;
  #cancel: CancelProgress = 'none';
  #cancelReason: string | undefined = undefined;
  #timedOut = false;
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
    this.#timerBMs = options?.frTimerMs ?? host.timers.frTimerMs ?? 64 * host.timers.t1Ms;
    this.#frInvTimerMs = options?.frInvTimerMs ?? host.timers.frInvTimerMs;
  }

  get state(): ClientInviteState {
    // The layer knows whether timer D has fired.
    return this.#isLeft && !this.#host.isClientCompleted(this.key, this.kind) ? 'terminated' : this.#state;
  }

  /** Sends the INVITE for the first time and starts timers A and B. */
  start(): void {
    this.#wire = this.request.toWire();
    this.#life.arm('B', this.#timerBMs);
    if (!this.flow.reliable) this.#repeat.arm('A', this.#intervalMs);
    if (isTransportError(this.flow, sendText(this.flow, this.#wire))) {
      this.#repeat.disarm();
      this.failSoon();
    }
  }

  /** Reports a transport error once the present call is over. */
  failSoon(): void {
    this.#life.arm('error', 0);
  }

  cancel(reason?: string): void {
    if (this.#cancel !== 'none') return;
    if (this.#state === 'calling') {
      this.#cancel = 'held';
      this.#cancelReason = reason;
    } else if (this.#state === 'proceeding') {
      this.#cancelReason = reason;
      this.#sendCancel();
    }
  }

  receiveResponse(response: SipResponse, flow: Flow): void {
    switch (this.#state) {
      case 'calling':
      case 'proceeding':
        if (response.status < 200) this.#provisional(response, flow);
        else if (response.status < 300) this.#accept(response, flow);
        else this.#complete(response, flow);
        return;
      case 'accepted':
        // RFC 6026 §7.2: every 2xx goes up, be it a retransmission or from another fork.
        if (response.status >= 200 && response.status < 300) this.#user.onResponse(response, this, flow);
        else this.#host.stats.responsesAbsorbed++;
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  #provisional(response: SipResponse, flow: Flow): void {
    if (this.#state === 'calling') {
      this.#enter('proceeding');
      this.#repeat.disarm();
      this.#life.disarm();
      this.#wire = undefined;
      if (this.#cancel === 'held') this.#sendCancel();
      else this.#armFrInv();
    } else if (this.#cancel === 'none' && response.status > 100) {
      this.#armFrInv();
    }
    this.#user.onResponse(response, this, flow);
  }

  #accept(response: SipResponse, flow: Flow): void {
    this.#enter('accepted');
    this.#repeat.disarm();
    this.#wire = undefined;
    this.#life.arm('M', 64 * this.#host.timers.t1Ms);
    this.#user.onResponse(response, this, flow);
  }

  #complete(response: SipResponse, flow: Flow): void {
    this.#enter('completed');
    this.#repeat.disarm();
    this.#life.disarm();
    this.#wire = undefined;
    // §17.1.1.3: the ACK goes to the same address, port and transport as the INVITE.
    const ack = createAck(this.request, response).toWire();
    const failed = isTransportError(this.flow, sendText(this.flow, ack));
    // Timer D is at least 32 s over unreliable transports, zero over reliable ones.
    if (failed || this.flow.reliable) {
      this.#terminate();
    } else {
      this.#isLeft = true;
      this.#host.completeClient(this, ack);
    }
    this.#user.onResponse(response, this, flow);
    if (failed) {
      this.#host.stats.transportErrors++;
      this.#user.onTransportError(this);
    }
    this.#user.onEnded?.(this);
  }

  #sendCancel(): void {
    this.#cancel = 'sent';
    this.#life.arm('cancel', 64 * this.#host.timers.t1Ms);
    this.#host.sendCancel(createCancel(this.request, this.#cancelReason), this.flow);
  }

  #armFrInv(): void {
    if (this.#frInvTimerMs !== undefined) this.#life.arm('fr-inv', this.#frInvTimerMs);
  }

  /** The flow or the peer failed: a request that nobody answered is taken for lost (RFC 3261 §17.1.4). */
  fail(): void {
    if (this.#state === 'calling') this.#transportError();
  }

  timerFired(letter: ClientInviteTimer): void {
    switch (letter) {
      case 'A':
        assert(this.#wire !== undefined, 'only unreliable transports retransmit');
        // §17.1.1.2: timer A doubles without a limit; timer B ends it after seven INVITEs.
        this.#intervalMs *= 2;
        this.#repeat.arm('A', this.#intervalMs);
        this.#host.stats.requestRetransmissionsSent++;
        if (isTransportError(this.flow, sendText(this.flow, this.#wire))) this.#transportError();
        return;
      case 'B':
      case 'cancel':
        this.#terminate();
        this.#timeout();
        this.#user.onEnded?.(this);
        return;
      case 'fr-inv':
        // §16.8: without a final response the CANCEL goes out, and whatever answers it still comes up.
        this.cancel();
        this.#timeout();
        return;
      case 'M':
        this.terminate();
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

  #timeout(): void {
    if (this.#timedOut) return;
    this.#timedOut = true;
    this.#host.stats.timeouts++;
    this.#user.onTimeout(this);
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

  #enter(state: ClientInviteState): void {
    assert(transitions[this.#state].includes(state), `INVITE client transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
