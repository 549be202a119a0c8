import type { MaybePromise } from '../base/maybe-promise.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { Handled } from './handled.ts';
import type { RequestContext } from './request-context.ts';

/** A block of routing logic for a request; a compiled openser.cfg has the same type. */
export type Route = (context: RequestContext) => MaybePromise<Handled>;

/** What a branch route sees: one copy of the request, just before it is sent (§16.6). */
export interface BranchContext {
  /** The copy that will be sent; headers may be added and removed. */
  readonly request: SipRequest;
  /** The Request-URI of this branch; may be changed. */
  uri: string;
  /** Where the copy goes instead of its Request-URI; may be changed. */
  destinationUri: string | undefined;
  /** Flags of this branch. */
  flags: number;
  /** The number of the branch in its transaction, from 0. */
  readonly index: number;
  /** The context of the request that was relayed. */
  readonly origin: RequestContext;
  /** One more parameter, with its semicolon, for this branch's Record-Route when the route is recorded. */
  addRecordRouteParameter(parameter: string): void;
}

/** Runs for every branch before it is sent; `'drop'` leaves that branch out. */
export type BranchRoute = (branch: BranchContext) => 'send' | 'drop';

/** What a reply route sees: a reply from downstream, before it is relayed. */
export interface ReplyContext {
  readonly response: SipResponse;
  /** The number of the branch that it answers. */
  readonly index: number;
  /** The context of the request that it answers. */
  readonly origin: RequestContext;
  /** What it came by. */
  readonly flow: Flow;
}

/** Runs for every reply; `'drop'` swallows a provisional one. A final reply is never lost (§16.7). */
export type ReplyRoute = (reply: ReplyContext) => 'relay' | 'drop';
