import { textToWire } from '../../sip/wire-text.ts';
import type { BindingProblem, BoundArgument, CfgCall } from '../cfg-function.ts';
import type { BlockKind, CfgRun } from '../run.ts';

// What binding a function is made of: arguments that are read once when they are literals, and at each call when they
// have variables in them.

export const requestOnly: readonly BlockKind[] = ['request'];
export const requestOrFailure: readonly BlockKind[] = ['request', 'failure'];
export const anyBlock: readonly BlockKind[] = ['request', 'failure', 'reply', 'branch'];

/** Reads an argument while a block runs; undefined when what its variables came to is no such value. */
export type Read<T> = (run: CfgRun) => T | undefined;

/** A call that always comes to the same. */
export const succeeds: CfgCall = () => 1;
export const fails: CfgCall = () => -1;

/** True and false as return codes. */
export function codeOf(truth: boolean): 1 | -1 {
  return truth ? 1 : -1;
}

/** An error about one argument, or about the call as a whole. */
export function problem(message: string, argument?: number): BindingProblem {
  return argument === undefined ? { severity: 'error', message } : { severity: 'error', argument, message };
}

export function isProblem(bound: object): bound is BindingProblem {
  return 'severity' in bound;
}

/** The text of an argument with its variables expanded, as bytes of the wire. */
export function textOf({ literal, template }: BoundArgument): (run: CfgRun) => string {
  if (literal === undefined) return (run) => template.text(run);
  const text = textToWire(literal);
  return () => text;
}

/** Which whole numbers an argument may be. */
export interface IntegerRule {
  /** What the number is, for messages: `the status code`. */
  readonly what: string;
  readonly min: number;
  readonly max: number;
}

/** A whole number: decimal, or hexadecimal behind `0x`. A literal is checked at once. */
export function integerOf(
  args: readonly BoundArgument[],
  index: number,
  rule: IntegerRule,
): Read<number> | BindingProblem {
  const argument = args[index];
  if (argument === undefined) return problem(`${rule.what} is missing`);
  const { literal, template } = argument;
  if (literal === undefined) return (run) => within(rule, parseInteger(template.text(run)));
  const value = within(rule, parseInteger(literal));
  if (value !== undefined) return () => value;
  return problem(`${rule.what} must be a number from ${rule.min} to ${rule.max}, not '${literal}'`, index);
}

function within({ min, max }: IntegerRule, value: number | undefined): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

/** A whole number as functions take it; undefined when the text is none. */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,10}$/.test(trimmed)) return Number(trimmed);
  return /^0[xX][0-9A-Fa-f]{1,8}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** A text that a check accepts. The check answers with a sentence about what is wrong. */
export function checkedText(
  args: readonly BoundArgument[],
  index: number,
  check: (text: string) => string | undefined,
): Read<string> | BindingProblem {
  const argument = args[index];
  if (argument === undefined) return problem('an argument is missing');
  const { literal, template } = argument;
  if (literal === undefined) {
    return (run) => {
      const text = template.text(run);
      return check(text) === undefined ? text : undefined;
    };
  }
  const wrong = check(literal);
  return wrong === undefined ? () => literal : problem(wrong, index);
}
