/** How a contact of a request finds its binding (decision 8). */
export type MatchingMode = 'uri' | 'bytes' | 'uri+callid' | 'uri+path' | 'callid';

/**
 * The registrar's parameters under their OpenSER names in camelCase, with OpenSER's units. Defaults and ranges stand in
 * the module's table.
 * `spec`: registrar manual 1.3.1–1.3.18, and four switches for habits that sources disagree about.
 */
export interface RegistrarOptions {
  /** Lifetime of a contact that names none, in seconds. */
  readonly defaultExpires: number;
  /** Seconds a lifetime is raised to; 0: no minimum. */
  readonly minExpires: number;
  /** Seconds a lifetime is lowered to; 0: no maximum. Applied after the minimum. */
  readonly maxExpires: number;
  /** Preference of a contact that names none, in hundredths, 0..100. */
  readonly defaultQ: number;
  /** The message flag 1..31 that marks a contact behind a NAT; -1: none. */
  readonly natFlag: number;
  /** The message flag 1..31 that marks a contact to be pinged by SIP requests; -1: none. */
  readonly sipNatpingFlag: number;
  /** Taken off the host of an address-of-record; '': nothing is. Only with `useDomain`. */
  readonly realmPrefix: string;
  /** Whether a lookup uses every contact or the first alone. */
  readonly appendBranches: boolean;
  /** Whether the domain belongs to the address-of-record. */
  readonly useDomain: boolean;
  readonly caseSensitive: boolean;
  /** Whether contacts stand in descending order of modification, whatever their q. */
  readonly descTimeOrder: boolean;
  /** The AVP that holds the received URI. */
  readonly receivedAvp: number;
  /** The contact parameter that shows a received URI. */
  readonly receivedParam: string;
  /** Bindings of one address-of-record; 0: any number. */
  readonly maxContacts: number;
  /** Seconds of `Retry-After` on 5xx; 0: no such header. */
  readonly retryAfter: number;
  /** The message flag 1..31 that makes `save` look for a socket in a header; -1: none. */
  readonly sockFlag: number;
  /** The name of that header; '': none. */
  readonly sockHdrName: string;
  /** Whether the NAT mark of further contacts goes into branch flags instead of the message's. */
  readonly useBranchFlags: boolean;

  /** Whether Call-ID and CSeq order the requests (RFC 3261 §10.3 steps 6, 7); false is OpenSER 1.0. */
  readonly cseqCheck: boolean;
  /** What happens to a lifetime below the minimum: the manual raises it, RFC 3261 §10.3 allows 423. */
  readonly minExpiresMode: 'raise' | 'reject';
  /** Whether `add_sock_hdr` writes `proto:ip:port` instead of `ip:port`. */
  readonly sockHdrProto: boolean;
  /** The branch flag 1..31 that marks a REGISTER from behind a NAT; -1: none. usrloc has it, as `matchingMode`. */
  readonly natBflag: number;
  readonly matchingMode: MatchingMode;
}
