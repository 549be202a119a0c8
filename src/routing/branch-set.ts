import type { Listener } from '../transport/flow.ts';

/** One more place to send the request to, beside the Request-URI (OpenSER's additional branch). */
export interface ExtraBranch {
  readonly uri: string;
  /** The next hop when it is not the URI itself. */
  readonly destinationUri?: string | undefined;
  /** Thousandths, -1 when unspecified. */
  readonly q?: number;
  readonly flags?: number;
  readonly socket?: Listener | undefined;
  readonly flowId?: number | undefined;
  /** Route headers to put in front, the binding's Path (RFC 3327). */
  readonly path?: string | undefined;
}

/** Longest URI of a branch: what fits a header line of every peer. */
export const maxBranchUriLength = 1023;
