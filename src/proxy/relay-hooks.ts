import type { MaybePromise } from '../base/maybe-promise.ts';
import type { SipResponse } from '../sip/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { Branch } from './branch.ts';
import type { Relay } from './relay.ts';

/** Sees a branch just before it is sent, and may change its copy, destination, socket and flags. */
export type BranchHook = (branch: Branch) => 'send' | 'drop';

/**
 * Sees a response from downstream before it is relayed, our Via still on top. Only a provisional one can be dropped:
 * a final one is never lost (RFC 3261 §16.7).
 *
 * @param flow what the response came by
 */
export type ReplyHook = (response: SipResponse, branch: Branch, flow: Flow) => 'relay' | 'drop';

/**
 * Runs when all branches are final and none succeeded, before the best answer goes upstream. It may add targets with
 * `relay.addTargets`, or answer with `relay.respond`; `handled` then goes on with that, `pass` sends the best answer.
 * It is armed once: `relay.onFailure` arms it, or another one, again.
 *
 * @param best the best answer; a response made here when nobody answered
 * @param winner the branch that gave it; undefined when there was none
 */
export type FailureHook = (
  best: SipResponse,
  relay: Relay,
  winner: Branch | undefined,
) => MaybePromise<'handled' | 'pass'>;

/** Where routing takes part in a relay. A hook that throws is logged and counts as `send`, `relay` or `pass`. */
export interface RelayHooks {
  readonly branch?: BranchHook | undefined;
  readonly reply?: ReplyHook | undefined;
  readonly failure?: FailureHook | undefined;
}
