import { assert } from '../base/assert.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { ClientTransaction, ClientTransactionOptions, ClientTransactionUser } from './client-transaction.ts';
import { type TimerOwner, TransactionTimer } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { isTransportError } from './transaction-port.ts';

/** The states of RFC 3261 figure 6. */
export type ClientNonInviteState = 'trying' | 'proceeding' | 'completed' | 'terminated';

/** `error` reports a first send that failed, after the constructor's caller has the transaction in hand. */
export type ClientNonInviteTimer = 'E' | 'F' | 'K' | 'error';

const transitions: Readonly<Record<ClientNonInviteState, readonly ClientNonInviteState[]>> = {
  trying: ['proceeding', 'completed', 'terminated'],
  proceeding: ['completed', 'terminated'],
  completed: ['terminated'],
  terminated: [],
};

/** The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6). */
export class ClientNonInvite implements ClientTransaction, TimerOwner<ClientNonInviteTimer> {
  readonly kind = 'non-invite';
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #host: TransactionHost;
  readonly #key: string;
  readonly #user: ClientTransactionUser;
  readonly #repeat: TransactionTimer<ClientNonInviteTimer>;
  readonly #life: TransactionTimer<ClientNonInviteTimer>;
  readonly #timerFMs: number;
  #state: ClientNonInviteState = 'trying';
  #bytes: Buffer | undefined = undefined;
  #intervalMs: number;

  constructor(
    host: TransactionHost,
    key: string,
    request: SipRequest,
    flow: Flow,
    user: ClientTransactionUser,
    options: ClientTransactionOptions | undefined,
  ) {
    this.request = request;
    this.flow = flow;
    this.#host = host;
    this.#key = key;
    this.#user = user;
    this.#repeat = new TransactionTimer(host.clock, this);
    this.#life = new TransactionTimer(host.clock, this);
    this.#intervalMs = host.timers.t1Ms;
    this.#timerFMs = options?.frTimerMs ?? host.timers.frTimerMs ?? 64 * host.timers.t1Ms;
  }

  get state(): ClientNonInviteState {
    return this.#state;
  }

  /** Sends the request for the first time and starts timers E and F. */
  start(): void {
    const bytes = this.request.toBuffer();
    if (isTransportError(this.flow, this.flow.send(bytes))) {
      this.failSoon();
      return;
    }
    this.#life.arm('F', this.#timerFMs);
    if (this.flow.reliable) return;
    this.#bytes = bytes;
    this.#repeat.arm('E', this.#intervalMs);
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
    this.#bytes = undefined;
    // Timer K is T4 over unreliable transports, zero over reliable ones.
    if (this.flow.reliable) {
      this.#terminate();
      this.#user.onResponse(response, this, flow);
      this.#user.onTerminated?.(this);
      return;
    }
    this.#life.arm('K', this.#host.timers.t4Ms);
    this.#user.onResponse(response, this, flow);
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
        this.#user.onTerminated?.(this);
        return;
      case 'K':
        this.terminate();
        return;
      case 'error':
        this.#transportError();
        return;
    }
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#terminate();
    this.#user.onTerminated?.(this);
  }

  /** Forgets the timers, for a layer that stops. */
  stop(): void {
    this.#repeat.disarm();
    this.#life.disarm();
    this.#state = 'terminated';
  }

  #retransmit(): void {
    assert(this.#bytes !== undefined, 'only unreliable transports retransmit');
    const { t2Ms } = this.#host.timers;
    // §17.1.2.2: Trying doubles up to T2, Proceeding keeps to T2.
    this.#intervalMs = this.#state === 'proceeding' ? t2Ms : Math.min(2 * this.#intervalMs, t2Ms);
    this.#repeat.arm('E', this.#intervalMs);
    this.#host.stats.requestRetransmissionsSent++;
    if (isTransportError(this.flow, this.flow.send(this.#bytes))) this.#transportError();
  }

  #transportError(): void {
    this.#host.stats.transportErrors++;
    this.#terminate();
    this.#user.onTransportError(this);
    this.#user.onTerminated?.(this);
  }

  #terminate(): void {
    this.#enter('terminated');
    this.#repeat.disarm();
    this.#life.disarm();
    this.#bytes = undefined;
    this.#host.forgetClient(this.#key, this);
  }

  #enter(state: ClientNonInviteState): void {
    assert(transitions[this.#state].includes(state), `non-INVITE client transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
