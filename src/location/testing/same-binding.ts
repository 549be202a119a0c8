import type { Binding } from '../binding.ts';
import type { LocationEvent } from '../location.ts';

/** Whether two bindings have the same values: `deepEqual` in a fraction of its time, for runs of very many steps. */
export function sameBinding(a: Binding | undefined, b: Binding | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.ruid === b.ruid &&
    a.contact === b.contact &&
    a.expiresAt === b.expiresAt &&
    a.q === b.q &&
    a.callId === b.callId &&
    a.cseq === b.cseq &&
    a.received === b.received &&
    a.path === b.path &&
    a.socket === b.socket &&
    a.flowId === b.flowId &&
    a.userAgent === b.userAgent &&
    a.flags === b.flags &&
    a.branchFlags === b.branchFlags &&
    a.methods === b.methods &&
    a.instance === b.instance &&
    a.regId === b.regId &&
    a.extension === b.extension &&
    a.lastModifiedAt === b.lastModifiedAt
  );
}

export function sameBindings(a: readonly Binding[], b: readonly Binding[]): boolean {
  return a.length === b.length && a.every((binding, i) => sameBinding(binding, b[i]));
}

export function sameEvent(a: LocationEvent, b: LocationEvent | undefined): boolean {
  return (
    b !== undefined &&
    a.sequence === b.sequence &&
    a.type === b.type &&
    a.table === b.table &&
    a.aor === b.aor &&
    a.at === b.at &&
    sameBinding(a.before, b.before) &&
    sameBinding(a.after, b.after)
  );
}
