import type { Binding } from './binding.ts';

/** One binding that differs between two lists. */
export interface Change {
  readonly before: Binding | undefined;
  readonly after: Binding | undefined;
}

/** Up to this length two nested loops are cheaper than an index. */
const shortList = 8;

/**
 * What turns one list of bindings into another: first what is gone, in the old order, then what is new or differs, in
 * the new order. The same `ruid` is the same binding; a change of order alone is no change.
 */
export function changesBetween(before: readonly Binding[], after: readonly Binding[]): readonly Change[] {
  const changes: Change[] = [];
  const newOnes = finder(after);
  for (const old of before) {
    if (newOnes(old.ruid) === undefined) changes.push({ before: old, after: undefined });
  }
  const oldOnes = finder(before);
  for (const binding of after) {
    const old = oldOnes(binding.ruid);
    if (old !== binding) changes.push({ before: old, after: binding });
  }
  return changes;
}

/** Whether no `ruid` occurs twice. */
export function areDistinct(bindings: readonly Binding[]): boolean {
  if (bindings.length > shortList) return new Set(bindings.map((binding) => binding.ruid)).size === bindings.length;
  for (let i = 1; i < bindings.length; i++) {
    for (let j = 0; j < i; j++) if (bindings[i]?.ruid === bindings[j]?.ruid) return false;
  }
  return true;
}

function finder(bindings: readonly Binding[]): (ruid: string) => Binding | undefined {
  if (bindings.length <= shortList) {
    return (ruid) => {
      for (const binding of bindings) if (binding.ruid === ruid) return binding;
      return undefined;
    };
  }
  const index = new Map<string, Binding>();
  for (const binding of bindings) index.set(binding.ruid, binding);
  return (ruid) => index.get(ruid);
}
