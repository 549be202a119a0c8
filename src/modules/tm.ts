import { wholeSecond } from '../base/clock.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Branch } from '../proxy/branch.ts';
import type { ForwardingOptions } from '../proxy/forwarding-options.ts';
import type { ProxyPort } from '../proxy/proxy-port.ts';
import { Relay } from '../proxy/relay.ts';
import type { FailureHook, RelayHooks } from '../proxy/relay-hooks.ts';
import { replicate } from '../proxy/replicate.ts';
import { forwardRequest } from '../proxy/stateless.ts';
import { type ForkOrder, type Target, targetOf } from '../proxy/target.ts';
import { dropped, type Handled, relayed } from '../routing/handled.ts';
import type { ReplyPort, RequestContext } from '../routing/request-context.ts';
import type { BranchContext, BranchRoute, ReplyRoute } from '../routing/route.ts';
import type { SipRequest } from '../sip/message.ts';
import { PendingInvite } from '../transaction/pending-invite.ts';
import type { Flow, TransportName } from '../transport/flow.ts';
import { FailureContext } from './failure-context.ts';
import type { TmModuleOptions } from './tm-module.ts';

/** A failure route, with the modules it was written for already given. */
export type FailureRoute = (context: FailureContext) => MaybePromise<Handled>;

/** The named routes that `onFailure`, `onBranch` and `onReply` arm. */
export interface NamedRoutes {
  failure(name: string): FailureRoute;
  branch(name: string): BranchRoute;
  reply(name: string): ReplyRoute;
  /** Sees every reply before the one that was armed does. */
  readonly everyReply?: ReplyRoute | undefined;
}

/** How a request is relayed. */
export interface RelayChoice {
  /** All targets at once, or one q after the other, highest first. */
  readonly order?: ForkOrder;
}

/** Where `replicate` sends its copy. */
export interface ReplicateTo {
  readonly host: string;
  readonly port?: number;
  readonly transport?: TransportName;
}

/** What the transaction module needs around it. */
export interface TransactionModulePort {
  readonly proxy: ProxyPort;
  readonly replies: ReplyPort;
  /** The connection of that id while it is open. */
  readonly flowOf: (flowId: number) => Flow | undefined;
  /** Asked for when a route is armed: routes and modules are made of each other. */
  readonly routes: () => NamedRoutes;
}

/** What `onFailure`, `onBranch` and `onReply` have armed for a request and its transaction. */
interface Armed {
  failure: FailureRoute | undefined;
  branch: BranchRoute | undefined;
  reply: ReplyRoute | undefined;
  /** What the copies of a failure route are made of, once the request has been relayed. */
  template: SipRequest | undefined;
}

/** What `newTransaction` found. `retransmission`: it came before, and is answered as it was then. */
export type NewTransaction = 'created' | 'exists' | 'retransmission' | 'full';

/** The `tm` module: stateful relaying. */
export class TransactionModule {
  readonly #port: TransactionModulePort;
  readonly #timers: ForwardingOptions['timers'];
  readonly #armed = new WeakMap<RequestContext, Armed>();
  #every: ReplyRoute | undefined = undefined;
  #everyIsKnown = false;

  constructor(options: TmModuleOptions, port: TransactionModulePort) {
    this.#port = port;
    this.#timers = { frTimerMs: options.frTimer * 1000, frInvTimerMs: options.frInvTimer * 1000 };
  }

  /**
   * `t_relay()`: sends the request to its Request-URI and branches, and its replies back (RFC 3261 §16). An ACK to a
   * 2xx is forwarded without a transaction. When nothing can be sent, the caller is answered.
   *
   * In a failure route the new Request-URI, when the route has set one, and the appended branches are tried.
   */
  relay(context: RequestContext, choice: RelayChoice = {}): Handled {
    if (context instanceof FailureContext) return this.#relayAgain(context);
    const { proxy } = this.#port;
    const { request, flow } = context;
    const template = this.#templateOf(context);
    const targets = this.#takeTargets(context, true);
    if (request.method === 'ACK') {
      const [target] = targets;
      if (target) void forwardRequest(proxy, request, target, { countHop: !context.hopCounted }, template);
      return relayed;
    }
    const relay = new Relay(proxy, {
      forwarding: { recordRoute: context.recordRoute, countHop: !context.hopCounted, timers: this.#timers },
      order: choice.order ?? 'parallel',
      hooks: this.#hooksFor(context, template),
    });
    const { pending } = context;
    const server = pending ? pending.handTo(relay) : proxy.transactions.createServer(request, flow, relay);
    // Also when the caller has cancelled while the route was waiting for something.
    if (server === 'retransmission' || server === undefined) return dropped;
    if (server === 'full') return context.reply(503);
    context.transaction = relay;
    relay.attach(server);
    relay.addTargets(targets, template);
    relay.start();
    return relayed;
  }

  /**
   * `t_replicate(host, port)`: sends a copy of the request to a fixed host. What it answers goes nowhere, and the
   * request itself may be answered as usual. The appended branches go along.
   *
   * @returns false when no copy could be sent
   */
  replicate(context: RequestContext, { host, port = 5060, transport = 'udp' }: ReplicateTo): boolean {
    const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    const destination = `sip:${literal}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`;
    const outcome = replicate(this.#port.proxy, context.request, context.flow, destination, {
      forwarding: { recordRoute: undefined, countHop: !context.hopCounted, timers: this.#timers },
      template: this.#templateOf(context),
      socket: context.sendSocket,
      branchUris: context.branches.map(({ uri }) => uri),
    });
    return outcome === 'sent';
  }

  /**
   * `forward()`: sends the request on without a transaction (RFC 3261 §16.11), to its Request-URI and destination URI,
   * or to a fixed place. Nobody hears of what fails later.
   *
   * @returns false when it could not be sent
   */
  forward(context: RequestContext, destination?: string): boolean {
    const { request, hopCounted, sendSocket } = context;
    const next = destination ?? context.destinationUri;
    const target = targetOf(context.uri, {
      destination: next,
      path: context.path,
      socket: sendSocket,
      flow: destination === undefined ? this.#flowOf(context.flowId) : undefined,
      keepTransport: next !== undefined,
    });
    const outcome = forwardRequest(
      this.#port.proxy,
      request,
      target,
      { countHop: !hopCounted, answered: true },
      this.#templateOf(context),
    );
    return isPromise(outcome) || outcome === 'sent';
  }

  /**
   * `t_newtran()`: makes the transaction of a request before anything is decided about it: retransmissions are absorbed,
   * and replies go by it. @param context of any request but an ACK, which has no transaction
   */
  newTransaction(context: RequestContext): NewTransaction {
    if (context.hasTransaction) return 'exists';
    if (context.pending !== undefined) {
      context.pending.isAsked = true;
      return 'created';
    }
    const { transactions, clock, logger } = this.#port.proxy;
    const pending = new PendingInvite(clock, () =>
      logger.error('a request that has its transaction was not answered in time', { request: context.uri }),
    );
    const server = transactions.createServer(context.request, context.flow, pending);
    if (typeof server === 'string') return server;
    pending.attach(server);
    pending.isAsked = true;
    context.pending = pending;
    context.transaction = pending;
    return 'created';
  }

  /** `t_release()`: ends the transaction that `newTransaction` has made. @returns false when there is none */
  release(context: RequestContext): boolean {
    const { pending } = context;
    if (pending === undefined || pending !== context.transaction || !pending.isAsked) return false;
    pending.routeEnded();
    return true;
  }

  /**
   * `t_on_failure(route)`: arms a failure route for when every branch has failed; once, so a failure route that
   * relays again arms the next one. @param route its name, or undefined to disarm
   */
  onFailure(context: RequestContext, route: string | undefined): void {
    const armed = this.#armedOf(context);
    armed.failure = route === undefined ? undefined : this.#port.routes().failure(route);
    if (context.transaction instanceof Relay) {
      context.transaction.onFailure(armed.failure && this.#failureHook(context, armed));
    }
  }

  /** `t_is_set(kind)`: whether such a route is armed for the request or its transaction. */
  isArmed(context: RequestContext, kind: 'failure' | 'branch' | 'reply'): boolean {
    return this.#armed.get(context)?.[kind] !== undefined;
  }

  /** `t_on_branch(route)`: arms a branch route, which sees every copy before it is sent. */
  onBranch(context: RequestContext, route: string | undefined): void {
    this.#armedOf(context).branch = route === undefined ? undefined : this.#port.routes().branch(route);
  }

  /** `t_on_reply(route)`: arms a reply route, which sees every reply before it is relayed. */
  onReply(context: RequestContext, route: string | undefined): void {
    this.#armedOf(context).reply = route === undefined ? undefined : this.#port.routes().reply(route);
  }

  #relayAgain(context: FailureContext): Handled {
    const { relay } = context;
    const template = editedOf(context, context.template);
    const withUri = context.hasNewTarget && !context.appendedOnly;
    const taken = relay.addTargets(this.#takeTargets(context, withUri), template);
    if (taken === 0) return context.leave();
    context.retried = true;
    return relayed;
  }

  /** Asked for once, when the first request is relayed. */
  get #everyReply(): ReplyRoute | undefined {
    if (!this.#everyIsKnown) this.#every = this.#port.routes().everyReply;
    this.#everyIsKnown = true;
    return this.#every;
  }

  #armedOf(context: RequestContext): Armed {
    const known = this.#armed.get(context);
    if (known) return known;
    const armed: Armed = { failure: undefined, branch: undefined, reply: undefined, template: undefined };
    this.#armed.set(context, armed);
    return armed;
  }

  #hooksFor(context: RequestContext, template: SipRequest): RelayHooks {
    const armed = this.#armed.get(context);
    const every = this.#everyReply;
    if (!armed)
      return every ? { reply: (response, { index }, flow) => every({ response, index, origin: context, flow }) } : {};
    armed.template = template;
    return {
      // Asked each time: a reply or failure route may arm another one for what is to come.
      branch: (copy) => armed.branch?.(new RelayedBranch(copy, context)) ?? 'send',
      reply: (response, { index }, flow) => {
        const seen = { response, index, origin: context, flow };
        // The first that drops a reply decides.
        return every?.(seen) === 'drop' ? 'drop' : (armed.reply?.(seen) ?? 'relay');
      },
      failure: armed.failure && this.#failureHook(context, armed),
    };
  }

  #failureHook(origin: RequestContext, armed: Armed): FailureHook {
    const { proxy, replies } = this.#port;
    return (best, relay, winner) => {
      const route = armed.failure;
      if (!route) return 'pass';
      armed.failure = undefined;
      const now = wholeSecond(proxy.clock);
      const template = armed.template ?? origin.request;
      const context = new FailureContext({ origin, template, relay, best, winner, port: replies, now });
      this.#armed.set(context, armed);
      const handled = route(context);
      return isPromise(handled) ? handled.then(verdictOf) : verdictOf(handled);
    };
  }

  // The copies are made of the request itself, unless a route wanted something in the copies alone.
  #templateOf(context: RequestContext): SipRequest {
    return editedOf(context, context.request);
  }

  // A relay takes the set of branches: what is appended later belongs to the next one.
  #takeTargets(context: RequestContext, withUri: boolean): Target[] {
    const targets: Target[] = [];
    if (withUri) {
      const { destinationUri, path, q, sendSocket, flowId, branchFlags } = context;
      targets.push(
        targetOf(context.uri, {
          destination: destinationUri,
          path,
          q,
          branchFlags: branchFlags.word,
          socket: sendSocket,
          flow: this.#flowOf(flowId),
          keepTransport: destinationUri !== undefined,
        }),
      );
    }
    for (const { uri, destinationUri, path, q, flags, socket, flowId } of context.branches) {
      // append_branch() in a failure route repeats the Request-URI that is a target by itself here.
      const target = targetOf(uri, {
        destination: destinationUri,
        path,
        q: q ?? -1,
        branchFlags: flags ?? 0,
        socket,
        flow: this.#flowOf(flowId),
        keepTransport: destinationUri !== undefined,
      });
      if (targets.some((other) => other.uri === target.uri && other.destination === destinationUri)) continue;
      targets.push(target);
    }
    context.clearBranches();
    return targets;
  }

  #flowOf(flowId: number | undefined): Flow | undefined {
    return flowId === undefined ? undefined : this.#port.flowOf(flowId);
  }
}

function editedOf(context: RequestContext, original: SipRequest): SipRequest {
  if (!context.hasEdits) return original;
  const template = original.clone();
  context.applyEdits(template);
  return template;
}

function verdictOf({ outcome }: Handled): 'handled' | 'pass' {
  return outcome === 'replied' || outcome === 'relayed' ? 'handled' : 'pass';
}

/** A branch of a relay as a branch route sees it. */
class RelayedBranch implements BranchContext {
  readonly #branch: Branch;
  readonly origin: RequestContext;

  constructor(branch: Branch, origin: RequestContext) {
    this.#branch = branch;
    this.origin = origin;
  }

  get request(): SipRequest {
    return this.#branch.request;
  }

  get index(): number {
    return this.#branch.index;
  }

  get uri(): string {
    return this.#branch.uri;
  }
  set uri(uri: string) {
    this.#branch.request.setUri(uri);
  }

  get destinationUri(): string | undefined {
    return this.#branch.destination;
  }
  set destinationUri(uri: string | undefined) {
    this.#branch.destination = uri;
  }

  get flags(): number {
    return this.#branch.flags;
  }
  set flags(flags: number) {
    this.#branch.flags = flags;
  }

  addRecordRouteParameter(parameter: string): void {
    this.#branch.recordRouteParameters += parameter;
  }
}
