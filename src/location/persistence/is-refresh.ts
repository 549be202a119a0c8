import type { Binding } from '../binding.ts';

/** Whether nothing has changed but the numbers that a refresh writes: expiry, CSeq, the instant of the change. */
export function isRefresh(before: Binding, after: Binding): boolean {
  return (
    before.contact === after.contact &&
    before.callId === after.callId &&
    before.received === after.received &&
    before.path === after.path &&
    before.socket === after.socket &&
    before.flowId === after.flowId &&
    before.userAgent === after.userAgent &&
    before.q === after.q &&
    before.flags === after.flags &&
    before.branchFlags === after.branchFlags &&
    before.methods === after.methods &&
    before.instance === after.instance &&
    before.regId === after.regId
  );
}
