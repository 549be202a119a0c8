import { AortaError } from '../base/errors.ts';

/** Something wrong in the options: where, and what to do about it. */
export interface Problem {
  /** The place: an option, a parameter, or a file. */
  readonly place: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** The error for a list of problems, one line each. */
export function configError(problems: readonly Problem[]): AortaError {
  return new AortaError('CONFIG_INVALID', problems.map(({ place, message }) => `${place}: ${message}`).join('\n'));
}

/** The candidate that `word` was probably meant to be, or undefined when none is near. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean …?)`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
