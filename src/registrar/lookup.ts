import { type MaybePromise, then } from '../base/maybe-promise.ts';
import type { Aor } from '../location/aor.ts';
import { type Binding, bindingFlags } from '../location/binding.ts';
import type { LocationTable } from '../location/location.ts';
import { allowsMethod } from './method-mask.ts';
import type { RegistrarOptions } from './options.ts';

/** Branches of one request, the Request-URI's included (decision 17): what a transaction forks to at most. */
export const maxBranches = 12;

/** `error`: there is no address-of-record to look for, or the store could not be asked. */
export type LookupOutcome = 'found' | 'not-found' | 'method-not-allowed' | 'error';

export interface LookupResult {
  readonly outcome: LookupOutcome;
  /** In list order: the first for the Request-URI, the others for branches. Empty unless found. */
  readonly targets: readonly Binding[];
  /** Contacts left out because there are more than `maxBranches`; worth one warning. */
  readonly dropped: number;
}

const notFound: LookupResult = { outcome: 'not-found', targets: [], dropped: 0 };
const notAllowed: LookupResult = { outcome: 'method-not-allowed', targets: [], dropped: 0 };

/**
 * Finds where a request for an address-of-record goes (the manual's `lookup`; RFC 3261 §16.5): every valid contact that
 * takes the method, or the first alone when `append_branches` is off. Changes nothing.
 *
 * @param aor made by `aorOf` from the Request-URI
 * @param now epoch milliseconds of the current whole second
 * @param method the request's
 */
export function lookup(
  aor: Aor,
  table: LocationTable,
  options: RegistrarOptions,
  now: number,
  method: string,
): MaybePromise<LookupResult> {
  return then(table.get(aor, now), (bindings) => choose(bindings, options, method));
}

function choose(bindings: readonly Binding[], options: RegistrarOptions, method: string): LookupResult {
  if (bindings.length === 0) return notFound;
  const allowed = allowing(bindings, method);
  if (allowed.length === 0) return notAllowed;
  const most = options.appendBranches ? maxBranches : 1;
  if (allowed.length <= most) return { outcome: 'found', targets: allowed, dropped: 0 };
  const dropped = options.appendBranches ? allowed.length - most : 0;
  return { outcome: 'found', targets: allowed.slice(0, most), dropped };
}

/** Whether the address-of-record has a contact at `now` (the manual's `registered`; decision 18). Changes nothing. */
export function registered(aor: Aor, table: LocationTable, now: number): MaybePromise<boolean> {
  return then(table.get(aor, now), ({ length }) => length > 0);
}

/** What a lookup adds to the flags of a request. */
export interface NatMarks {
  /** To be set in the message's flags; nothing is ever cleared. */
  readonly messageFlags: number;
  /** The flags of each branch, one for each target: the first is the Request-URI's. */
  readonly branchFlags: readonly number[];
}

/**
 * Where the NAT marks of found contacts go (the manual's `nat_flag` and `use_branch_flags`): the Request-URI's into the
 * message's flags; those of further contacts into their branch flags, or, without `use_branch_flags`, into the message's
 * as well, where one marks all. With `nat_flag` -1 nothing is set (decision 19).
 */
export function natMarks(targets: readonly Binding[], options: RegistrarOptions): NatMarks {
  const mark = options.natFlag < 0 ? 0 : 1 << options.natFlag;
  let messageFlags = 0;
  const branchFlags: number[] = [];
  for (const target of targets) {
    const own = (target.flags & bindingFlags.nat) === 0 ? 0 : mark;
    const forBranch = options.useBranchFlags && branchFlags.length > 0;
    if (!forBranch) messageFlags |= own;
    branchFlags.push(target.branchFlags | (forBranch ? own : 0));
  }
  return { messageFlags, branchFlags };
}

/** The list itself when every contact takes the method, which is the usual case. */
function allowing(bindings: readonly Binding[], method: string): readonly Binding[] {
  for (const { methods } of bindings) {
    if (!allowsMethod(methods, method)) return bindings.filter((binding) => allowsMethod(binding.methods, method));
  }
  return bindings;
}
