import { AortaError } from '../base/errors.ts';
import { isPromise } from '../base/maybe-promise.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.ts';
import { needsCongestionControl } from '../transport/congestion.ts';
import type { Flow, Hop, Listener } from '../transport/flow.ts';
import type { Answer } from './best-response.ts';
import { addVia, nextHopUri, prepareForStrictRouter } from './forward.ts';
import type { ForwardingOptions } from './forwarding-options.ts';
import { maxHopsPerBranch } from './limits.ts';
import { type LocalFailure, localFailures, nextHopFailure } from './local-failure.ts';
import { newBranchParameter } from './loop-detection.ts';
import type { ProxyPort } from './proxy-port.ts';
import { addRecordRoute, type RecordRouteOptions } from './record-route.ts';
import type { Target } from './target.ts';

/** What a branch needs of the response context that it belongs to, and tells it. */
export interface BranchOwner {
  readonly port: ProxyPort;
  readonly forwarding: ForwardingOptions;
  /** Where the request came in. */
  readonly incoming: Listener;
  /** The second part of the branch parameters (§16.6 step 8). */
  readonly loopKey: string;
  /** Whether a branch that failed may still go on to its next hop. */
  readonly mayRetry: boolean;
  /** A provisional response other than 100. */
  branchProvisional(branch: Branch, response: SipResponse, flow: Flow): void;
  /** A 2xx; for an INVITE again with each retransmission and each further answer. */
  branchSucceeded(branch: Branch, response: SipResponse, flow: Flow): void;
  /** The branch is over and negative; once. */
  branchFailed(branch: Branch, flow: Flow | undefined): void;
}

/** `new` until it is started; `trying` also while its next hop is looked up or connected to. */
export type BranchState = 'new' | 'trying' | 'proceeding' | 'completed';

/**
 * One copy of a request on its way to one target, with the client transactions that carry it: one after the other
 * for the hops that RFC 3263 lists, until a hop answers (§4.3).
 */
export class Branch implements Answer, ClientTransactionUser {
  /** The number of the branch in its context, from 0. */
  readonly index: number;
  readonly target: Target;
  /** The copy, before Record-Route and Via are added. A branch hook may change it. */
  readonly request: SipRequest;
  /** The next hop, when it is neither in a Route nor the Request-URI. A branch hook may change it. */
  destination: string | undefined;
  /** The listener to send from. A branch hook may change it. */
  socket: Listener | undefined;
  /** Flags of this branch. A branch hook may change them. */
  flags: number;
  /** More parameters for the Record-Route of this branch, each with its semicolon. A branch hook may add some. */
  recordRouteParameters = '';

  readonly #owner: BranchOwner;
  #state: BranchState = 'new';
  #status = 0;
  #reason = '';
  #response: SipResponse | undefined = undefined;
  #transaction: ClientTransaction | undefined = undefined;
  #hops: readonly Hop[] = noHops;
  #hopIndex = 0;
  /** What §18.1.1 makes of the hop's UDP: not asked yet, tried by TCP, or back after TCP failed. */
  #longRequest: 'unknown' | 'tcp' | 'udp-again' = 'unknown';
  #wasSent = false;

  constructor(owner: BranchOwner, index: number, target: Target, request: SipRequest) {
    this.#owner = owner;
    this.index = index;
    this.target = target;
    this.request = request;
    this.destination = target.destination;
    this.socket = target.socket;
    this.flags = target.branchFlags;
  }

  get state(): BranchState {
    return this.#state;
  }

  /** The Request-URI of the copy. */
  get uri(): string {
    return this.request.uriText;
  }

  /** The status of the final answer; 0 while there is none. */
  get status(): number {
    return this.#status;
  }

  /** The reason phrase of the final answer. */
  get reason(): string {
    return this.#reason;
  }

  /** The final answer; undefined while there is none, and when it was made here. */
  get response(): SipResponse | undefined {
    return this.#response;
  }

  /** Whether a copy left at least once. */
  get wasSent(): boolean {
    return this.#wasSent;
  }

  /** Whether an answer is still awaited. */
  get isPending(): boolean {
    return this.#state === 'trying' || this.#state === 'proceeding';
  }

  /** Sends the copy (RFC 3261 §16.6 steps 6 to 10); at once when the next hop is an IP address and UDP. */
  start(): void {
    this.#state = 'trying';
    prepareForStrictRouter(this.request);
    // RFC 5626 §5.3: a flow is used as it is; a broken one leaves the address to try. Where the hook has chosen
    // another way, the target's own no longer counts.
    const { flow, uri, destination, path } = this.target;
    const redirected = this.destination !== destination;
    if (flow?.open && !redirected && this.uri === uri) {
      this.#dispatch(this.request, flow, this.#complement(this.request, flow));
      return;
    }
    const nextHop = nextHopUri(this.request, { destination: this.destination, path: redirected ? undefined : path });
    if (isSipError(nextHop)) {
      this.#fail(nextHopFailure(nextHop));
      return;
    }
    const hops = this.#owner.port.resolve(nextHop);
    if (!isPromise(hops)) this.#resolved(hops);
    else {
      hops.then(
        (found) => this.#state === 'trying' && this.#resolved(found),
        (error: unknown) => this.#portFailed('resolve', error, localFailures.unresolvable),
      );
    }
  }

  /**
   * Cancels the branch (RFC 3261 §16.10): by CANCEL when a copy is out, which the transaction holds back until a
   * provisional response allows it; here and now when none is.
   *
   * @param reason a Reason value for the CANCEL (RFC 3326)
   */
  cancel(reason?: string): void {
    if (!this.isPending) return;
    if (this.#transaction) this.#transaction.cancel(reason);
    else this.#fail(localFailures.cancelled);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction, flow: Flow): void {
    const { status } = response;
    if (!this.isPending || transaction !== this.#transaction) {
      // §16.7 step 5: a 2xx to an INVITE is never lost, however late, and whichever hop it comes from.
      if (status >= 200 && status < 300) this.#owner.branchSucceeded(this, response, flow);
      return;
    }
    if (status < 200) {
      this.#state = 'proceeding';
      // §16.7 step 5: 100 is for this hop only.
      if (status > 100) this.#owner.branchProvisional(this, response, flow);
    } else if (status < 300) {
      this.#complete(status, response.reason, response);
      this.#owner.branchSucceeded(this, response, flow);
    } else if (status !== 503 || !this.#tryNextHop()) {
      this.#complete(status, response.reason, response);
      this.#owner.branchFailed(this, flow);
    }
  }

  onTimeout(transaction: ClientTransaction): void {
    if (!this.isPending || transaction !== this.#transaction) return;
    // RFC 3263 §4.3: a timeout without any response is a failure of the hop. A hop that rang is the right one.
    if (this.#state === 'trying' && this.#tryNextHop()) return;
    this.#fail(this.#owner.mayRetry ? localFailures.timeout : localFailures.cancelled);
  }

  onTransportError(transaction: ClientTransaction): void {
    if (!this.isPending || transaction !== this.#transaction) return;
    if (!this.#owner.mayRetry) {
      this.#fail(localFailures.cancelled);
      return;
    }
    this.#transaction = undefined;
    this.#moveOn();
    this.#tryHops();
  }

  #resolved(hops: readonly Hop[] | SipError): void {
    if (isSipError(hops) || hops.length === 0) {
      this.#fail(localFailures.unresolvable);
      return;
    }
    this.#hops = hops.length > maxHopsPerBranch ? hops.slice(0, maxHopsPerBranch) : hops;
    this.#tryHops();
  }

  #tryHops(): void {
    for (;;) {
      const hop = this.#hops[this.#hopIndex];
      if (!hop) {
        this.#fail(localFailures.transport);
        return;
      }
      const byTcp = this.#longRequest === 'tcp';
      const wanted: Hop = byTcp ? { transport: 'tcp', address: hop.address, port: hop.port } : hop;
      const flow = this.#owner.port.flowTo(wanted, this.socket);
      if (isPromise(flow)) {
        flow.then(
          (found) => this.#state === 'trying' && (this.#use(found, hop) || this.#tryHops()),
          (error: unknown) => this.#portFailed('flowTo', error, localFailures.transport),
        );
        return;
      }
      if (this.#use(flow, hop)) return;
    }
  }

  // Returns false when the branch has moved on to another way of sending.
  #use(flow: Flow | AortaError, hop: Hop): boolean {
    if (flow instanceof AortaError) {
      this.#owner.port.logger.debug('a hop cannot be reached', { hop: hopText(hop), problem: flow.message });
      this.#moveOn();
      return false;
    }
    const mayBeLong =
      hop.transport === 'udp' &&
      this.#longRequest === 'unknown' &&
      !this.target.keepTransport &&
      !this.#isCertainlyShort();
    const copy = this.#isLastWay(mayBeLong) ? this.request : this.request.clone();
    const parameter = this.#complement(copy, flow);
    if (mayBeLong && needsCongestionControl(copy.wireLength)) {
      this.#longRequest = 'tcp';
      return false;
    }
    this.#dispatch(copy, flow, parameter);
    return true;
  }

  // Whether no other copy can follow, so that the branch's own is sent and none need be made.
  #isLastWay(mayBeLong: boolean): boolean {
    return !mayBeLong && this.#hopIndex >= this.#hops.length - 1 && this.#longRequest !== 'tcp';
  }

  #isCertainlyShort(): boolean {
    return !this.#owner.forwarding.recordRoute && this.request.wireLength <= certainlyShortBytes;
  }

  // §16.6 steps 4 and 8: what depends on the flow that is used. Returns the branch parameter.
  #complement(copy: SipRequest, flow: Flow): string {
    const { forwarding, incoming, port, loopKey } = this.#owner;
    const { recordRoute } = forwarding;
    if (recordRoute) addRecordRoute(copy, incoming, flow.listener, this.#withOwnParameters(recordRoute));
    const parameter = newBranchParameter(port.random, loopKey);
    addVia(copy, flow.listener, parameter);
    return parameter;
  }

  #withOwnParameters(recordRoute: RecordRouteOptions): RecordRouteOptions {
    const own = this.recordRouteParameters;
    return own === '' ? recordRoute : { ...recordRoute, parameters: `${recordRoute.parameters ?? ''}${own}` };
  }

  // §16.6 steps 10 and 11. The transaction's limit on ringing is Timer C.
  #dispatch(copy: SipRequest, flow: Flow, parameter: string): void {
    const { port, forwarding } = this.#owner;
    this.#wasSent = true;
    this.#transaction = port.transactions.createClient(copy, flow, this, forwarding.timers, parameter);
  }

  // A hop has failed as a whole: the next one is another element (RFC 3263 §4.3).
  #tryNextHop(): boolean {
    if (!this.#owner.mayRetry || this.#hopIndex + 1 >= this.#hops.length) return false;
    this.#hopIndex++;
    this.#longRequest = 'unknown';
    this.#transaction = undefined;
    this.#state = 'trying';
    this.#tryHops();
    return true;
  }

  // A way of sending has failed: RFC 3261 §18.1.1 goes from TCP back to UDP before the next hop is tried.
  #moveOn(): void {
    if (this.#longRequest === 'tcp') {
      this.#longRequest = 'udp-again';
    } else {
      this.#longRequest = 'unknown';
      this.#hopIndex++;
    }
  }

  #portFailed(call: string, error: unknown, failure: LocalFailure): void {
    this.#owner.port.logger.error('the proxy port failed', { call, error });
    if (this.#state === 'trying') this.#fail(failure);
  }

  #fail(failure: LocalFailure): void {
    this.#complete(failure.status, failure.reason, undefined);
    this.#owner.branchFailed(this, undefined);
  }

  #complete(status: number, reason: string, response: SipResponse | undefined): void {
    this.#state = 'completed';
    this.#status = status;
    this.#reason = reason;
    this.#response = response;
  }
}

const noHops: readonly Hop[] = [];

/** A copy up to this length stays below 1300 bytes with the Via that is added to it; a host name has 255 at most. */
const certainlyShortBytes = 800;

function hopText(hop: Hop): string {
  return `${hop.transport}:${hop.address}:${hop.port}`;
}
