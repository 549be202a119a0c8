/** Characters as ranges of their codes: first, last, first, last, … in order and without overlap. */
export type CharSet = readonly number[];

const lastCode = 0xffff;

/** What the classes of a bracket expression hold in the C locale: ASCII alone. */
export const namedClasses: Readonly<Record<string, CharSet>> = {
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  blank: [0x09, 0x09, 0x20, 0x20],
  cntrl: [0x00, 0x1f, 0x7f, 0x7f],
  digit: [0x30, 0x39],
  graph: [0x21, 0x7e],
  lower: [0x61, 0x7a],
  print: [0x20, 0x7e],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  space: [0x09, 0x0d, 0x20, 0x20],
  upper: [0x41, 0x5a],
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
};

/** `\w`: letters, digits and the underscore. */
export const wordSet: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

/** One character. */
export function oneOf(code: number): CharSet {
  return [code, code];
}

/** The characters of all the ranges together. */
export function union(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [first, last] of pairs) {
    const end = merged.length - 1;
    if (end > 0 && first <= (merged[end] as number) + 1) merged[end] = Math.max(merged[end] as number, last);
    else merged.push(first, last);
  }
  return merged;
}

/** The characters that are not in it. */
export function complement(set: CharSet): CharSet {
  const rest: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i] as number; // i is inside
    if (first > next) rest.push(next, first - 1);
    next = (set[i + 1] as number) + 1;
  }
  if (next <= lastCode) rest.push(next, lastCode);
  return rest;
}

/** The characters with their other case, ASCII alone as in the C locale. */
export function bothCases(set: CharSet): CharSet {
  const ranges: number[] = [...set];
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i] as number; // i is inside
    const last = set[i + 1] as number;
    addShifted(ranges, Math.max(first, 0x41), Math.min(last, 0x5a), 0x20);
    addShifted(ranges, Math.max(first, 0x61), Math.min(last, 0x7a), -0x20);
  }
  return union(ranges);
}

function addShifted(ranges: number[], first: number, last: number, by: number): void {
  if (first <= last) ranges.push(first + by, last + by);
}

/** Whether a character is in it. */
export function has(set: CharSet, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (code < (set[i] as number)) return false; // i is inside
    if (code <= (set[i + 1] as number)) return true;
  }
  return false;
}
