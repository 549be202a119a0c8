import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite } from '../function-index.ts';
import type { Run } from '../run-state.ts';
import { numberOf } from '../variables/values.ts';
import { problem } from './command.ts';

/** A number of an argument while a block runs; undefined when its variables came to none in the range. */
export type ReadNumber = (run: Run) => number | undefined;

/** A whole number, quoted or not, or a variable. */
export function numberOfArgument(
  args: readonly BoundArgument[],
  index: number,
  what: string,
  least: number,
  most: number,
): ReadNumber | BindingProblem {
  const argument = args[index];
  if (argument === undefined) return problem(`${what} is missing`);
  const within = (number: number | undefined): number | undefined =>
    number !== undefined && number >= least && number <= most ? number : undefined;
  const { literal, template } = argument;
  if (literal === undefined) return (run) => within(numberOf(template.value(run)));
  const number = within(/^0[xX][0-9a-fA-F]{1,8}$/.test(literal) ? Number(literal) : numberOf(literal.trim()));
  if (number === undefined)
    return problem(`${what} must be a number from ${least} to ${most}, not '${literal}'`, index);
  return () => number;
}

/** A flag: its number, or the name that OpenSIPS gives it. */
export function flagOfArgument(
  args: readonly BoundArgument[],
  index: number,
  site: CoreSite,
): ReadNumber | BindingProblem {
  const literal = args[index]?.literal;
  if (literal !== undefined && /^[A-Za-z_]\w*$/.test(literal)) {
    const number = site.unit.flagNames.numberOf(literal);
    if (number === undefined) return problem(`there are no flags left for the name '${literal}'`, index);
    return () => number;
  }
  return numberOfArgument(args, index, 'a flag', 0, 31);
}
