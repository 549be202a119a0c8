import type { SharedOptions } from './shared-configuration.ts';

/** A binding as a program says that it has it, in words that all programs share. */
export interface ShownBinding {
  readonly contact: string;
  /** Seconds since the epoch, give or take one. */
  readonly expiresAt: number | 'permanent';
  readonly q: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  /** Empty for none. */
  readonly userAgent: string;
  readonly received: string | undefined;
  readonly path: string | undefined;
  readonly socket: string | undefined;
  /** A mask; undefined: any. */
  readonly methods: number | undefined;
  readonly instance: string | undefined;
  readonly regId: number;
  readonly isNatted: boolean;
  readonly ruid: string;
  /** Seconds since the epoch. */
  readonly lastModified: number;
}

/** A running registrar that keeps its bindings in a database. */
export interface RegistrarProgram {
  readonly name: 'Kamailio' | 'Aorta';
  readonly udpPort: number;
  /** The valid bindings that it has in memory, in their order, by address-of-record. */
  bindings(): Promise<ReadonlyMap<string, readonly ShownBinding[]>>;
  /** Adds a contact that never expires, as an operator does. */
  addPermanent(aor: string, contact: string): Promise<void>;
  /** Ends it in good order. May be called again. */
  stop(): Promise<void>;
  /** What it has said, for the message of a failure. */
  report(): string;
}

/** How such a program is started. */
export type StartProgram = (options: SharedOptions) => Promise<RegistrarProgram>;

/** The present second, as a program that is asked now counts what is left of a lifetime. */
export function presentSecond(): number {
  return Math.floor(Date.now() / 1000);
}
