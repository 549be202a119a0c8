import { type Binding, isMemoryOnly, isValid } from '../binding.ts';
import type { Place } from '../location.ts';

/**
 * The list of an address-of-record after a write whose fate is unknown: what the database says, which has the last
 * word. What a row does not carry (the flow, what was stored in memory only) is taken from the present list.
 *
 * @param rows of the address-of-record, in the order of their insertion
 * @param now epoch milliseconds of the current whole second
 * @returns `unchanged` when both say the same
 */
export function reconcile(
  present: readonly Binding[],
  rows: readonly Binding[],
  place: Place,
  now: number,
): readonly Binding[] | 'unchanged' {
  const byRuid = new Map(rows.map((row) => [row.ruid, row]));
  const list: Binding[] = [];
  let changed = false;
  for (const binding of present) {
    const row = byRuid.get(binding.ruid);
    byRuid.delete(binding.ruid);
    const kept = isMemoryOnly(binding) ? binding : row && merged(binding, row);
    if (kept !== binding) changed = true;
    if (kept !== undefined) list.push(kept);
  }
  for (const row of byRuid.values()) {
    if (!isValid(row, now)) continue;
    place(list, row);
    changed = true;
  }
  return changed ? list : 'unchanged';
}

/** The binding itself when the row says the same of it. */
function merged(binding: Binding, row: Binding): Binding | undefined {
  const isSame =
    binding.contact === row.contact &&
    binding.expiresAt === row.expiresAt &&
    binding.q === row.q &&
    binding.callId === row.callId &&
    binding.cseq === row.cseq &&
    binding.flags === row.flags &&
    binding.branchFlags === row.branchFlags &&
    binding.lastModifiedAt === row.lastModifiedAt;
  return isSame ? binding : { ...row, flowId: binding.flowId };
}
