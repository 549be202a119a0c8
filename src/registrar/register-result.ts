import type { Binding } from '../location/binding.ts';
import type { RegisterError } from './register-errors.ts';

/**
 * What became of an accepted REGISTER: the most that happened to any of its contacts. `unchanged`: a retransmission,
 * or the removal of what was not there.
 */
export type RegisterOutcome = 'inserted' | 'updated' | 'removed' | 'fetched' | 'unchanged';

export interface RegisterAccepted {
  readonly ok: true;
  readonly outcome: RegisterOutcome;
  /** The valid bindings after the request, in list order. */
  readonly bindings: readonly Binding[];
  /** The Path of the request, to be given back (RFC 3327 §5.3). */
  readonly path: string | undefined;
}

export interface RegisterRefused {
  readonly ok: false;
  readonly error: RegisterError;
  /** The bindings as they are: a refused request changes nothing (decision 10). */
  readonly bindings: readonly Binding[];
  /** The option tags that nobody here knows (RFC 3261 §8.2.2.3); only with 420. */
  readonly unsupported: readonly string[];
  /** Seconds after which a store may take it; undefined when the refusal is no matter of the store. */
  readonly retryAfter?: number;
}

export type RegisterResult = RegisterAccepted | RegisterRefused;

/** A request that did its work. */
export function accepted(
  outcome: RegisterOutcome,
  bindings: readonly Binding[],
  path: string | undefined,
): RegisterAccepted {
  return { ok: true, outcome, bindings, path };
}

/** A request that changes nothing. */
export function refused(
  error: RegisterError,
  bindings: readonly Binding[],
  unsupported: readonly string[] = [],
): RegisterRefused {
  return { ok: false, error, bindings, unsupported };
}
