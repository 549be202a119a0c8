import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import { isRegexProblem, type PosixRegex, posixRegex } from '../posix-regex.ts';
import type { CfgRun } from '../run.ts';
import { problem } from './arguments.ts';

/** A regular expression while a block runs; undefined when variables made it none. */
export type ReadRegex = (run: CfgRun) => PosixRegex | undefined;

/** Longest expression that is made of variables: they may hold what strangers send, and it is read at each change. */
const longestMade = 512;

/**
 * A regular expression, read once. Without variables it is taken as it is written: a `$` in it is the end of a line. One
 * with variables is read again when they have changed.
 *
 * @param flags of `posixRegex`
 */
export function regexOf(args: readonly BoundArgument[], index: number, flags: string): ReadRegex | BindingProblem {
  const argument = args[index];
  if (argument === undefined) return problem('the regular expression is missing');
  if (argument.literal === undefined) return madeOf(argument, flags);
  const regex = regexFrom(argument.text, flags, index);
  return 'severity' in regex ? regex : () => regex;
}

/** The same for a part of an argument, without variables. */
export function regexFrom(pattern: string, flags: string, index: number): PosixRegex | BindingProblem {
  const regex = posixRegex(pattern, flags);
  return isRegexProblem(regex) ? problem(`'${pattern}' is no regular expression: ${regex.problem}`, index) : regex;
}

function madeOf({ template }: BoundArgument, flags: string): ReadRegex {
  let pattern: string | undefined;
  let last: PosixRegex | undefined;
  return (run) => {
    const text = template.text(run);
    if (text === pattern) return last;
    const regex = text.length > longestMade ? undefined : posixRegex(text, flags);
    pattern = text;
    last = regex === undefined || isRegexProblem(regex) ? undefined : regex;
    return last;
  };
}
