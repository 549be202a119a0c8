import type { Binding } from '../location/binding.ts';
import type { Contact } from '../sip/headers/contact.ts';
import { isSipError } from '../sip/sip-error.ts';
import { parseUri, sameUri } from '../sip/uri.ts';
import { instanceOf, regIdOf } from './contact-values.ts';
import type { RegistrarOptions } from './options.ts';
import type { RegisterInput } from './register-input.ts';

/**
 * The place of the binding that a contact of a request is about (decision 8; RFC 3261 §10.3 step 7).
 *
 * An instance with a reg-id is the binding's name where both have one (RFC 5626 §6). Otherwise the configured mode
 * decides; by URI, an equal text comes before one that is merely equivalent, because §19.1.4 is not transitive.
 *
 * @returns an index into `bindings`, or -1
 */
export function findBinding(
  contact: Contact,
  register: RegisterInput,
  bindings: readonly Binding[],
  options: RegistrarOptions,
): number {
  if (bindings.length === 0) return -1;
  const regId = regIdOf(contact);
  const instance = regId === 0 ? undefined : instanceOf(contact);
  if (instance !== undefined) {
    for (let i = 0; i < bindings.length; i++) {
      const binding = bindings[i];
      if (binding !== undefined && binding.regId === regId && binding.instance === instance) return i;
    }
  }
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i];
    if (binding === undefined || isAnotherFlow(instance, binding) || !agrees(binding, register, options)) continue;
    if (options.matchingMode === 'callid' || binding.contact === contact.uriText) return i;
  }
  if (options.matchingMode === 'bytes' || options.matchingMode === 'callid') return -1;
  return findEquivalent(contact, instance, register, bindings, options);
}

function findEquivalent(
  contact: Contact,
  instance: string | undefined,
  register: RegisterInput,
  bindings: readonly Binding[],
  options: RegistrarOptions,
): number {
  const uri = contact.uri;
  if (isSipError(uri)) return -1;
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i];
    if (binding === undefined || isAnotherFlow(instance, binding) || !agrees(binding, register, options)) continue;
    if (!mayBeEquivalent(binding.contact, contact.uriText)) continue;
    const stored = parseUri(binding.contact);
    if (!isSipError(stored) && sameUri(stored, uri)) return i;
  }
  return -1;
}

/** Whether both are flows with names of their own, which differ: such bindings may share a URI (RFC 5626 §6). */
function isAnotherFlow(instance: string | undefined, binding: Binding): boolean {
  return instance !== undefined && binding.instance !== undefined && binding.regId !== 0;
}

/** What the mode wants besides the URI. */
function agrees(binding: Binding, register: RegisterInput, options: RegistrarOptions): boolean {
  switch (options.matchingMode) {
    case 'uri':
    case 'bytes':
      return true;
    case 'uri+callid':
    case 'callid':
      return binding.callId === register.callId;
    case 'uri+path':
      return binding.path === register.path;
  }
}

/**
 * A cheap look before two parses: equivalent URIs have the same user part, byte by byte, unless one has an escape
 * (RFC 3261 §19.1.4). An address-of-record with very many contacts would otherwise cost a parse for each.
 */
function mayBeEquivalent(a: string, b: string): boolean {
  const endOfA = a.indexOf('@');
  const endOfB = b.indexOf('@');
  if (endOfA === -1 || endOfB === -1) return endOfA === endOfB;
  if (a.includes('%') || b.includes('%')) return true;
  const startOfA = a.indexOf(':') + 1;
  const startOfB = b.indexOf(':') + 1;
  if (endOfA - startOfA !== endOfB - startOfB) return false;
  for (let i = startOfA, j = startOfB; i < endOfA; i++, j++) {
    if (a.charCodeAt(i) !== b.charCodeAt(j)) return false;
  }
  return true;
}
