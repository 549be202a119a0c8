import type { Aor } from '../location/aor.ts';
import type { Contact } from '../sip/headers/contact.ts';

/** What the server knows of a REGISTER beyond its text. */
export interface RegisterFacts {
  /** Epoch milliseconds of the current whole second. */
  readonly now: number;
  /** Whether `nat_flag` is set on the message. */
  readonly natted: boolean;
  /** Whether `sip_natping_flag` is set on the message. */
  readonly sipPing: boolean;
  /** The received URI that a script noted (`received_avp`). */
  readonly received?: string | undefined;
  /** The socket to store: the one of the header when `sock_flag` is set, else the receiving one. */
  readonly socket?: string | undefined;
  /** The flow, when the bindings are to die with it. */
  readonly flowId?: number | undefined;
  readonly branchFlags?: number | undefined;
  /** `save_memory`: no store gets a row. */
  readonly memoryOnly: boolean;
  /** Makes the identity of a new binding. */
  readonly ruid: () => string;
}

/** A REGISTER, read: everything that `decideRegister` looks at. */
export interface RegisterInput {
  readonly aor: Aor;
  /** In the order written; `*` for all bindings; empty to fetch. */
  readonly contacts: readonly Contact[] | '*';
  /** The Expires header in seconds; undefined when absent or no number. */
  readonly expires: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly userAgent: string;
  /** The values of Path, comma-separated; undefined when absent. */
  readonly path: string | undefined;
  readonly facts: RegisterFacts;
}
