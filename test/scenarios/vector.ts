import type { AddCommand } from '../../src/location/management.ts';
import type { RegistrarOptions } from '../../src/registrar/options.ts';

/**
 * Tokens that stand in the texts of a vector for what only the driver knows: `{source}` is the address and port the
 * REGISTER comes from, `{receiving}` the local socket it comes in on (`udp:127.0.0.1:5060`), `{other}` a second local
 * socket, `{other.address}` its address with port, `{other.old}` the same with an underscore.
 */
export type Tokens = Readonly<Record<'source' | 'receiving' | 'other' | 'other.address' | 'other.old', string>>;

/** What the script does with the request, and before it. */
export interface Script {
  readonly save?: 'save' | 'save_noreply' | 'save_memory';
  /** `setflag` of each. */
  readonly flags?: readonly number[];
  /** `fix_nated_register`. */
  readonly fixNatedRegister?: boolean;
  /** By TCP instead of UDP. */
  readonly tcp?: boolean;
}

/** What the message has instead of the usual; null leaves the header out. */
export interface MessageChanges {
  readonly method?: string;
  readonly to?: string | null;
  readonly from?: null;
  readonly callId?: string | null;
  /** A number, or the whole value. */
  readonly cseq?: number | string | null;
}

/** The reply, exactly: what is not named must not be there. */
export interface ExpectedReply {
  readonly status: number;
  readonly reason: string;
  /** The value of the one Contact header. */
  readonly contact?: string;
  /** `P-Registrar-Error`. */
  readonly error?: string;
  readonly retryAfter?: string;
  readonly minExpires?: string;
  readonly allow?: string;
  readonly unsupported?: string;
  readonly path?: string;
  /** What To ends with; otherwise only that a 200 has a tag is looked at, and only if the driver makes tags. */
  readonly toTag?: string;
  /** The names of the headers in order; Server, Warning and Content-Length are passed over. */
  readonly headerOrder?: readonly string[];
  /**
   * The reason phrase when a server's check of every request (RFC 3261 §8.1.1, §8.2.2) refuses this one before `save`
   * sees it; the reply then has no registrar headers.
   */
  readonly refusedEarlier?: string;
}

/** What of a stored binding is looked at. */
export interface ExpectedBinding {
  readonly contact: string;
  /** Seconds left. */
  readonly expires?: number;
  /** Thousandths. */
  readonly q?: number;
  readonly callId?: string;
  readonly cseq?: number;
  readonly userAgent?: string;
  readonly received?: string | undefined;
  readonly socket?: string;
  readonly flags?: number;
}

export interface RegisterStep {
  readonly step: 'register';
  /** Header lines besides Via, From, To, Call-ID and CSeq, in their order. */
  readonly lines: readonly string[];
  readonly message: MessageChanges;
  readonly script: Script;
  readonly expect: ExpectedReply | 'no reply';
}

export interface LookupStep {
  readonly step: 'lookup';
  /** The Request-URI. */
  readonly uri: string;
  readonly method: string;
  readonly expect: ExpectedLookup;
}

export interface ExpectedLookup {
  readonly outcome: 'found' | 'not-found' | 'method-not-allowed';
  /** The new Request-URI, then the branches. */
  readonly targets: readonly string[];
  /** The destination URI of each target. */
  readonly destinations?: readonly (string | undefined)[];
  /** The message flags afterwards; none were set before. */
  readonly messageFlags?: readonly number[];
  /** The flags of each branch after the Request-URI's. */
  readonly branchFlags?: readonly (readonly number[])[];
  /** Contacts that were left out with a warning. */
  readonly dropped?: number;
}

export type Step =
  | RegisterStep
  | LookupStep
  | { readonly step: 'stored'; readonly aor: string; readonly bindings: readonly ExpectedBinding[] }
  | { readonly step: 'registered'; readonly uri: string; readonly expect: boolean }
  | { readonly step: 'wait'; readonly seconds: number }
  | { readonly step: 'add'; readonly command: Omit<AddCommand, 'table'> };

/** One row: a fresh server with these options goes through these steps. */
export interface Vector {
  /** Its number in the registrar's list of vectors; a letter of ours after a dash for a second set of options. */
  readonly number: string;
  readonly title: string;
  readonly options: Partial<RegistrarOptions>;
  /** The decisions that make the outcome differ from OpenSER 1.0. */
  readonly decisions: readonly number[];
  readonly steps: readonly Step[];
}

/** A set of options that does not start, or starts with a warning. */
export interface StartVector {
  readonly number: string;
  readonly title: string;
  readonly options: Partial<Omit<RegistrarOptions, 'matchingMode'>>;
  readonly decisions: readonly number[];
  readonly errors: readonly (keyof RegistrarOptions)[];
  readonly warnings: readonly (keyof RegistrarOptions)[];
}

/** A row that is not about the registrar with bindings in memory. */
export interface LaterVector {
  readonly number: string;
  readonly title: string;
  /** The part it belongs to. */
  readonly part: 'persistence' | 'routing' | 'configuration' | 'transport';
  readonly reason: string;
}
