import type { Clock } from '../base/clock.ts';
import { wholeSecond } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { RequestContext as Context, ReplyPort } from '../routing/request-context.ts';
import { RequestContext } from '../routing/request-context.ts';
import type { Router } from '../routing/router.ts';
import { UnparsedRegister } from '../routing/unparsed-register.ts';
import { checkRequest, checkResponse } from '../sip/check-request.ts';
import { createResponse } from '../sip/create-response.ts';
import { SipRequest, type SipResponse } from '../sip/message.ts';
import { isKnownMethod } from '../sip/methods.ts';
import { parseMessage } from '../sip/parser.ts';
import { PlainRegister } from '../sip/plain-register.ts';
import { badRequest, type RequestRefusal } from '../sip/request-refusal.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { PendingInvite } from '../transaction/pending-invite.ts';
import type { StatelessReplies } from '../transaction/stateless.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { DropReason, Flow, TransportHandler } from '../transport/flow.ts';
import { markReceived } from '../transport/mark-received.ts';
import type { TransportLayer } from '../transport/transport-layer.ts';
import { EngineStats } from './engine-stats.ts';
import type { PlainRegistrar } from './plain-registrar.ts';

/** What an engine is put together from. */
export interface EngineParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly transport: Pick<TransportLayer, 'sendReply'>;
  readonly transactions: TransactionLayer;
  readonly stateless: StatelessReplies;
  /** Takes responses that no transaction waits for; returns whether it knew them. */
  readonly onStrayResponse: (response: SipResponse, flow: Flow) => boolean;
}

/** What an engine hands its messages to. */
export interface Handlers {
  readonly router: Router;
  /** Serves plain REGISTERs from bytes to bytes, where the built-in route runs. */
  readonly plainRegistrar: PlainRegistrar | undefined;
  /** Whether routes see a plain REGISTER before it is an object. */
  readonly unparsedRegisters: boolean;
}

/**
 * The way of a message through the server: bytes, message, checks, transactions, routes. A server may run several
 * engines over one location; nothing here is shared between them.
 */
export class Engine implements TransportHandler, ReplyPort {
  readonly stats = new EngineStats();
  readonly #parts: EngineParts;
  #handlers: Handlers;
  readonly #reader = new PlainRegister();
  #isReading = false;

  constructor(parts: EngineParts, handlers: Handlers) {
    this.#parts = parts;
    this.#handlers = handlers;
  }

  /** From now on messages go elsewhere; what is under way ends where it began. */
  handOver(handlers: Handlers): void {
    this.#handlers = handlers;
  }

  /** Takes one message from the transport layer. `bytes` are read during the call only. */
  onMessage(flow: Flow, bytes: Buffer): void {
    const plain = this.#handlers.plainRegistrar?.receive(flow, bytes);
    if (plain !== undefined) {
      this.#countPlain(plain);
      return;
    }
    if (this.#handlers.unparsedRegisters && this.#receiveUnparsed(flow, bytes)) return;
    const message = parseMessage(bytes);
    if (isSipError(message)) {
      this.stats.dropped.count(message.code);
      this.#parts.logger.debug('dropped what is no SIP message', { code: message.code, from: flow.remoteAddress });
    } else if (message instanceof SipRequest) this.#receiveRequest(message, flow);
    else this.#receiveResponse(message, flow);
  }

  /** A connection is gone: what waited on it has failed. */
  onFlowClosed(flow: Flow, reason: string): void {
    this.#parts.logger.debug('connection closed', { flow: flow.id, from: flow.remoteAddress, reason });
    this.#parts.transactions.flowClosed(flow);
  }

  /** A datagram could not be sent, as was learnt later: the requests that wait on it fail over. */
  onSendError(flow: Flow, error: Error): void {
    this.#parts.logger.debug('a datagram could not be sent', { to: flow.remoteAddress, error: error.message });
    this.#parts.transactions.sendFailed(flow);
  }

  /**
   * Something that arrived is no message. The request that broke a stream is answered before its connection ends
   * (RFC 3261 §18.3).
   */
  onDropped(reason: DropReason, flow: Flow, problem?: SipError, bytes?: Buffer): void {
    this.stats.dropped.count(reason);
    const message = bytes && parseMessage(bytes);
    if (message instanceof SipRequest) this.#refuse(message, flow, badRequest(problem?.message ?? 'Bad Request'));
  }

  /** A database may take its time; what is answered then is counted then. */
  #countPlain(status: MaybePromise<number>): void {
    this.stats.countPlainRegister();
    if (!isPromise(status)) {
      this.stats.countReply(status);
      return;
    }
    status.then(
      (late) => this.stats.countReply(late),
      (error: unknown) => this.#parts.logger.error('a REGISTER could not be answered', { error: String(error) }),
    );
  }

  /** Sends a reply made by a route: in the transaction when there is one, else without. */
  reply(context: Context, response: SipResponse): boolean {
    this.stats.countReply(response.status);
    const { transaction } = context;
    if (transaction) return transaction.respond(response) === 'sent';
    return this.#replyStateless(context.request, context.flow, response);
  }

  toTag(request: SipRequest): string {
    return this.#parts.stateless.toTag(request);
  }

  /** Hears of a reply that a module has sent without an object. */
  noteReply(status: number): void {
    this.stats.countReply(status);
  }

  /**
   * Runs the route over a REGISTER that is no object yet: what a plain reader accepts, no check refuses, and no
   * transaction waits for it as long as none has ever been made for a REGISTER.
   *
   * @returns whether it was one
   */
  #receiveUnparsed(flow: Flow, bytes: Buffer): boolean {
    // A route may bring in another message while the reader holds this one.
    if (this.#isReading || this.#parts.transactions.hadRegister || !this.#reader.read(bytes)) return false;
    if (!this.#reader.hasValidUris) return false;
    this.stats.countRegister();
    const request = new UnparsedRegister(this.#reader, flow);
    const context = new RequestContext({ request, flow, now: wholeSecond(this.#parts.clock), port: this });
    this.#isReading = true;
    try {
      this.#handlers.router.run(context);
    } finally {
      this.#isReading = false;
      request.release();
    }
    if (context.unparsed !== undefined) this.stats.plainRegisters += 1;
    return true;
  }

  #receiveRequest(request: SipRequest, flow: Flow): void {
    const { transactions, stateless, clock } = this.#parts;
    this.stats.requests.count(isKnownMethod(request.method) ? request.method : 'other');
    markReceived(request, flow);
    const refusal = checkRequest(request);
    if (refusal) {
      this.#refuse(request, flow, refusal);
      return;
    }
    if (request.method === 'ACK' && stateless.absorbs(request)) return;
    if (transactions.receiveRequest(request) === 'absorbed') return;
    if (request.method === 'CANCEL') {
      // RFC 3261 §9.2, decision 34: a CANCEL that matches nothing is answered 481.
      if (transactions.answerCancel(request, flow) === 'no-transaction') {
        this.#refuse(request, flow, { status: 481, reason: 'Call/Transaction Does Not Exist', headers: [] });
      }
      return;
    }
    const context = new RequestContext({ request, flow, now: wholeSecond(clock), port: this });
    const running = this.#handlers.router.run(context);
    if (running !== undefined && request.method === 'INVITE') this.#hold(context, running);
  }

  /** An INVITE has its transaction while its route waits for something; only it can be cancelled. */
  #hold(context: RequestContext, running: Promise<void>): void {
    if (context.isTakenCareOf) return;
    const { transactions, clock, logger } = this.#parts;
    const { request, flow } = context;
    const pending = new PendingInvite(clock, () =>
      logger.error('a request route did not end in time', { request: request.uriText }),
    );
    const server = transactions.createServer(request, flow, pending);
    // When there is no room, the route will hear so itself.
    if (typeof server === 'string') return;
    pending.attach(server);
    context.pending = pending;
    context.transaction = pending;
    void running.then(() => pending.routeEnded());
  }

  // Decision 22: answered where a usable Via lets us, counted, never fatal.
  #refuse(request: SipRequest, flow: Flow, { status, reason, headers }: RequestRefusal): void {
    this.stats.dropped.count(`refused-${status}`);
    if (request.method === 'ACK' || isSipError(request.topVia)) return;
    this.stats.countReply(status);
    const toTag = this.#parts.stateless.toTag(request);
    this.#replyStateless(request, flow, createResponse(request, status, reason, { toTag, headers }));
  }

  #replyStateless(request: SipRequest, flow: Flow, response: SipResponse): boolean {
    const via = request.topVia;
    if (isSipError(via)) return false;
    this.#parts.transport.sendReply(flow, via, response.toWire());
    if (request.method === 'INVITE') this.#parts.stateless.noteReply();
    return true;
  }

  #receiveResponse(response: SipResponse, flow: Flow): void {
    const problem = checkResponse(response);
    if (problem) {
      this.stats.dropped.count(problem.code);
      return;
    }
    if (this.#parts.transactions.receiveResponse(response, flow)) return;
    if (!this.#parts.onStrayResponse(response, flow)) this.stats.dropped.count('stray-response');
  }
}
