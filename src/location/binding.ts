/**
 * What is stored for one contact of an address-of-record (RFC 3261 §10.3). A plain value that never changes: an update
 * is a new value with the same `ruid`.
 */
export interface Binding {
  /** The stable identity of the binding: kept by every refresh, also when the URI's text changes. */
  readonly ruid: string;
  /** The contact URI, verbatim. */
  readonly contact: string;
  /** The first instant at which the binding is gone: epoch milliseconds, always a whole second. */
  readonly expiresAt: number;
  /** Preference in thousandths, 0..1000; -1 when unspecified, which sorts last. */
  readonly q: number;
  readonly callId: string;
  readonly cseq: number;
  /** Where the REGISTER came from, as a URI, when a script found that it differs from the contact. */
  readonly received: string | undefined;
  /** The Path of the REGISTER (RFC 3327 §5.3): its values, comma-separated, in order. */
  readonly path: string | undefined;
  /** The local socket it came in on: `udp:127.0.0.1:5060`. */
  readonly socket: string | undefined;
  /** The flow it came by (RFC 5626 §2.1), when the binding dies with that flow. */
  readonly flowId: number | undefined;
  readonly userAgent: string;
  /** A set of `bindingFlags`. */
  readonly flags: number;
  /** Branch flags that a lookup gives back to the branch made of this binding. */
  readonly branchFlags: number;
  /** The methods that the contact named (RFC 3840 §10), as a mask of `registrar/method-mask.ts`; undefined: any. */
  readonly methods: number | undefined;
  /** `+sip.instance` without quotes (RFC 5626 §4.1). */
  readonly instance: string | undefined;
  /** `reg-id` (RFC 5626 §4.2); 0 when absent. */
  readonly regId: number;
  /** Contact parameters to give back in replies, verbatim, each with its semicolon; '' for none. */
  readonly extension: string;
  /** When it was last written: epoch milliseconds. */
  readonly lastModifiedAt: number;
}

/** The bits of `Binding.flags`. Their values are part of the database format and of the management commands. */
export const bindingFlags = { nat: 1, permanent: 128, memoryOnly: 256, sipPing: 512 } as const;

/** Whether the binding stays whatever the time: added by an operator, not by a REGISTER. */
export function isPermanent(binding: Pick<Binding, 'flags'>): boolean {
  return (binding.flags & bindingFlags.permanent) !== 0;
}

/** Whether the binding has no row in a database: stored by `save_memory` (decision 27). */
export function isMemoryOnly({ flags }: Pick<Binding, 'flags'>): boolean {
  return (flags & bindingFlags.memoryOnly) !== 0;
}

/**
 * Whether the binding counts at `now`. At the very second of its expiry it no longer does.
 *
 * @param now epoch milliseconds of the current whole second
 */
export function isValid(binding: Binding, now: number): boolean {
  return binding.expiresAt > now || isPermanent(binding);
}

/** The bindings that count at `now`: the list itself when all do, which is the usual case. */
export function validOnes(bindings: readonly Binding[], now: number): readonly Binding[] {
  for (const binding of bindings) {
    if (!isValid(binding, now)) return bindings.filter((other) => isValid(other, now));
  }
  return bindings;
}

/** The seconds until expiry as a reply prints them: never negative, which a permanent binding would otherwise be. */
export function secondsLeft(binding: Binding, now: number): number {
  return binding.expiresAt > now ? Math.ceil((binding.expiresAt - now) / 1000) : 0;
}
