/** Blocks beyond this get a slab of their own. */
export const largestClassBytes = 8192;

const finestStep = 8;
const fineLimit = 512;
const fineClasses = fineLimit / finestStep;
const fineLimitLog = 9;
/** Classes for each doubling above `fineLimit`: rounding up wastes less than an eighth. */
const stepsPerDoublingLog = 3;
const stepsPerDoubling = 2 ** stepsPerDoublingLog;

/** How many classes there are. */
export const classCount = fineClasses + stepsPerDoubling * Math.log2(largestClassBytes / fineLimit);

/** The class of the smallest block that holds so many bytes; at most `largestClassBytes`. */
export function sizeClassOf(bytes: number): number {
  if (bytes <= fineLimit) return (bytes - 1) >>> 3;
  const log = 31 - Math.clz32(bytes - 1);
  const step = (bytes - 1) >>> (log - stepsPerDoublingLog);
  return fineClasses + (log - fineLimitLog) * stepsPerDoubling + step - stepsPerDoubling;
}

/** The bytes of a block of that class. */
export function classBytes(sizeClass: number): number {
  if (sizeClass < fineClasses) return (sizeClass + 1) * finestStep;
  const above = sizeClass - fineClasses;
  const log = fineLimitLog + Math.floor(above / stepsPerDoubling);
  return ((above % stepsPerDoubling) + stepsPerDoubling + 1) << (log - stepsPerDoublingLog);
}

/** The bytes of a block with a slab of its own: an eighth of slack at most, so that growing by little stays in place. */
export function largeBytes(bytes: number): number {
  const step = 2 ** (31 - Math.clz32(bytes - 1) - stepsPerDoublingLog);
  return Math.ceil(bytes / step) * step;
}
