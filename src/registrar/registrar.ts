import { isPromise, type MaybePromise, then } from '../base/maybe-promise.ts';
import type { Binding } from '../location/binding.ts';
import type { LocationTable } from '../location/location.ts';
import { StoreError } from '../location/store-error.ts';
import { unsupportedOptions } from '../sip/check-extensions.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { aorOf } from './aor.ts';
import { decideRegister } from './decide-register.ts';
import type { RegistrarOptions } from './options.ts';
import { readRegister, registrarExtensions } from './read-register.ts';
import { type RegisterError, registerErrors } from './register-errors.ts';
import type { RegisterFacts } from './register-input.ts';
import { type RegisterRefused, type RegisterResult, refused } from './register-result.ts';

/**
 * Processes a REGISTER (RFC 3261 §10.3; the manual's `save`, `save_noreply` and `save_memory`, which differ in
 * `facts.memoryOnly` and in what the caller does with the result). No reply is sent from here: `registerReply` makes one
 * of the result.
 *
 * @param table the bindings it changes, whole or not at all
 * @param facts what the server knows beyond the message
 */
export function save(
  request: SipRequest,
  table: LocationTable,
  options: RegistrarOptions,
  facts: RegisterFacts,
): MaybePromise<RegisterResult> {
  const register = readRegister(request, options, facts);
  try {
    const result =
      'code' in register
        ? refuseUnread(register, request, table, options, facts)
        : table.update(register.aor, facts.now, (bindings) => decideRegister(register, bindings, options, facts.now));
    return isPromise(result) ? result.catch(refuseUnstored) : result;
  } catch (error) {
    return refuseUnstored(error);
  }
}

/**
 * What a store could not keep is not acknowledged. The contacts are not listed: which they are, only the store knows.
 *
 * @throws what is no error of a store
 */
export function refuseUnstored(error: unknown): RegisterRefused {
  if (!(error instanceof StoreError)) throw error;
  if (error.code === 'STORE_REFUSED') return refused(registerErrors.NOT_STORABLE, []);
  return { ...refused(registerErrors.STORE_UNAVAILABLE, []), retryAfter: error.retryAfter };
}

/** Decision 10: an error reply lists the contacts as they are, whenever the request says whose. */
function refuseUnread(
  error: RegisterError,
  request: SipRequest,
  table: LocationTable,
  options: RegistrarOptions,
  facts: RegisterFacts,
): MaybePromise<RegisterResult> {
  if (error === registerErrors.METHOD_NOT_ALLOWED) return refused(error, []);
  const unsupported =
    error === registerErrors.BAD_EXTENSION ? unsupportedOptions(request, 'require', registrarExtensions) : [];
  return then(bindingsOfTo(request, table, options, facts.now), (bindings) => refused(error, bindings, unsupported));
}

function bindingsOfTo(
  request: SipRequest,
  table: LocationTable,
  options: RegistrarOptions,
  now: number,
): MaybePromise<readonly Binding[]> {
  const { to } = request;
  if (isSipError(to) || isSipError(to.uri)) return [];
  const aor = aorOf(to.uri, options);
  return typeof aor === 'string' ? table.get(aor, now) : [];
}
