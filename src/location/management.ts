import { isSipError } from '../sip/sip-error.ts';
import { parseUri, sameUri } from '../sip/uri.ts';
import { type Aor, asAor, asciiLowerCase } from './aor.ts';
import { type Binding, bindingFlags } from './binding.ts';
import { insertByQ, insertByTime, replaceByQ, replaceByTime } from './list-order.ts';
import type { Decision, Location, LocationTable } from './location.ts';

/** What management commands need of the registrar's parameters: how keys are made and lists are ordered. */
export interface ManagementOptions {
  readonly useDomain: boolean;
  readonly caseSensitive: boolean;
  readonly descTimeOrder: boolean;
}

/** Why a command did nothing. The words of a reply are the business of the interface that took the command. */
export type ManagementProblem =
  | 'table-not-found'
  | 'domain-missing'
  | 'aor-not-found'
  | 'contact-not-found'
  | 'invalid-contact'
  | 'invalid-expires'
  | 'invalid-q'
  | 'invalid-flags'
  | 'already-expired';

export interface ManagementFailure {
  readonly ok: false;
  readonly problem: ManagementProblem;
}

/** What `ul_add` is given. */
export interface AddCommand {
  readonly table: string;
  readonly aor: string;
  /** The URI without angle brackets. */
  readonly contact: string;
  /** Seconds from now; 0 needs the flag `permanent`. Neither minimum nor maximum apply. */
  readonly expires: number;
  /** Thousandths, 0..1000; -1 for none. */
  readonly q: number;
  /** A set of `bindingFlags`; an update adds them and takes none away. */
  readonly flags: number;
}

/** The Call-ID, CSeq and User-Agent of what an operator adds: a REGISTER of any phone is newer. */
const operator = { callId: 'aorta-management', cseq: 1, userAgent: 'Aorta management' } as const;

const allFlags = 2 ** 31 - 1;
const maxExpires = 2 ** 31 - 1;

/**
 * Adds a contact or overwrites it (`ul_add`): the way to static, permanent users. `max_contacts` does not apply.
 *
 * @param now epoch milliseconds of the current whole second
 * @param ruid makes the identity of a new binding
 */
export async function addContact(
  location: Location,
  command: AddCommand,
  options: ManagementOptions,
  now: number,
  ruid: () => string,
): Promise<{ readonly ok: true; readonly outcome: 'added' | 'updated' } | ManagementFailure> {
  const table = location.findTable(command.table);
  if (table === undefined) return failure('table-not-found');
  const aor = managedAor(command.aor, options);
  if (aor === undefined) return failure('domain-missing');
  const problem = problemOf(command);
  if (problem !== undefined) return failure(problem);
  return table.update(aor, now, (bindings) => decideAdd(command, bindings, options, now, ruid));
}

/**
 * Removes an address-of-record with all its contacts (`ul_rm`).
 *
 * @returns how many there were; 0 is a success too
 */
export async function removeAor(
  location: Location,
  tableName: string,
  aorText: string,
  options: ManagementOptions,
  now: number,
): Promise<{ readonly ok: true; readonly removed: number } | ManagementFailure> {
  const place = find(location, tableName, aorText, options);
  if (!place.ok) return place;
  const removed = await place.table.update(place.aor, now, (bindings) => ({ bindings: [], result: bindings.length }));
  return { ok: true, removed };
}

/** Removes one contact (`ul_rm_contact`). */
export async function removeContact(
  location: Location,
  tableName: string,
  aorText: string,
  contact: string,
  options: ManagementOptions,
  now: number,
): Promise<{ readonly ok: true; readonly removed: Binding } | ManagementFailure> {
  const place = find(location, tableName, aorText, options);
  if (!place.ok) return place;
  return place.table.update(
    place.aor,
    now,
    (bindings): Decision<{ readonly ok: true; readonly removed: Binding } | ManagementFailure> => {
      if (bindings.length === 0) return { bindings: 'unchanged', result: failure('aor-not-found') };
      const removed = bindings[findContact(bindings, contact)];
      if (removed === undefined) return { bindings: 'unchanged', result: failure('contact-not-found') };
      return { bindings: bindings.filter((binding) => binding !== removed), result: { ok: true, removed } };
    },
  );
}

/** The valid contacts of an address-of-record in list order (`ul_show_contact`). */
export async function showContacts(
  location: Location,
  tableName: string,
  aorText: string,
  options: ManagementOptions,
  now: number,
): Promise<{ readonly ok: true; readonly bindings: readonly Binding[] } | ManagementFailure> {
  const place = find(location, tableName, aorText, options);
  if (!place.ok) return place;
  const bindings = await place.table.get(place.aor, now);
  return bindings.length === 0 ? failure('aor-not-found') : { ok: true, bindings };
}

/**
 * The key that an operator means: `user` or `user@domain`, as far as the domain counts, in the case that counts.
 *
 * @returns undefined when the domain counts and is missing
 */
export function managedAor(text: string, options: ManagementOptions): Aor | undefined {
  const at = text.lastIndexOf('@');
  if (options.useDomain && at === -1) return undefined;
  const user = at === -1 ? text : text.slice(0, at);
  const key = options.caseSensitive ? user : asciiLowerCase(user);
  if (!options.useDomain) return asAor(key);
  const domain = asciiLowerCase(text.slice(at + 1));
  return asAor(key === '' ? domain : `${key}@${domain}`);
}

function find(
  location: Location,
  tableName: string,
  aorText: string,
  options: ManagementOptions,
): { readonly ok: true; readonly table: LocationTable; readonly aor: Aor } | ManagementFailure {
  const table = location.findTable(tableName);
  if (table === undefined) return failure('table-not-found');
  const aor = managedAor(aorText, options);
  return aor === undefined ? failure('domain-missing') : { ok: true, table, aor };
}

function problemOf(command: AddCommand): ManagementProblem | undefined {
  const { contact, expires, q, flags } = command;
  if (!Number.isInteger(expires) || expires < 0 || expires > maxExpires) return 'invalid-expires';
  if (!Number.isInteger(q) || q < -1 || q > 1000) return 'invalid-q';
  if (!Number.isInteger(flags) || flags < 0 || flags > allFlags) return 'invalid-flags';
  if (isSipError(parseUri(contact))) return 'invalid-contact';
  return expires === 0 && (flags & bindingFlags.permanent) === 0 ? 'already-expired' : undefined;
}

function decideAdd(
  command: AddCommand,
  bindings: readonly Binding[],
  options: ManagementOptions,
  now: number,
  ruid: () => string,
): Decision<{ readonly ok: true; readonly outcome: 'added' | 'updated' }> {
  const list = bindings.slice();
  const index = findContact(bindings, command.contact);
  const previous = bindings[index];
  const binding = operatorBinding(command, previous, now, ruid);
  if (previous === undefined) {
    if (options.descTimeOrder) insertByTime(list, 0, binding);
    else insertByQ(list, binding);
    return { bindings: list, result: { ok: true, outcome: 'added' } };
  }
  if (options.descTimeOrder) replaceByTime(list, index, 0, binding);
  else replaceByQ(list, index, binding);
  return { bindings: list, result: { ok: true, outcome: 'updated' } };
}

function operatorBinding(command: AddCommand, previous: Binding | undefined, now: number, ruid: () => string): Binding {
  return {
    ruid: previous?.ruid ?? ruid(),
    contact: command.contact,
    expiresAt: now + command.expires * 1000,
    q: command.q,
    callId: operator.callId,
    cseq: operator.cseq,
    received: undefined,
    path: undefined,
    socket: undefined,
    flowId: undefined,
    userAgent: operator.userAgent,
    flags: (previous?.flags ?? 0) | command.flags,
    branchFlags: previous?.branchFlags ?? 0,
    methods: undefined,
    instance: undefined,
    regId: 0,
    extension: '',
    lastModifiedAt: now,
  };
}

/** By text first, then by RFC 3261 §19.1.4. */
function findContact(bindings: readonly Binding[], contact: string): number {
  const index = bindings.findIndex((binding) => binding.contact === contact);
  if (index !== -1) return index;
  const uri = parseUri(contact);
  if (isSipError(uri)) return -1;
  return bindings.findIndex((binding) => {
    const stored = parseUri(binding.contact);
    return !isSipError(stored) && sameUri(stored, uri);
  });
}

function failure(problem: ManagementProblem): ManagementFailure {
  return { ok: false, problem };
}
