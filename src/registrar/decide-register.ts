import type { Binding } from '../location/binding.ts';
import { changesBetween } from '../location/changes.ts';
import { insertByQ, insertByTime, replaceByQ, replaceByTime } from '../location/list-order.ts';
import type { Decision } from '../location/location.ts';
import type { Contact } from '../sip/headers/contact.ts';
import { isSipError } from '../sip/sip-error.ts';
import {
  asksForRemoval,
  hasValidUri,
  isTooBrief,
  limitedLifetime,
  preferenceOf,
  regIdOf,
  requestedLifetime,
} from './contact-values.ts';
import { findBinding } from './find-binding.ts';
import { maxContactsOfAor } from './limits.ts';
import { newBinding } from './new-binding.ts';
import type { RegistrarOptions } from './options.ts';
import { type RegisterError, registerErrors } from './register-errors.ts';
import type { RegisterInput } from './register-input.ts';
import { accepted, type RegisterOutcome, type RegisterResult, refused } from './register-result.ts';

/**
 * RFC 3261 §10.3 steps 6 to 8: what a REGISTER does to the bindings of its address-of-record. Steps 1 to 5 (is it ours,
 * its extensions, who asks, may they, which address-of-record) come before, in the route and in `save`.
 *
 * All or nothing (step 7, decision 10): a refusal leaves the bindings as they are. Pure; may be run again.
 *
 * @param bindings the valid bindings in list order
 * @param now epoch milliseconds of the current whole second
 */
export function decideRegister(
  register: RegisterInput,
  bindings: readonly Binding[],
  options: RegistrarOptions,
  now: number,
): Decision<RegisterResult> {
  // §10.3 step 6: no Contact asks for the present bindings only.
  if (register.contacts.length === 0) return leave(accepted('fetched', bindings, register.path));
  // §10.3 step 6: "*" removes everything; that it is alone and that Expires is 0 was checked with the message.
  if (register.contacts === '*') return removeAll(register, bindings, options);
  // §10.3 step 7: each contact in turn, in the order written (decision 5), on a copy of the list.
  const draft = new Draft(register, bindings, options, now);
  for (const contact of register.contacts) {
    const error = draft.apply(contact);
    if (error !== undefined) return leave(refused(error, bindings));
  }
  // Decision 9: the request was here before, and what it did stands.
  if (draft.isRetransmission) return leave(accepted('unchanged', bindings, register.path));
  // Decision 15: what counts is the list after the request; refreshing what is there is never refused.
  const outcome = draft.outcome();
  if (outcome === 'inserted' && draft.list.length > (options.maxContacts || maxContactsOfAor)) {
    return leave(refused(registerErrors.TOO_MANY_CONTACTS, bindings));
  }
  if (outcome === 'unchanged') return leave(accepted('unchanged', bindings, register.path));
  // §10.3 step 8: the reply lists all current bindings.
  return { bindings: draft.list, result: accepted(outcome, draft.list, register.path) };
}

function leave(result: RegisterResult): Decision<RegisterResult> {
  return { bindings: 'unchanged', result };
}

/** §10.3 step 6: a binding of the same Call-ID is removed only when the CSeq grew, otherwise nothing is. */
function removeAll(
  register: RegisterInput,
  bindings: readonly Binding[],
  options: RegistrarOptions,
): Decision<RegisterResult> {
  let repeated = false;
  for (const binding of bindings) {
    const order = orderOf(register, binding, options);
    if (order === 'late') return leave(refused(registerErrors.CSEQ_INVALID, bindings));
    if (order === 'repeated') repeated = true;
  }
  if (repeated || bindings.length === 0) return leave(accepted('unchanged', bindings, register.path));
  return { bindings: [], result: accepted('removed', [], register.path) };
}

/**
 * §10.3 step 7, decision 9: how a request stands to the one that wrote a binding. Another Call-ID is another story and
 * always newer; within one, the CSeq has to grow, and an equal one is the same request again.
 */
function orderOf(register: RegisterInput, binding: Binding, options: RegistrarOptions): 'newer' | 'repeated' | 'late' {
  if (!options.cseqCheck || register.callId !== binding.callId || register.cseq > binding.cseq) return 'newer';
  return register.cseq === binding.cseq ? 'repeated' : 'late';
}

/** The list of bindings as a request changes it, contact by contact. */
class Draft {
  readonly list: Binding[];
  /** Whether a contact met a binding that the same request wrote when it came first. */
  isRetransmission: boolean;
  readonly #before: readonly Binding[];
  readonly #register: RegisterInput;
  readonly #options: RegistrarOptions;
  readonly #now: number;
  /** What this request wrote: a contact given twice meets its first form, which no CSeq protects. */
  readonly #written: Set<Binding> | undefined;
  /** How many bindings at the front this request wrote; with `descTimeOrder`. */
  #newest: number;
  #lastEffect: RegisterOutcome;

  constructor(register: RegisterInput, bindings: readonly Binding[], options: RegistrarOptions, now: number) {
    this.list = bindings.slice();
    this.isRetransmission = false;
    this.#before = bindings;
    this.#register = register;
    this.#options = options;
    this.#now = now;
    // A single contact meets nothing of its own.
    this.#written = register.contacts.length > 1 ? new Set() : undefined;
    this.#newest = 0;
    this.#lastEffect = 'unchanged';
  }

  /** The most that the request did. */
  outcome(): RegisterOutcome {
    if (this.#written === undefined) return this.#lastEffect;
    let outcome: RegisterOutcome = 'unchanged';
    for (const { before, after } of changesBetween(this.#before, this.list)) {
      if (before === undefined) return 'inserted';
      if (after !== undefined) outcome = 'updated';
      else if (outcome === 'unchanged') outcome = 'removed';
    }
    return outcome;
  }

  /** Applies one contact, or says why the whole request fails. */
  apply(contact: Contact): RegisterError | undefined {
    const index = this.#find(contact);
    const previous = this.list[index];
    // Decision 31. The text of a binding was checked when it was stored.
    if (previous?.contact !== contact.uriText && !hasValidUri(contact)) return registerErrors.CONTACT_MALFORMED;
    if (asksForRemoval(contact, this.#register.expires)) return this.#removeMatches(contact, index);
    return this.#ordered(previous) ?? this.#write(contact, index, previous);
  }

  #find(contact: Contact): number {
    return findBinding(contact, this.#register, this.list, this.#options);
  }

  /** Decision 9: why this request may not touch a binding; notes when it is the one that wrote it. */
  #ordered(previous: Binding | undefined): RegisterError | undefined {
    if (previous === undefined || this.#written?.has(previous) === true) return undefined;
    const order = orderOf(this.#register, previous, this.#options);
    if (order === 'repeated') this.isRetransmission = true;
    return order === 'late' ? registerErrors.CSEQ_INVALID : undefined;
  }

  /**
   * Removes every binding that the contact is about: URI comparison is not transitive (§19.1.4), so it may be about
   * two that differ, and the same removal sent again must find nothing left. A flow with a name of its own is one.
   */
  #removeMatches(contact: Contact, first: number): RegisterError | undefined {
    for (let index = first; index !== -1; index = this.#find(contact)) {
      const error = this.#ordered(this.list[index]);
      if (error !== undefined) return error;
      this.#remove(index);
      if (regIdOf(contact) !== 0) break;
    }
    return undefined;
  }

  #remove(index: number): void {
    this.list.splice(index, 1);
    if (index < this.#newest) this.#newest -= 1;
    this.#lastEffect = 'removed';
  }

  #write(contact: Contact, index: number, previous: Binding | undefined): RegisterError | undefined {
    const options = this.#options;
    const requested = requestedLifetime(contact, this.#register.expires, options);
    // §10.3 step 7: 423 by option, where OpenSER raises the lifetime (decision 12).
    if (isTooBrief(requested, options)) return registerErrors.INTERVAL_TOO_BRIEF;
    const q = preferenceOf(contact, options);
    if (isSipError(q)) return registerErrors.Q_INVALID;
    const lifetime = limitedLifetime(requested, options);
    if (lifetime <= 0) {
      // `default_expires` and `min_expires` are both 0: it would be gone in this very second.
      if (previous !== undefined) this.#remove(index);
      return undefined;
    }
    const binding = newBinding(contact, previous, this.#register, options, lifetime, q, this.#now);
    this.#written?.add(binding);
    if (previous === undefined) this.#insert(binding);
    else this.#replace(index, binding);
    return undefined;
  }

  #insert(binding: Binding): void {
    this.#lastEffect = 'inserted';
    if (!this.#options.descTimeOrder) {
      insertByQ(this.list, binding);
      return;
    }
    insertByTime(this.list, this.#newest, binding);
    this.#newest += 1;
  }

  #replace(index: number, binding: Binding): void {
    this.#lastEffect = 'updated';
    if (!this.#options.descTimeOrder) {
      replaceByQ(this.list, index, binding);
      return;
    }
    replaceByTime(this.list, index, this.#newest, binding);
    if (index >= this.#newest) this.#newest += 1;
  }
}
