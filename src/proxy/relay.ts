import { assert } from '../base/assert.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import { createResponse } from '../sip/create-response.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import type { ServerTransaction, ServerTransactionUser } from '../transaction/server-transaction.ts';
import type { ServerRefusal } from '../transaction/transaction-layer.ts';
import type { Flow, Listener } from '../transport/flow.ts';
import { aggregateChallenges, chooseBest } from './best-response.ts';
import { Branch, type BranchOwner } from './branch.ts';
import { copyForTarget } from './forward.ts';
import { defaultForwarding, type ForwardingOptions } from './forwarding-options.ts';
import { maxBranches } from './limits.ts';
import { type LocalFailure, localFailures } from './local-failure.ts';
import { loopKey } from './loop-detection.ts';
import { maxBreadthOf, setMaxBreadth } from './max-breadth.ts';
import type { ProxyPort } from './proxy-port.ts';
import type { FailureHook, RelayHooks } from './relay-hooks.ts';
import { type ForkOrder, groupTargets, type Target } from './target.ts';

/** How one request is relayed. */
export interface RelayOptions {
  readonly forwarding?: ForwardingOptions;
  readonly order?: ForkOrder;
  readonly hooks?: RelayHooks;
  /** The request's `loopKey`, when it is known already. */
  readonly loopKey?: string;
  /**
   * What the caller of a non-INVITE request gets when nobody answers in time. RFC 4320 §4.2 forbids the 408, which
   * arrives when the caller has given up by itself; `answer` sends it nevertheless, for timers shorter than 64*T1.
   */
  readonly nonInviteTimeout?: 'silent' | 'answer';
}

/** Targets that wait for their turn, and the request that their copies are made of. */
interface WaitingGroup {
  readonly template: SipRequest;
  readonly targets: readonly Target[];
}

/** RFC 3326: tells a phone that the call is no missed one. */
const answeredElsewhere = 'SIP ;cause=200 ;text="Call completed elsewhere"';

/** How long a failure hook may think, ms: as long as a phone may ring (§16.6 step 11, Timer C). */
const maxHookMs = 181_000;

/**
 * The response context of one request (RFC 3261 §16.7): its server transaction, its branches, and what goes back.
 *
 * ```
 * new Relay(port, options) -> attach(server) -> addTargets(…) -> start()
 * ```
 * A Relay is the user of its server transaction, or is told of a CANCEL by whoever is.
 */
export class Relay implements BranchOwner, ServerTransactionUser {
  readonly port: ProxyPort;
  readonly forwarding: ForwardingOptions;
  readonly #order: ForkOrder;
  readonly #hooks: RelayHooks;
  readonly #nonInviteTimeout: 'silent' | 'answer';
  #branches: readonly Branch[] = noBranches;
  #failureHook: FailureHook | undefined;
  #server: ServerTransaction | undefined = undefined;
  #loopKey: string | undefined;
  #waiting: readonly WaitingGroup[] = noGroups;
  #waitingCount = 0;
  /** Copies made so far, also those that the branch hook dropped: what the limit counts. */
  #made = 0;
  /** The first branch since the last failure hook: earlier answers have been dealt with. */
  #roundStart = 0;
  /** Branches are being started: their failures are looked at when all are. */
  #starting = false;
  /** The failure hook has been asked and has not answered yet. */
  #deciding = false;
  /** A final response went upstream, or none ever will. */
  #answered = false;
  #cancelled = false;
  /** A 6xx came in this round: no more branches (§16.7 step 5). */
  #declined = false;
  /** Targets were not tried because the request may not fork so wide. */
  #tooWide = false;

  constructor(port: ProxyPort, options: RelayOptions = {}) {
    this.port = port;
    this.forwarding = options.forwarding ?? defaultForwarding;
    this.#order = options.order ?? 'parallel';
    this.#hooks = options.hooks ?? noHooks;
    this.#failureHook = this.#hooks.failure;
    this.#loopKey = options.loopKey;
    this.#nonInviteTimeout = options.nonInviteTimeout ?? 'silent';
  }

  /** Takes the server transaction; an INVITE is answered 100 at once (§16.2). */
  attach(server: ServerTransaction): void {
    assert(this.#server === undefined, 'a relay has one server transaction');
    this.#server = server;
    if (server.kind === 'invite' && server.lastResponse === undefined) {
      server.respond(createResponse(server.request, 100, 'Trying'));
    }
  }

  /** The server transaction of the request. */
  get server(): ServerTransaction {
    assert(this.#server !== undefined, 'attach comes first');
    return this.#server;
  }

  get incoming(): Listener {
    return this.server.flow.listener;
  }

  get loopKey(): string {
    this.#loopKey ??= loopKey(this.server.request);
    return this.#loopKey;
  }

  get mayRetry(): boolean {
    return !this.#answered && !this.#cancelled && !this.#declined;
  }

  /** All branches so far, in the order in which they were made. */
  get branches(): readonly Branch[] {
    return this.#branches;
  }

  /** Whether the caller has cancelled (`t_was_cancelled`). */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether a final response went upstream. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Arms the failure hook, again or for the first time; undefined disarms it. */
  onFailure(hook: FailureHook | undefined): void {
    this.#failureHook = hook;
  }

  /**
   * Adds targets; they are tried when `start` is called or the failure hook says `handled`.
   *
   * @param template the request that the copies are made of: as received, or as a route has changed it
   * @returns how many were taken: none after the final response or a CANCEL, and twelve over the whole life
   */
  addTargets(targets: readonly Target[], template: SipRequest = this.server.request): number {
    if (this.#answered || this.#cancelled) return 0;
    const room = maxBranches - this.#made - this.#waitingCount;
    const taken = targets.length > room ? targets.slice(0, Math.max(room, 0)) : targets;
    if (taken.length < targets.length) {
      this.port.logger.warn('a request has more targets than it may have branches', {
        limit: maxBranches,
        left: targets.length - taken.length,
      });
    }
    for (const targets of groupTargets(taken, this.#order)) {
      this.#waiting = withOneMore(this.#waiting, { template, targets });
    }
    this.#waitingCount += taken.length;
    return taken.length;
  }

  /**
   * Forwards the request to the targets that were added (§16.6).
   *
   * @returns `sent` when a copy left, or is about to; `failed` when none could: the answer is given then, here or by
   *   the failure hook
   */
  start(): 'sent' | 'failed' {
    this.#continue();
    for (const branch of this.#branches) if (branch.wasSent || branch.isPending) return 'sent';
    return 'failed';
  }

  /**
   * Sends a response of this server's own; a final one ends the relay: what is pending is cancelled.
   *
   * @returns `discarded` when a final response has gone before
   */
  respond(response: SipResponse): 'sent' | 'discarded' {
    if (this.#answered) return 'discarded';
    if (response.status >= 200) {
      this.#answered = true;
      this.#dropWaiting();
    }
    const outcome = this.server.respond(response);
    if (response.status >= 200) this.#cancelPending();
    return outcome;
  }

  /** A CANCEL came (§16.10). Its 200 has been sent; the 487 follows when the branches have answered. */
  onCancel(cancel: SipRequest): void {
    this.cancel(cancel.header('reason'));
  }

  /**
   * Cancels all branches as the caller's CANCEL does; what waits is not tried any more.
   *
   * @param reason a Reason value to pass on (RFC 3326)
   */
  cancel(reason?: string): void {
    if (this.#answered || this.#cancelled) return;
    this.#cancelled = true;
    this.#dropWaiting();
    this.#cancelPending(reason);
    this.#conclude();
  }

  branchProvisional(branch: Branch, response: SipResponse, flow: Flow): void {
    const wanted = this.#replyVerdict(branch, response, flow) === 'relay';
    // RFC 4320 §4.1: a non-INVITE request gets no provisional response but 100.
    if (!wanted || this.#answered || this.server.kind !== 'invite') return;
    if (removeOwnVia(response)) this.server.respond(response);
  }

  branchSucceeded(branch: Branch, response: SipResponse, flow: Flow): void {
    this.#replyVerdict(branch, response, flow);
    const first = !this.#answered;
    if (!first && this.server.kind !== 'invite') return;
    this.#answered = true;
    this.#dropWaiting();
    if (removeOwnVia(response) && this.server.respond(response) === 'discarded') this.#sendStateless(response);
    // §16.7 step 10.
    if (first) this.#cancelPending(answeredElsewhere);
  }

  branchFailed(branch: Branch, flow: Flow | undefined): void {
    const { response } = branch;
    if (response && flow) {
      this.#replyVerdict(branch, response, flow);
      removeOwnVia(response);
    }
    // §16.7 step 5: a 6xx does not go upstream at once, but ends the search.
    if (branch.status >= 600 && !this.#answered && !this.#declined) {
      this.#declined = true;
      this.#dropWaiting();
      this.#cancelPending();
    }
    this.#conclude();
  }

  // Starts group after group until one has something to wait for; then it is the branches' turn.
  #continue(): void {
    while (this.#waiting.length > 0 && !this.#hasPending()) this.#startGroup();
    this.#conclude();
  }

  #startGroup(): void {
    const [group] = this.#waiting;
    if (!group) return;
    this.#waiting = this.#waiting.length === 1 ? noGroups : this.#waiting.slice(1);
    const { template, targets } = group;
    // RFC 5393 §5.3.3: who does not get a part of the breadth is not sent to. Serial branches have it all in turn.
    const breadth = Math.floor(maxBreadthOf(template) / targets.length);
    if (breadth < 1) {
      this.#tooWide = true;
      this.#waitingCount -= targets.length;
      return;
    }
    this.#starting = true;
    for (const target of targets) {
      if (this.#answered) break;
      this.#waitingCount--;
      this.#made++;
      const copy = copyForTarget(template, target, this.forwarding.countHop);
      setMaxBreadth(copy, breadth);
      const branch = new Branch(this, this.#branches.length, target, copy);
      if (this.#branchVerdict(branch) === 'drop') continue;
      this.#branches = withOneMore(this.#branches, branch);
      branch.start();
    }
    this.#starting = false;
  }

  // §16.7 step 6: when every branch is final, the next group has its turn, or the best answer is chosen.
  #conclude(): void {
    if (this.#starting || this.#deciding || this.#answered || this.#hasPending()) return;
    if (this.#waiting.length > 0) this.#continue();
    else this.#settle();
  }

  #settle(): void {
    const round = this.#branches.slice(this.#roundStart);
    const winner = chooseBest(round.length > 0 ? round : this.#branches, this.#cancelled);
    const best = this.#answerOf(winner);
    if (!this.#failureHook) {
      this.#finish(best);
      return;
    }
    this.#deciding = true;
    const verdict = this.#failureVerdict(best, winner);
    if (!isPromise(verdict)) {
      this.#decided(verdict, best);
      return;
    }
    // A hook that never ends would hold the transaction for ever, and the caller without an answer.
    const overdue = this.port.clock.after(maxHookMs, () => {
      this.#decided(this.#hookFailed('failure', new Error('it did not end in time'), 'pass'), best);
    });
    verdict
      .catch((error: unknown) => this.#hookFailed('failure', error, 'pass' as const))
      .then((late) => {
        overdue.cancel();
        this.#decided(late, best);
      });
  }

  #decided(verdict: 'handled' | 'pass', best: SipResponse): void {
    this.#deciding = false;
    if (this.#answered) return;
    if (verdict === 'handled' && this.#waiting.length > 0) {
      this.#roundStart = this.#branches.length;
      this.#declined = false;
      this.#continue();
      return;
    }
    this.#dropWaiting();
    // Also when a hook said `handled` and did nothing: a request is never left without its answer.
    this.#finish(best);
  }

  // §16.7 steps 7 to 9.
  #finish(best: SipResponse): void {
    this.#answered = true;
    const { server } = this;
    if (best.status === 408 && server.kind === 'non-invite' && this.#nonInviteTimeout === 'silent') {
      server.abandon();
      return;
    }
    // §16.7 step 6: a 503 would say that this server is overloaded.
    const upstream = best.status === 503 ? this.#localResponse(serverError) : best;
    aggregateChallenges(upstream, this.#branches);
    server.respond(upstream);
  }

  #answerOf(winner: Branch | undefined): SipResponse {
    if (!winner) {
      const { cancelled, breadth, noTarget } = localFailures;
      return this.#localResponse(this.#cancelled ? cancelled : this.#tooWide ? breadth : noTarget);
    }
    return winner.response ?? this.#localResponse(winner);
  }

  #localResponse({ status, reason }: LocalFailure): SipResponse {
    const { server } = this;
    return createResponse(server.request, status, reason, { toTag: server.toTag });
  }

  // §16.7 step 9: a 2xx to an INVITE that comes when the server transaction has another answer, or is gone.
  #sendStateless(response: SipResponse): void {
    const via = response.topVia;
    if (this.server.kind === 'invite' && !isSipError(via)) {
      this.port.sendReply(this.server.flow, via, response.toBuffer());
    }
  }

  // §16.10: CANCEL is for INVITE; other branches are left to end by themselves.
  #cancelPending(reason?: string): void {
    if (this.server.kind !== 'invite') return;
    for (const branch of this.#branches) branch.cancel(reason);
  }

  #hasPending(): boolean {
    for (const branch of this.#branches) if (branch.isPending) return true;
    return false;
  }

  #dropWaiting(): void {
    if (this.#waitingCount === 0) return;
    this.#waiting = noGroups;
    this.#waitingCount = 0;
  }

  #branchVerdict(branch: Branch): 'send' | 'drop' {
    const hook = this.#hooks.branch;
    if (!hook) return 'send';
    try {
      return hook(branch);
    } catch (error) {
      return this.#hookFailed('branch', error, 'send');
    }
  }

  #failureVerdict(best: SipResponse, winner: Branch | undefined): MaybePromise<'handled' | 'pass'> {
    const hook = this.#failureHook;
    if (!hook) return 'pass';
    // Armed once; the hook may arm it again.
    this.#failureHook = undefined;
    try {
      return hook(best, this, winner);
    } catch (error) {
      return this.#hookFailed('failure', error, 'pass');
    }
  }

  #replyVerdict(branch: Branch, response: SipResponse, flow: Flow): 'relay' | 'drop' {
    const hook = this.#hooks.reply;
    if (!hook) return 'relay';
    try {
      return hook(response, branch, flow);
    } catch (error) {
      return this.#hookFailed('reply', error, 'relay');
    }
  }

  #hookFailed<T>(hook: string, error: unknown, verdict: T): T {
    this.port.logger.error('a hook of the relay failed', { hook, error, verdict });
    return verdict;
  }
}

const noHooks: RelayHooks = {};
const noBranches: readonly Branch[] = [];
const noGroups: readonly WaitingGroup[] = [];

/** Most relays have one of each, and an array that grows takes room for many. */
function withOneMore<T>(items: readonly T[], item: T): readonly T[] {
  return items.length === 0 ? [item] : [...items, item];
}

const serverError: LocalFailure = { status: 500, reason: 'Server Internal Error' };

/** §16.7 step 3. @returns false when no Via is left: the response was meant for this server */
function removeOwnVia(response: SipResponse): boolean {
  response.removeFirstValue('via');
  return response.has('via');
}

/**
 * Relays a request: makes its server transaction and forwards it to the targets (RFC 3261 §16.2).
 *
 * @param request as received; ACK is forwarded without state instead
 * @param template the request that copies are made of, when a route has changed it
 * @returns the relay, or why there is no transaction for the request
 */
export function relayRequest(
  port: ProxyPort,
  request: SipRequest,
  flow: Flow,
  targets: readonly Target[],
  options: RelayOptions = {},
  template: SipRequest = request,
): Relay | ServerRefusal {
  const relay = new Relay(port, options);
  const server = port.transactions.createServer(request, flow, relay);
  if (typeof server === 'string') return server;
  relay.attach(server);
  relay.addTargets(targets, template);
  relay.start();
  return relay;
}
