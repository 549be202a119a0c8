import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { createResponse } from '../sip/create-response.ts';
import type { Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import type { Flow } from '../transport/flow.ts';
import { ClientInvite } from './client-invite.ts';
import { ClientNonInvite } from './client-non-invite.ts';
import type { ClientTransaction, ClientTransactionOptions, ClientTransactionUser } from './client-transaction.ts';
import { cancelledKey, clientKey, serverKey } from './key.ts';
import { maxTransactions } from './limits.ts';
import { PeerIndex } from './peer-index.ts';
import { ServerInvite } from './server-invite.ts';
import { ServerNonInvite } from './server-non-invite.ts';
import type { ServerTransaction, ServerTransactionUser } from './server-transaction.ts';
import { defaultTimerSettings, type TimerSettings } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { isTransportError, type TransactionPort } from './transaction-port.ts';
import { TransactionStats } from './transaction-stats.ts';

/** What may be set for the layer; everything has a default. */
export interface TransactionSettings extends TimerSettings {
  /** Most transactions of either side that exist at a time. */
  readonly maxTransactions: number;
}

/**
 * `new`: route it; it has no transaction. `absorbed`: it belonged to a transaction, which did what there is to do.
 */
export type RequestOutcome = 'new' | 'absorbed';

/** Why there is no new server transaction. `full`: answer 503. `retransmission`: there was one; drop the request. */
export type ServerRefusal = 'full' | 'retransmission';

/** What `answerCancel` found (RFC 3261 §9.2). `no-transaction`: answer 481 or forward it statelessly (§16.10). */
export type CancelOutcome = 'answered' | 'no-transaction';

/** One warning a minute is enough to say that the layer is full. */
const warnIntervalMs = 60_000;

const nobody: ClientTransactionUser & ServerTransactionUser = {
  onResponse() {},
  onTimeout() {},
  onTransportError() {},
};

/** All transactions of one engine (RFC 3261 §17). It reads no clock and owns no socket but those of its port. */
export class TransactionLayer implements TransactionHost {
  readonly timers: TimerSettings;
  readonly stats = new TransactionStats();
  readonly #port: TransactionPort;
  readonly #logger: Logger;
  readonly #max: number;
  readonly #servers = new Map<string, ServerInvite | ServerNonInvite>();
  readonly #clients = new Map<string, ClientInvite | ClientNonInvite>();
  /** INVITEs of RFC 2543 peers by the key that the ACK for their negative response will have. */
  readonly #ackKeys = new Map<string, ServerInvite>();
  readonly #clientsByPeer = new PeerIndex<ClientInvite | ClientNonInvite>();
  #warnAgainAt = 0;

  constructor(port: TransactionPort, settings: Partial<TransactionSettings>, logger: Logger) {
    this.#port = port;
    this.#logger = logger;
    this.timers = { ...defaultTimerSettings, ...settings };
    this.#max = settings.maxTransactions ?? maxTransactions;
  }

  /** How many transactions exist. */
  get size(): number {
    return this.#servers.size + this.#clients.size;
  }

  /** How many of them are server transactions. */
  get serverCount(): number {
    return this.#servers.size;
  }

  /** How many of them are client transactions, those of CANCELs included. */
  get clientCount(): number {
    return this.#clients.size;
  }

  /**
   * Matches a request (RFC 3261 §17.2.3): repeats the last response to a retransmission, ends an ACK for a negative
   * response. An ACK for a 2xx is `new` (and told to the INVITE's user when it has the INVITE's key); so is a CANCEL
   * at its first coming, for `answerCancel` or the routes.
   */
  receiveRequest(request: SipRequest): RequestOutcome {
    if (this.#servers.size === 0) return 'new';
    const key = serverKey(request);
    if (key === undefined) return 'new';
    if (request.method === 'ACK') {
      const invite = this.#servers.get(key) ?? this.#ackKeys.get(key);
      if (invite === undefined || invite.kind !== 'invite') return 'new';
      return invite.receiveAck(request) === 'absorbed' ? 'absorbed' : 'new';
    }
    const transaction = this.#servers.get(key);
    if (transaction === undefined) return 'new';
    transaction.receiveRetransmission();
    return 'absorbed';
  }

  /** The INVITE transaction that a CANCEL is for (RFC 3261 §9.2), whatever its state. */
  findInvite(cancel: SipRequest): ServerTransaction | undefined {
    return this.#findInvite(cancel);
  }

  /**
   * Does what RFC 3261 §9.2 asks of a CANCEL with a matching INVITE: answers it 200 in a transaction of its own,
   * with the INVITE's To tag, then tells the INVITE's user unless the INVITE has its final response.
   */
  answerCancel(cancel: SipRequest, flow: Flow): CancelOutcome {
    const invite = this.#findInvite(cancel);
    if (invite === undefined) return 'no-transaction';
    const transaction = this.createServer(cancel, flow, nobody);
    if (transaction === 'retransmission') return 'answered';
    const ok = createResponse(cancel, 200, 'OK', { toTag: invite.toTag });
    // A full layer answers statelessly: a CANCEL makes room.
    if (transaction === 'full') this.reply(flow, topVia(cancel), ok.toBuffer());
    else transaction.respond(ok);
    invite.receiveCancel(cancel);
    return 'answered';
  }

  /**
   * Creates the server transaction of a request that `receiveRequest` called new. When the routes took their time
   * and the request came again meanwhile, another run has it: `retransmission`.
   * @param request one that passed `checkRequest`; never an ACK, which has no transaction (RFC 3261 §17)
   */
  createServer(request: SipRequest, flow: Flow, user: ServerTransactionUser): ServerTransaction | ServerRefusal {
    assert(request.method !== 'ACK', 'an ACK creates no server transaction');
    const key = serverKey(request);
    assert(key !== undefined, 'the request passed checkRequest');
    const existing = this.#servers.get(key);
    if (existing !== undefined) {
      existing.receiveRetransmission();
      return 'retransmission';
    }
    if (this.#servers.size >= this.#max) {
      this.#refuse();
      return 'full';
    }
    this.stats.serverCreated++;
    const via = topVia(request);
    const transaction =
      request.method === 'INVITE'
        ? new ServerInvite(this, key, via, request, flow, user)
        : new ServerNonInvite(this, key, via, request, flow, user);
    this.#servers.set(key, transaction);
    return transaction;
  }

  /**
   * Creates a client transaction and sends its request. A transport error, or a layer that is full, is told to the
   * user from the clock, never before this returns.
   * @param request what goes out, its top Via with a fresh branch of ours; never an ACK for a 2xx
   */
  createClient(
    request: SipRequest,
    flow: Flow,
    user: ClientTransactionUser,
    options?: ClientTransactionOptions,
  ): ClientTransaction {
    assert(request.method !== 'ACK', 'an ACK creates no client transaction');
    const key = clientKey(request);
    assert(key !== undefined && !this.#clients.has(key), 'the request has a branch of its own');
    const transaction =
      request.method === 'INVITE'
        ? new ClientInvite(this, key, request, flow, user, options)
        : new ClientNonInvite(this, key, request, flow, user, options);
    if (this.#clients.size >= this.#max) {
      this.#refuse();
      transaction.failSoon();
      return transaction;
    }
    this.stats.clientCreated++;
    this.#clients.set(key, transaction);
    this.#clientsByPeer.add(transaction);
    transaction.start();
    return transaction;
  }

  /**
   * Matches a response (RFC 3261 §17.1.3).
   * @returns false when it has no client transaction: it is dropped (RFC 6026 §7.2) or forwarded statelessly (§16.7)
   */
  receiveResponse(response: SipResponse, flow: Flow): boolean {
    const key = clientKey(response);
    const transaction = key === undefined ? undefined : this.#clients.get(key);
    if (transaction === undefined) {
      this.stats.strayResponses++;
      return false;
    }
    transaction.receiveResponse(response, flow);
    return true;
  }

  /** A connection ended: requests sent on it that nobody answered have failed (RFC 3261 §17.1.4). */
  flowClosed(flow: Flow): void {
    for (const transaction of this.#clientsByPeer.of(flow)) if (transaction.flow.id === flow.id) transaction.fail();
  }

  /** A datagram to the flow's peer could not be delivered: requests that it has not answered fail (RFC 3261 §18.4). */
  sendFailed(flow: Flow): void {
    for (const transaction of this.#clientsByPeer.of(flow)) transaction.fail();
  }

  /** Forgets everything without telling anybody; no timer stays armed. */
  stop(): void {
    for (const transaction of this.#servers.values()) transaction.stop();
    for (const transaction of this.#clients.values()) transaction.stop();
    this.#servers.clear();
    this.#clients.clear();
    this.#ackKeys.clear();
    this.#clientsByPeer.clear();
  }

  // What follows is for the machines (TransactionHost).

  get clock(): Clock {
    return this.#port.clock;
  }

  newTag(): string {
    return this.#port.random.token();
  }

  reply(flow: Flow, via: Via, bytes: Buffer): boolean {
    if (!isTransportError(flow, this.#port.reply(flow, via, bytes))) return true;
    this.stats.transportErrors++;
    return false;
  }

  sendCancel(cancel: SipRequest, flow: Flow): void {
    this.createClient(cancel, flow, nobody);
  }

  addAckKey(ackKey: string, transaction: ServerInvite): void {
    this.#ackKeys.set(ackKey, transaction);
  }

  forgetServer(key: string, ackKey: string | undefined): void {
    this.#servers.delete(key);
    if (ackKey !== undefined) this.#ackKeys.delete(ackKey);
  }

  forgetClient(key: string, transaction: ClientInvite | ClientNonInvite): void {
    // One that was refused was never held.
    if (this.#clients.get(key) !== transaction) return;
    this.#clients.delete(key);
    this.#clientsByPeer.remove(transaction);
  }

  #findInvite(cancel: SipRequest): ServerInvite | undefined {
    const key = cancelledKey(cancel);
    const transaction = key === undefined ? undefined : this.#servers.get(key);
    return transaction?.kind === 'invite' ? transaction : undefined;
  }

  #refuse(): void {
    this.stats.refused++;
    const now = this.clock.now();
    if (now < this.#warnAgainAt) return;
    this.#warnAgainAt = now + warnIntervalMs;
    this.#logger.warn('the transaction layer is full; requests are refused', { maxTransactions: this.#max });
  }
}

function topVia(request: SipRequest): Via {
  const via = request.topVia;
  assert(!isSipError(via), 'a request with a key has a top Via');
  return via;
}
