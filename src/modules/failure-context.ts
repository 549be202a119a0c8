import type { Branch } from '../proxy/branch.ts';
import type { Relay } from '../proxy/relay.ts';
import { type Handled, left } from '../routing/handled.ts';
import type { ReplyPort } from '../routing/request-context.ts';
import { RequestContext } from '../routing/request-context.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';

/** What a failure context is made of. */
export interface FailureContextParts {
  /** The context of the request route: its flags and AVPs live on. */
  readonly origin: RequestContext;
  readonly template: SipRequest;
  readonly relay: Relay;
  readonly best: SipResponse;
  readonly winner: Branch | undefined;
  readonly port: ReplyPort;
  readonly now: number;
}

/**
 * A request all of whose branches have failed, before the best reply goes back. Its Request-URI is that of the
 * winning branch; `revertUri()` gives the original one. What the route leaves as Request-URI or appends as branches
 * is tried by `tm.relay`.
 */
export class FailureContext extends RequestContext {
  /** The reply that goes back unless the route does something about it. */
  readonly best: SipResponse;
  readonly relay: Relay;
  /** The request that further copies are made of. */
  readonly template: SipRequest;
  /** Whether only appended branches are tried, as OpenSER has it, and a new Request-URI alone is not. */
  appendedOnly: boolean;
  /** Whether further targets are being tried. */
  retried: boolean;
  readonly #winnerUri: string;

  constructor({ origin, template, relay, best, winner, port, now }: FailureContextParts) {
    super({ request: origin.request, flow: origin.flow, now, port, route: 'failure', avps: origin.sharedAvps });
    this.best = best;
    this.relay = relay;
    this.template = template;
    this.appendedOnly = false;
    this.retried = false;
    this.transaction = relay;
    this.recordRoute = origin.recordRoute;
    this.hopCounted = origin.hopCounted;
    this.flags.word = origin.flags.word;
    this.branchFlags.word = winner?.flags ?? 0;
    this.#winnerUri = winner?.uri ?? origin.uri;
    this.uri = this.#winnerUri;
  }

  /** The status of the reply that won. */
  get status(): number {
    return this.best.status;
  }

  /** Whether the caller has cancelled (`t_was_cancelled`): nothing can be tried any more. */
  get wasCancelled(): boolean {
    return this.relay.cancelled;
  }

  /** Whether the route has put another Request-URI in place of the one that failed. */
  get hasNewTarget(): boolean {
    return this.uri !== this.#winnerUri;
  }

  /** Lets the reply that won go back. */
  leave(): Handled {
    return left;
  }
}
