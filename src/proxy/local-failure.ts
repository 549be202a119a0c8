import type { SipError } from '../sip/sip-error.ts';

/** A negative answer that a branch gets here, since nobody further down gave one. */
export interface LocalFailure {
  readonly status: number;
  readonly reason: string;
}

/**
 * Why a branch failed without an answer. RFC 3261 says 408 for a timeout (§16.8), 503 for a transport error (§16.9)
 * and 487 for what was cancelled (§9.2); it has no code for a target that cannot be reached at all, where the field
 * knows OpenSER's 478 and 479.
 */
export const localFailures = {
  timeout: { status: 408, reason: 'Request Timeout' },
  transport: { status: 503, reason: 'Service Unavailable' },
  cancelled: { status: 487, reason: 'Request Terminated' },
  unresolvable: { status: 478, reason: 'Unresolvable Destination' },
  badUri: { status: 479, reason: 'Bad Target URI' },
  unsupportedScheme: { status: 416, reason: 'Unsupported URI Scheme' },
  /** RFC 5393 §5.3.3.2: the request may not fork as wide as its targets ask for. */
  breadth: { status: 440, reason: 'Max-Breadth Exceeded' },
  /** There was no target, or the branch hook wanted none of them. */
  noTarget: { status: 480, reason: 'Temporarily Unavailable' },
} as const satisfies Record<string, LocalFailure>;

/** The failure of a branch whose next hop cannot be read from its URIs. */
export function nextHopFailure(error: SipError): LocalFailure {
  return error.code === 'SIP_UNSUPPORTED_SCHEME' ? localFailures.unsupportedScheme : localFailures.badUri;
}
