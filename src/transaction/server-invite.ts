import { assert } from '../base/assert.ts';
import { createResponse } from '../sip/create-response.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import { ackKey } from './key.ts';
import type { RespondOutcome, ServerTransaction, ServerTransactionUser } from './server-transaction.ts';
import { type TimerOwner, TransactionTimer } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { TableEntry } from './transaction-table.ts';

/** The states of RFC 3261 figure 7 as RFC 6026 §7.1 corrects it. */
export type ServerInviteState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** `trying` is the 200 ms of §17.2.1 after which the transaction says 100 itself. */
export type ServerInviteTimer = 'trying' | 'G' | 'H' | 'I' | 'L';

const transitions: Readonly<Record<ServerInviteState, readonly ServerInviteState[]>> = {
  proceeding: ['accepted', 'completed', 'terminated'],
  accepted: ['terminated'],
  completed: ['confirmed', 'terminated'],
  confirmed: ['terminated'],
  terminated: [],
};

/** The INVITE server transaction (RFC 3261 §17.2.1, RFC 6026 §7.1). */
export class ServerInvite extends TableEntry implements ServerTransaction, TimerOwner<ServerInviteTimer> {
  readonly kind = 'invite';
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #host: TransactionHost;
  readonly #via: Via;
  readonly #user: ServerTransactionUser;
  readonly #repeat: TransactionTimer<ServerInviteTimer>;
  readonly #life: TransactionTimer<ServerInviteTimer>;
  #state: ServerInviteState = 'proceeding';
  #lastResponse: SipResponse | undefined = undefined;
  #wire: string | undefined = undefined;
  #intervalMs: number;
  #ackKey: string | undefined = undefined;
  #toTag: string | undefined = undefined;

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
    this.#repeat = new TransactionTimer(host.delays, this);
    this.#life = new TransactionTimer(host.delays, this);
    this.#intervalMs = host.timers.t1Ms;
    this.#repeat.arm('trying', host.timers.tryingMs);
  }

  get state(): ServerInviteState {
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
    const { status } = response;
    switch (this.#state) {
      case 'proceeding':
        this.#repeat.disarm();
        if (status < 200) this.#provisional(response);
        else if (status < 300) this.#accept(response);
        else this.#complete(response);
        return 'sent';
      case 'accepted':
        // RFC 6026 §7.1: further 2xx, retransmitted by the TU or from other forks, go through.
        if (status < 200 || status >= 300) return 'discarded';
        this.#keep(response);
        this.#send();
        return 'sent';
      default:
        return 'discarded';
    }
  }

  #provisional(response: SipResponse): void {
    this.#keep(response);
    this.#send();
  }

  #accept(response: SipResponse): void {
    this.#enter('accepted');
    this.#keep(response);
    this.#life.arm('L', 64 * this.#host.timers.t1Ms);
    this.#send();
  }

  #complete(response: SipResponse): void {
    this.#enter('completed');
    this.#keep(response);
    this.#ackKey = ackKey(this.request, response);
    if (this.#ackKey !== undefined) this.#host.addAckKey(this.#ackKey, this);
    if (!this.flow.reliable) this.#repeat.arm('G', this.#intervalMs);
    this.#life.arm('H', 64 * this.#host.timers.t1Ms);
    this.#send();
  }

  /** The INVITE came again. */
  receiveRetransmission(): void {
    this.#host.stats.requestRetransmissionsReceived++;
    // RFC 6026 §7.1: Accepted absorbs it, for the TU repeats its 2xx; Confirmed has its ACK.
    if (this.#wire === undefined || (this.#state !== 'proceeding' && this.#state !== 'completed')) return;
    this.#host.stats.responseRetransmissionsSent++;
    this.#send();
  }

  /** An ACK with this transaction's key. @returns whether it ends here; that for a 2xx goes on to the routes */
  receiveAck(ack: SipRequest): 'absorbed' | 'passed' {
    if (this.#state === 'accepted') {
      this.#user.onAck?.(ack);
      return 'passed';
    }
    this.#host.stats.acksAbsorbed++;
    if (this.#state !== 'completed') return 'absorbed';
    this.#enter('confirmed');
    this.#repeat.disarm();
    // Timer I is T4 over unreliable transports, zero over reliable ones.
    if (this.flow.reliable) this.terminate();
    else this.#life.arm('I', this.#host.timers.t4Ms);
    return 'absorbed';
  }

  /** A CANCEL for this INVITE, which has been answered 200. A final response makes it void (RFC 3261 §9.2). */
  receiveCancel(cancel: SipRequest): void {
    if (this.#state === 'proceeding') this.#user.onCancel?.(cancel);
  }

  timerFired(letter: ServerInviteTimer): void {
    switch (letter) {
      case 'trying':
        this.#provisional(createResponse(this.request, 100));
        return;
      case 'G':
        this.#intervalMs = Math.min(2 * this.#intervalMs, this.#host.timers.t2Ms);
        this.#repeat.arm('G', this.#intervalMs);
        this.#host.stats.responseRetransmissionsSent++;
        this.#send();
        return;
      case 'H':
        this.#host.stats.ackTimeouts++;
        this.#terminate();
        this.#user.onAckTimeout?.();
        this.#user.onEnded?.();
        return;
      case 'I':
      case 'L':
        this.terminate();
        return;
    }
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#terminate();
    this.#user.onEnded?.();
  }

  abandon(): void {
    assert(false, 'an INVITE is answered');
  }

  /** Forgets the timers, for a layer that stops. */
  stop(): void {
    this.#repeat.disarm();
    this.#life.disarm();
    this.#state = 'terminated';
  }

  #terminate(): void {
    this.#enter('terminated');
    this.#repeat.disarm();
    this.#life.disarm();
    this.#host.forgetServer(this, this.#ackKey);
  }

  #keep(response: SipResponse): void {
    this.#lastResponse = response;
    this.#wire = response.toWire();
  }

  #send(): void {
    assert(this.#wire !== undefined, 'there is a response to send');
    // RFC 6026 §8.8: the TU is told, the state stays.
    if (!this.#host.reply(this.flow, this.#via, this.#wire)) this.#user.onTransportError?.();
  }

  #enter(state: ServerInviteState): void {
    assert(transitions[this.#state].includes(state), `INVITE server transaction: ${this.#state} -> ${state}`);
    this.#state = state;
  }
}
