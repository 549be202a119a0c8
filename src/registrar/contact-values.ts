import type { Contact } from '../sip/headers/contact.ts';
import { parseDeltaSeconds } from '../sip/headers/expires.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import type { RegistrarOptions } from './options.ts';

/** The lifetime of an `expires` parameter that is no number (RFC 3261 §10.2.1.1). */
const malformedExpires = 3600;

/** RFC 3261 §10.3: only an interval below one hour may be refused as too brief. */
const oneHour = 3600;

/**
 * The lifetime that a contact asks for, in seconds, before the limits (RFC 3261 §10.3 step 7): its own parameter, else
 * the Expires header, else `default_expires`.
 *
 * @param header the Expires header; undefined when absent or malformed
 */
export function requestedLifetime(contact: Contact, header: number | undefined, options: RegistrarOptions): number {
  const text = contact.expires;
  if (text !== undefined && text !== '') return parseDeltaSeconds(text) ?? malformedExpires;
  return header ?? options.defaultExpires;
}

/**
 * Whether the contact asks to be removed: with an explicit 0. A `default_expires` of 0 asks for nothing.
 */
export function asksForRemoval(contact: Contact, header: number | undefined): boolean {
  const text = contact.expires;
  if (text !== undefined && text !== '') return parseDeltaSeconds(text) === 0;
  return header === 0;
}

/** Whether 423 (Interval Too Brief) is the answer to this lifetime. */
export function isTooBrief(lifetime: number, options: RegistrarOptions): boolean {
  return options.minExpiresMode === 'reject' && lifetime < options.minExpires && lifetime < oneHour;
}

/** Decision 12: raised to the minimum, then lowered to the maximum. */
export function limitedLifetime(lifetime: number, options: RegistrarOptions): number {
  const raised = Math.max(lifetime, options.minExpires);
  return options.maxExpires > 0 ? Math.min(raised, options.maxExpires) : raised;
}

/** The preference of a contact in thousandths: its q, else `default_q`. */
export function preferenceOf(contact: Contact, options: RegistrarOptions): number | SipError {
  return contact.q ?? options.defaultQ * 10;
}

/** The received URI that the contact itself names, under the configured name or the usual one (decision 2). */
export function receivedOf(contact: Contact, options: RegistrarOptions): string | undefined {
  return contact.params.get(options.receivedParam) ?? contact.params.get('received');
}

/** `+sip.instance` (RFC 5626 §4.1); undefined when absent or empty. */
export function instanceOf(contact: Contact): string | undefined {
  const instance = contact.params.get('+sip.instance');
  return instance === '' ? undefined : instance;
}

/** `reg-id` (RFC 5626 §4.2): 1 to 2**31-1; 0 when absent or malformed. */
export function regIdOf(contact: Contact): number {
  const text = contact.params.get('reg-id');
  return text === undefined ? 0 : (parseDeltaSeconds(text) ?? 0);
}

/** Parameters that are given back in replies as they came (decision 16). */
const echoed = ['+sip.instance', 'reg-id'] as const;

/** The echoed parameters of a contact, verbatim, each with its semicolon. */
export function extensionOf(contact: Contact): string {
  let extension = '';
  for (const name of echoed) {
    const raw = contact.params.raw(name);
    if (raw !== undefined && raw !== '') extension += `;${name}=${raw}`;
  }
  return extension;
}

/** Whether the contact's URI is well-formed (decision 31). */
export function hasValidUri(contact: Contact): boolean {
  return !isSipError(contact.uri);
}
