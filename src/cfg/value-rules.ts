import type { Dialect } from '../script/dialect.ts';
import type { CfgValue } from './variables/template.ts';
import { numberOf } from './variables/values.ts';

// How values of one type are read as the other, and how they compare. Kamailio compares texts by their letters, its
// elders and OpenSIPS without regard to case (cfg-language §7.3).

/** A value as a part of a longer text: `$null` is nothing. */
export function partOf(value: CfgValue): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : String(value);
}

/** Whether a value counts as true in a condition: a number that is not 0, a text that is not empty. */
export function isTrue(value: CfgValue): boolean {
  return typeof value === 'number' ? value !== 0 : value !== undefined && value !== '';
}

/** The result of a condition: 1 true, 0 false, -1 an error, which counts as false but is not turned by `!`. */
export type Truth = 1 | 0 | -1;

/** `==`, with the dialect's habit of comparing texts. */
export type Equality = (left: CfgValue, right: CfgValue) => boolean;

/** The equality of a dialect. */
export function equalityOf(dialect: Dialect): Equality {
  const sameText = dialect === 'kamailio' ? exactly : ignoringCase;
  return (left, right) => {
    if (typeof left === 'string' && typeof right === 'string') return sameText(left, right);
    if (left === undefined || right === undefined) return left === right;
    const number = numberOf(left);
    return number !== undefined && number === numberOf(right);
  };
}

/** `<`, `>`, `<=`, `>=`: by number; two texts that are no numbers by their letters. An absent value is an error. */
export function ordering(operator: '<' | '>' | '<=' | '>='): (left: CfgValue, right: CfgValue) => Truth {
  const holds = holdsFor[operator];
  return (left, right) => {
    if (left === undefined || right === undefined) return -1;
    const a = numberOf(left);
    const b = numberOf(right);
    if (a !== undefined && b !== undefined) return holds(a - b) ? 1 : 0;
    if (typeof left === 'number' || typeof right === 'number') return -1;
    return holds(left < right ? -1 : left > right ? 1 : 0) ? 1 : 0;
  };
}

const holdsFor: Readonly<Record<'<' | '>' | '<=' | '>=', (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '>': (difference) => difference > 0,
  '<=': (difference) => difference <= 0,
  '>=': (difference) => difference >= 0,
};

function exactly(left: string, right: string): boolean {
  return left === right;
}

/** Equality of texts without regard to the case of their letters. */
export function ignoringCase(left: string, right: string): boolean {
  return left === right || (left.length === right.length && left.toLowerCase() === right.toLowerCase());
}
