import { assert } from '../base/assert.ts';
import { DelayQueues } from '../base/delay-queue.ts';
import type { Logger } from '../base/logger.ts';
import { createResponse } from '../sip/create-response.ts';
import { parseVia, type Via } from '../sip/headers/via.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { type Flow, sendText } from '../transport/flow.ts';
import { ClientInvite } from './client-invite.ts';
import { ClientNonInvite } from './client-non-invite.ts';
import type { ClientTransaction, ClientTransactionOptions, ClientTransactionUser } from './client-transaction.ts';
import { CompletedTable } from './completed-table.ts';
import { cancelledKey, clientKey, ownClientKey, serverKey } from './key.ts';
import { ownKeyHash, SecretKeyHash } from './key-hash.ts';
import { maxCompletedBytes, maxTransactions } from './limits.ts';
import { PeerIndex } from './peer-index.ts';
import { ServerInvite } from './server-invite.ts';
import { ServerNonInvite } from './server-non-invite.ts';
import type { ServerTransaction, ServerTransactionUser } from './server-transaction.ts';
import { defaultTimerSettings, type TimerSettings } from './timers.ts';
import type { TransactionHost } from './transaction-host.ts';
import { isTransportError, type TransactionPort } from './transaction-port.ts';
import { TransactionStats } from './transaction-stats.ts';
import { TransactionTable } from './transaction-table.ts';

/** What may be set for the layer; everything has a default. */
export interface TransactionSettings extends TimerSettings {
  /** Most transactions of either side that are at work at a time. */
  readonly maxTransactions: number;
  /** Memory for what is left of those of either side that are Completed, in bytes. */
  readonly maxCompletedBytes: number;
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

/** The note of a Completed server transaction whose reply goes to the source port, asked for or not (RFC 3581). */
const byRport = 1;

/**
 * All transactions of one engine (RFC 3261 §17). It reads no clock and owns no socket but those of its port.
 *
 * Those at work are objects. One that is Completed is not: all that is left of it lies in a `CompletedTable`.
 */
export class TransactionLayer implements TransactionHost {
  readonly timers: TimerSettings;
  readonly delays: DelayQueues;
  readonly stats = new TransactionStats();
  /** Whether any REGISTER ever had a transaction: if not, none can be a retransmission of one. */
  hadRegister = false;
  readonly #port: TransactionPort;
  readonly #logger: Logger;
  readonly #max: number;
  readonly #servers: TransactionTable<ServerInvite | ServerNonInvite>;
  readonly #clients: TransactionTable<ClientInvite | ClientNonInvite>;
  /** INVITEs of RFC 2543 peers by the key that the ACK for their negative response will have. */
  readonly #ackKeys = new Map<string, ServerInvite>();
  readonly #clientsByPeer = new PeerIndex<ClientInvite | ClientNonInvite>();
  /** Non-INVITE server transactions in Completed (timer J), with their replies. */
  readonly #completedServers: CompletedTable;
  /** Non-INVITE client transactions in Completed (timer K). */
  readonly #completedClients: CompletedTable;
  /** INVITE client transactions in Completed (timer D), with their ACKs. */
  readonly #acknowledged: CompletedTable;
  #warnAgainAt = 0;
  /** The request that was called new just now, and its key: nothing came between, so that it still is. */
  #newRequest: SipRequest | undefined = undefined;
  #newKey = '';

  constructor(port: TransactionPort, settings: Partial<TransactionSettings>, logger: Logger) {
    this.#port = port;
    this.#logger = logger;
    this.timers = { ...defaultTimerSettings, ...settings };
    this.#max = settings.maxTransactions ?? maxTransactions;
    const { t1Ms, t4Ms, timerDMs } = this.timers;
    const { clock } = port;
    const hash = new SecretKeyHash(port.random);
    this.#servers = new TransactionTable(hash);
    this.#clients = new TransactionTable(ownKeyHash);
    const maxBytes = settings.maxCompletedBytes ?? maxCompletedBytes;
    this.delays = new DelayQueues(clock);
    this.#completedServers = new CompletedTable({ clock, hash, maxBytes, keepMs: 64 * t1Ms });
    this.#completedClients = new CompletedTable({ clock, hash: ownKeyHash, maxBytes: maxBytes / 2, keepMs: t4Ms });
    this.#acknowledged = new CompletedTable({ clock, hash: ownKeyHash, maxBytes: maxBytes / 2, keepMs: timerDMs });
  }

  /** How many transactions exist. */
  get size(): number {
    return this.serverCount + this.clientCount;
  }

  /** How many of them are server transactions. */
  get serverCount(): number {
    return this.#servers.size + this.#completedServers.size;
  }

  /** How many of them are client transactions, those of CANCELs included. */
  get clientCount(): number {
    return this.#clients.size + this.#completedClients.size + this.#acknowledged.size;
  }

  /** How many Completed ones were forgotten before their time, for want of memory (`maxCompletedBytes`). */
  get completedForgotten(): number {
    return this.#completedServers.forgotten + this.#completedClients.forgotten + this.#acknowledged.forgotten;
  }

  /**
   * Matches a request (RFC 3261 §17.2.3): repeats the last response to a retransmission, ends an ACK for a negative
   * response. An ACK for a 2xx is `new` (and told to the INVITE's user when it has the INVITE's key); so is a CANCEL
   * at its first coming, for `answerCancel` or the routes.
   */
  receiveRequest(request: SipRequest): RequestOutcome {
    const key = serverKey(request);
    this.#newRequest = undefined;
    if (key === undefined) return 'new';
    if (request.method === 'ACK') {
      const invite = this.#servers.get(key) ?? this.#ackKeys.get(key);
      if (invite === undefined || invite.kind !== 'invite') return 'new';
      return invite.receiveAck(request) === 'absorbed' ? 'absorbed' : 'new';
    }
    if (this.#receiveRetransmission(key, request)) return 'absorbed';
    this.#newRequest = request;
    this.#newKey = key;
    return 'new';
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
    if (transaction === 'full') this.reply(flow, topVia(cancel), ok.toWire());
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
    const isNew = request === this.#newRequest;
    const key = isNew ? this.#newKey : serverKey(request);
    assert(key !== undefined, 'the request passed checkRequest');
    this.#newRequest = undefined;
    if (!isNew && this.#receiveRetransmission(key, request)) return 'retransmission';
    if (this.#servers.size >= this.#max) {
      this.#refuse();
      return 'full';
    }
    this.stats.serverCreated++;
    if (request.method === 'REGISTER') this.hadRegister = true;
    const via = topVia(request);
    const transaction =
      request.method === 'INVITE'
        ? new ServerInvite(this, key, via, request, flow, user)
        : new ServerNonInvite(this, key, via, request, flow, user);
    this.#servers.add(transaction);
    return transaction;
  }

  /**
   * Creates a client transaction and sends its request. A transport error, or a layer that is full, is told to the
   * user from the clock, never before this returns.
   * @param request what goes out, its top Via with a fresh branch of ours; never an ACK for a 2xx
   * @param branch that branch, when the caller has just made it
   */
  createClient(
    request: SipRequest,
    flow: Flow,
    user: ClientTransactionUser,
    options?: ClientTransactionOptions,
    branch?: string,
  ): ClientTransaction {
    assert(request.method !== 'ACK', 'an ACK creates no client transaction');
    const key = branch === undefined ? clientKey(request) : ownClientKey(branch, request.method);
    assert(key !== undefined && this.#clients.get(key) === undefined, 'the request has a branch of its own');
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
    this.#clients.add(transaction);
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
    if (transaction !== undefined) {
      transaction.receiveResponse(response, flow);
      return true;
    }
    if (key !== undefined && this.#absorbResponse(key, response)) return true;
    this.stats.strayResponses++;
    return false;
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
    this.#servers.clear((transaction) => transaction.stop());
    this.#clients.clear((transaction) => {
      this.#clientsByPeer.remove(transaction);
      transaction.stop();
    });
    this.#ackKeys.clear();
    this.#completedServers.clear();
    this.#completedClients.clear();
    this.#acknowledged.clear();
    this.delays.clear();
  }

  // What follows is for the machines (TransactionHost).

  newTag(): string {
    return this.#port.random.token();
  }

  reply(flow: Flow, via: Via, message: string): boolean {
    if (!isTransportError(flow, this.#port.reply(flow, via, message))) return true;
    this.stats.transportErrors++;
    return false;
  }

  sendCancel(cancel: SipRequest, flow: Flow): void {
    this.createClient(cancel, flow, nobody);
  }

  addAckKey(ackKey: string, transaction: ServerInvite): void {
    this.#ackKeys.set(ackKey, transaction);
  }

  completeServer(transaction: ServerNonInvite, via: Via, reply: string): void {
    this.#servers.remove(transaction);
    this.#completedServers.add(transaction, reply, transaction.flow, via.rport === undefined ? 0 : byRport);
  }

  isServerCompleted(key: string): boolean {
    return this.#completedServers.find(key) !== 0;
  }

  forgetServer(transaction: ServerInvite | ServerNonInvite, ackKey: string | undefined): void {
    if (transaction.isHeld) this.#servers.remove(transaction);
    else this.#completedServers.delete(transaction.key);
    if (ackKey !== undefined) this.#ackKeys.delete(ackKey);
  }

  completeClient(transaction: ClientInvite | ClientNonInvite, ack: string): void {
    this.#clients.remove(transaction);
    this.#clientsByPeer.remove(transaction);
    this.#completed(transaction.kind).add(transaction, ack, transaction.flow, 0);
  }

  isClientCompleted(key: string, kind: 'invite' | 'non-invite'): boolean {
    return this.#completed(kind).find(key) !== 0;
  }

  forgetClient(transaction: ClientInvite | ClientNonInvite): void {
    if (transaction.isHeld) {
      this.#clients.remove(transaction);
      this.#clientsByPeer.remove(transaction);
    } else {
      // Completed, or one that was refused and never held.
      this.#completed(transaction.kind).delete(transaction.key);
    }
  }

  #completed(kind: 'invite' | 'non-invite'): CompletedTable {
    return kind === 'invite' ? this.#acknowledged : this.#completedClients;
  }

  #receiveRetransmission(key: string, request: SipRequest): boolean {
    const transaction = this.#servers.get(key);
    if (transaction === undefined) return this.#repeatReply(key, request);
    transaction.receiveRetransmission();
    return true;
  }

  // §17.2.2, Completed.
  #repeatReply(key: string, request: SipRequest): boolean {
    const completed = this.#completedServers;
    const place = completed.find(key);
    if (place === 0) return false;
    this.stats.requestRetransmissionsReceived++;
    const reply = completed.messageAt(place);
    if (reply === '') return true;
    this.stats.responseRetransmissionsSent++;
    // The key is equal, so host and port of the Via are too; a route may have forced rport on the first request.
    const via = topVia(request);
    const forced = completed.noteAt(place) === byRport && via.rport === undefined;
    this.reply(completed.flowAt(place), forced ? withRport(via) : via, reply);
    return true;
  }

  // §17.1.1.2 and §17.1.2.2, Completed.
  #absorbResponse(key: string, response: SipResponse): boolean {
    const isInvite = this.#acknowledged.size > 0 && methodOf(response) === 'INVITE';
    const completed = this.#completed(isInvite ? 'invite' : 'non-invite');
    const place = completed.find(key);
    if (place === 0) return false;
    this.stats.responsesAbsorbed++;
    if (!isInvite || response.status < 300) return true;
    const flow = completed.flowAt(place);
    if (isTransportError(flow, sendText(flow, completed.messageAt(place)))) {
      this.stats.transportErrors++;
      completed.delete(key);
    }
    return true;
  }

  #findInvite(cancel: SipRequest): ServerInvite | undefined {
    const key = cancelledKey(cancel);
    const transaction = key === undefined ? undefined : this.#servers.get(key);
    return transaction?.kind === 'invite' ? transaction : undefined;
  }

  #refuse(): void {
    this.stats.refused++;
    const now = this.#port.clock.now();
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

function withRport(via: Via): Via {
  const asking = parseVia(`${via.text};rport`);
  assert(!isSipError(asking), 'a parameter more is no mistake');
  return asking;
}

function methodOf(response: SipResponse): string | undefined {
  const { cseq } = response;
  return isSipError(cseq) ? undefined : cseq.method;
}
