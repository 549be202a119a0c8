import { didYouMean as nearest } from '../base/did-you-mean.ts';
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

/** `; did you mean …?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}
