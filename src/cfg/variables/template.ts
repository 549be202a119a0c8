import type { CfgRun } from '../run.ts';

/** The value of a pseudo-variable; undefined is `$null`. */
export type CfgValue = string | number | undefined;

/** A text with pseudo-variables in it, ready to be expanded. */
export interface Template {
  /** The text; an absent variable is `<null>`, or nothing where the specification says so. */
  text(run: CfgRun): string;
  /** The value when the whole text is one variable, so that numbers and `$null` survive; else the text. */
  value(run: CfgRun): CfgValue;
}

/** A pseudo-variable that was found in the table of variables. */
export interface Variable {
  read(run: CfgRun): CfgValue;
  /** Absent: it cannot be assigned to. Undefined assigns `$null`. Returns a sentence when the value does not fit. */
  readonly write?: (run: CfgRun, value: CfgValue) => string | undefined;
}
