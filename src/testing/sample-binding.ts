import type { Binding } from '../location/binding.ts';

/** The instant that sample bindings are made at: a whole second. */
export const sampleNow = 1_700_000_000_000;

/** A plain binding of one hour from `sampleNow`, with what a test wants to be different. */
export function sampleBinding(ruid: string, different: Partial<Binding> = {}): Binding {
  return {
    ruid,
    contact: `sip:${ruid}@10.0.0.1`,
    expiresAt: sampleNow + 3_600_000,
    q: -1,
    callId: 'call-1',
    cseq: 1,
    received: undefined,
    path: undefined,
    socket: 'udp:127.0.0.1:5060',
    flowId: undefined,
    userAgent: 'Phone',
    flags: 0,
    branchFlags: 0,
    methods: undefined,
    instance: undefined,
    regId: 0,
    extension: '',
    lastModifiedAt: sampleNow,
    ...different,
  };
}
