/** A hash of integers that gives every integer another one (the finish of MurmurHash3): for ids that we count up. */
export function scrambled(id: number): number {
  let h = id | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
