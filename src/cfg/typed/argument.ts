import type { CfgValue } from '../variables/template.ts';

/**
 * A text that is written in the program itself. Texts that functions get may name variables (`$ru`), so one that a
 * stranger had a part in must not get there; what comes out of a message is given as `script.value(...)`.
 */
export type Constant<A> = A extends string ? (Record<never, never> extends Record<A, 1> ? never : A) : A;

/** A variable as an argument, where it is not in quotes: `strip($var(n))`. */
export class VariableArgument {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A value that was computed, as an argument. */
export class ValueArgument {
  readonly value: CfgValue;

  constructor(value: CfgValue) {
    this.value = value;
  }
}

/** What the functions of openser.cfg take. */
export type Argument = string | number | VariableArgument | ValueArgument;
