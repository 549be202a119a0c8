import assert from 'node:assert/strict';
import { wholeSecond } from '../../base/clock.ts';
import type { LogFields, Logger } from '../../base/logger.ts';
import { MemoryLocation } from '../../location/memory-location.ts';
import type { FailureContext } from '../../modules/failure-context.ts';
import type { Modules, Routes } from '../../modules/routes.ts';
import { ProxyBench, type RequestText, request as requestOf } from '../../proxy/testing/proxy-bench.ts';
import type { Avps } from '../../routing/avps.ts';
import { Domains } from '../../routing/domains.ts';
import { type Handled, left } from '../../routing/handled.ts';
import { type ReplyPort, RequestContext } from '../../routing/request-context.ts';
import type { BranchContext, ReplyContext } from '../../routing/route.ts';
import { buildModules } from '../../server/build-modules.ts';
import { type AortaOptions, resolveOptions } from '../../server/options.ts';
import { type SipMessage, SipRequest, type SipResponse } from '../../sip/message.ts';
import { parseMessage } from '../../sip/parser.ts';
import type { FakeClock } from '../../testing/fake-clock.ts';
import type { Flow } from '../../transport/flow.ts';
import { markReceived } from '../../transport/mark-received.ts';
import type { TransportLayer } from '../../transport/transport-layer.ts';
import type { BlockKind, CfgRun, CfgServices, Ending } from '../run.ts';

/** A line that was logged. */
export interface LoggedLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A request for a run: as text of the wire, as its parts, or parsed. */
export type BenchRequest = string | RequestText | SipRequest;

/** How a failure or reply run comes about. */
export interface BenchAnswer {
  readonly request?: BenchRequest;
  /** What the callee at 192.0.2.60 answers. */
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  /** What the request block did before it relayed. */
  readonly prepare?: (context: RequestContext) => void;
}

/**
 * Everything that a block of a configuration runs in, without a server: real modules over a location in memory, a real
 * transaction layer, a clock that stands still, flows that record. Requests come from 192.0.2.50:5060 by UDP to
 * 192.0.2.1:5060; `example.org` is ours; what is relayed to `sip:192.0.2.60` can be answered.
 */
export class CfgBench {
  readonly proxy: ProxyBench;
  readonly location: MemoryLocation;
  readonly services: CfgServices;
  /** What was logged, in order. */
  readonly log: LoggedLine[];
  /** What contexts have replied, in order; with or without a transaction. */
  readonly replies: SipResponse[];
  readonly #port: ReplyPort;
  #inFailure: (context: FailureContext) => Handled;
  #inBranch: (branch: BranchContext) => 'send' | 'drop';
  #inReply: (reply: ReplyContext) => 'relay' | 'drop';

  constructor(options: AortaOptions = {}) {
    this.proxy = new ProxyBench();
    this.location = new MemoryLocation();
    this.log = [];
    this.replies = [];
    this.#inFailure = () => left;
    this.#inBranch = () => 'send';
    this.#inReply = () => 'relay';
    this.#port = {
      reply: (context, response) => {
        this.replies.push(response);
        if (context.transaction) return context.transaction.respond(response) === 'sent';
        return context.flow.send(response.toBuffer()) === 'sent';
      },
      toTag: () => 'bench-tag',
    };
    const { proxy } = this;
    // The modules take it as a function of its own.
    proxy.isOurs = proxy.isOurs.bind(proxy);
    const logger = this.#logger();
    const given = options.routes ?? {};
    assert(typeof given === 'object', 'a bench takes routes, not what makes them');
    const routes: Routes = {
      ...given,
      failure: { ...given.failure, [armed]: (context) => this.#inFailure(context) },
      branch: { ...given.branch, [armed]: (branch) => this.#inBranch(branch) },
      reply: { ...given.reply, [armed]: (reply) => this.#inReply(reply) },
    };
    const modules = buildModules({
      options: resolveOptions(options),
      routes: () => routes,
      location: this.location,
      logger,
      random: proxy.random,
      // The registrar asks the transport for its listeners only.
      transport: { listeners: proxy.listeners, listenerFor: listenerAmong(proxy) } as unknown as TransportLayer,
      proxy,
      replies: this.#port,
      flowOf: (flowId) => [...proxy.flows.values()].find(({ id, open }) => id === flowId && open),
    });
    const domains = new Domains(options.domains ?? ['example.org'], proxy);
    this.services = { modules, domains, logger, listeners: proxy.listeners };
  }

  get clock(): FakeClock {
    return this.proxy.clock;
  }

  get modules(): Modules {
    return this.services.modules;
  }

  /** The messages logged at a level, in order. */
  logged(level: keyof Logger): string[] {
    return this.log.filter((line) => line.level === level).map(({ message }) => message);
  }

  /** The context of a request that has just come in. */
  context(request: BenchRequest = {}, flow: Flow = this.proxy.caller): RequestContext {
    const message = parsed(request);
    markReceived(message, flow);
    return new RequestContext({ request: message, flow, now: wholeSecond(this.clock), port: this.#port });
  }

  /** A request block at work. */
  requestRun(request: BenchRequest = {}, flow?: Flow): BenchRun {
    return this.runOf(this.context(request, flow));
  }

  /** A request or failure block at work on a context. */
  runOf(context: RequestContext): BenchRun {
    const block = context.route === 'failure' ? 'failure' : 'request';
    return new BenchRun(block, this.services, context.request, context, undefined, undefined);
  }

  /** A failure block at work: the callee has answered `status` (486), and what the block does is done too late. */
  failureRun(answer: BenchAnswer = {}): BenchRun {
    let seen: BenchRun | undefined;
    this.inFailure(answer, (run) => {
      seen = run;
      return left;
    });
    assert(seen, 'the failure block ran');
    return seen;
  }

  /** Runs `use` as a failure block: what it does, it does in time. */
  inFailure(answer: BenchAnswer, use: (run: BenchRun) => Handled): void {
    this.#inFailure = (context) => use(this.runOf(context));
    const context = this.#calleeOf(answer.request);
    answer.prepare?.(context);
    this.modules.tm.onFailure(context, armed);
    this.modules.tm.relay(context);
    this.#answer(answer, 486);
  }

  /** A branch block at work; its branch is not sent. */
  branchRun(request?: BenchRequest, prepare?: (context: RequestContext) => void): BenchRun {
    let seen: BenchRun | undefined;
    this.inBranch(
      request,
      (run) => {
        seen ??= run;
        return 'drop';
      },
      prepare,
    );
    assert(seen, 'the branch block ran');
    return seen;
  }

  /** Runs `use` as a branch block, for each branch. @param prepare is what the request block did before it relayed */
  inBranch(
    request: BenchRequest | undefined,
    use: (run: BenchRun) => 'send' | 'drop',
    prepare?: (context: RequestContext) => void,
  ): void {
    const context = this.#calleeOf(request);
    prepare?.(context);
    this.#inBranch = (branch) => use(new BenchRun('branch', this.services, branch.request, context, branch, undefined));
    this.modules.tm.onBranch(context, armed);
    this.modules.tm.relay(context);
  }

  /** A reply block at work on what the callee has answered (180); the reply is relayed. */
  replyRun(answer: BenchAnswer = {}): BenchRun {
    let seen: BenchRun | undefined;
    this.inReply(answer, (run) => {
      seen = run;
      return 'relay';
    });
    assert(seen, 'the reply block ran');
    return seen;
  }

  /** Runs `use` as a reply block. */
  inReply(answer: BenchAnswer, use: (run: BenchRun) => 'relay' | 'drop'): void {
    const context = this.#calleeOf(answer.request);
    answer.prepare?.(context);
    this.#inReply = (reply) => use(new BenchRun('reply', this.services, reply.response, context, undefined, reply));
    this.modules.tm.onReply(context, armed);
    this.modules.tm.relay(context);
    this.#answer(answer, 180);
  }

  #calleeOf(request: BenchRequest | undefined): RequestContext {
    const context = this.context(request);
    if (request === undefined) context.uri = `sip:bob@${callee}`;
    else if (typeof request !== 'string') context.destinationUri = `sip:${callee}`;
    return context;
  }

  #answer({ status, headers = [] }: BenchAnswer, usual: number): void {
    this.proxy.answer(callee, status ?? usual, { headers });
  }

  #logger(): Logger {
    const at = (level: keyof Logger) => (message: string, fields?: LogFields) =>
      void this.log.push({ level, message, fields });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

/** One block at work, as the engine makes it. */
export class BenchRun implements CfgRun {
  readonly block: BlockKind;
  readonly services: CfgServices;
  readonly message: SipMessage;
  readonly context: RequestContext;
  readonly branch: BranchContext | undefined;
  readonly reply: ReplyContext | undefined;
  rc: number;
  ending: Ending | undefined;

  constructor(
    block: BlockKind,
    services: CfgServices,
    message: SipMessage,
    context: RequestContext,
    branch: BranchContext | undefined,
    reply: ReplyContext | undefined,
  ) {
    this.block = block;
    this.services = services;
    this.message = message;
    this.context = context;
    this.branch = branch;
    this.reply = reply;
    this.rc = 1;
    this.ending = undefined;
  }

  get request(): SipRequest {
    return this.message instanceof SipRequest ? this.message : this.context.request;
  }

  get avps(): Avps {
    return this.context.avps;
  }
}

/** The name of the routes that runs are made in. */
const armed = 'cfg-bench';
/** Who answers what is relayed. */
const callee = '192.0.2.60';

function parsed(request: BenchRequest): SipRequest {
  if (request instanceof SipRequest) return request;
  if (typeof request !== 'string') return requestOf(request);
  const text = request.includes('\r\n') ? request : request.replaceAll('\n', '\r\n');
  const message = parseMessage(Buffer.from(text, 'latin1'));
  assert(message instanceof SipRequest, 'the text is a request');
  return message;
}

function listenerAmong({ listeners }: ProxyBench) {
  return (transport: string, address: string, port: number) =>
    listeners.find((one) => one.transport === transport && one.address === address && one.port === port);
}
