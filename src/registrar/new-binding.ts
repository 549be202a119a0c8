import { type Binding, bindingFlags } from '../location/binding.ts';
import { detached } from '../location/detached-text.ts';
import type { Contact } from '../sip/headers/contact.ts';
import { extensionOf, instanceOf, receivedOf, regIdOf } from './contact-values.ts';
import { methodMask } from './method-mask.ts';
import type { RegistrarOptions } from './options.ts';
import type { RegisterInput } from './register-input.ts';

/** The flags that every REGISTER sets anew; the others, such as `permanent`, stay (spec of the registrar, 7.4). */
const computedFlags = bindingFlags.nat | bindingFlags.sipPing | bindingFlags.memoryOnly;

/**
 * The binding that a contact makes: a new one, or the present one with everything but its identity overwritten. What
 * the request does not repeat is gone: q, received, parameters.
 *
 * @param previous the binding to refresh; undefined for a new one
 * @param lifetime seconds, after the limits
 * @param q thousandths
 */
export function newBinding(
  contact: Contact,
  previous: Binding | undefined,
  register: RegisterInput,
  options: RegistrarOptions,
  lifetime: number,
  q: number,
  now: number,
): Binding {
  const { facts } = register;
  // Most contacts have no parameter but expires, or none at all.
  const bare = contact.params.size === 0;
  const received = (bare ? undefined : receivedOf(contact, options)) ?? facts.received;
  const methods = bare ? undefined : contact.params.get('methods');
  return {
    ruid: previous === undefined ? facts.ruid() : previous.ruid,
    contact: kept(contact.uriText, previous?.contact),
    expiresAt: now + lifetime * 1000,
    q,
    callId: kept(register.callId, previous?.callId),
    cseq: register.cseq,
    received: keptOptional(received, previous?.received),
    path: keptOptional(register.path, previous?.path),
    socket: facts.socket,
    flowId: facts.flowId,
    userAgent: kept(register.userAgent, previous?.userAgent),
    flags: previous === undefined ? flagsOf(register) : (previous.flags & ~computedFlags) | flagsOf(register),
    branchFlags: facts.branchFlags ?? 0,
    methods: methods === undefined ? undefined : methodMask(methods),
    instance: bare ? undefined : keptOptional(instanceOf(contact), previous?.instance),
    regId: bare ? 0 : regIdOf(contact),
    extension: bare ? '' : kept(extensionOf(contact), previous?.extension),
    lastModifiedAt: now,
  };
}

function flagsOf(register: RegisterInput): number {
  const { natted, sipPing, memoryOnly } = register.facts;
  return (
    (natted ? bindingFlags.nat : 0) | (sipPing ? bindingFlags.sipPing : 0) | (memoryOnly ? bindingFlags.memoryOnly : 0)
  );
}

/** The stored text when the new one equals it, else a copy that does not hold on to the message it was cut from. */
function kept(text: string, stored: string | undefined): string {
  return text === stored ? stored : detached(text);
}

function keptOptional(text: string | undefined, stored: string | undefined): string | undefined {
  return text === undefined ? undefined : kept(text, stored);
}
