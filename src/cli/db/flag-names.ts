import { bindingFlags } from '../../location/binding.ts';

/**
 * Bits of a binding's flags that a row can have: not those that other programs of the family use for themselves, that
 * of `memoryOnly`, which says that there is no row, and the one that NAT is stored in.
 */
const { nat, permanent, sipPing } = bindingFlags;
const named: Readonly<Record<string, number>> = { nat, permanent, sipPing };
const withoutName = [3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];
const bits: ReadonlyMap<string, number> = new Map([
  ...Object.entries(named),
  ...withoutName.map((bit) => [`bit${bit}`, 1 << bit] as const),
]);

/** The words of flags; a bit that means nothing here, but has to be kept, is `bit` and its number. */
export function flagNames(flags: number): string[] {
  return [...bits].filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
}

/** The flag of a word; undefined when there is none. */
export function flagOf(name: string): number | undefined {
  return bits.get(name);
}

/** The numbers of the bits that are set, as setbflag() counts them. */
export function bitNumbers(mask: number): number[] {
  const numbers: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((mask & (1 << bit)) !== 0) numbers.push(bit);
  return numbers;
}
