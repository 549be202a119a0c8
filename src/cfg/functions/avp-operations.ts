import type { AvpValue } from '../../routing/avps.ts';
import { numberOf } from '../variables/values.ts';

/** Compares the value of an AVP with another one. */
export type Comparison = (left: AvpValue, right: AvpValue, ignoreCase: boolean) => boolean;

function numbers(compare: (left: number, right: number) => boolean): Comparison {
  return (left, right) => {
    const [one, other] = [numberOf(left), numberOf(right)];
    return one !== undefined && other !== undefined && compare(one, other);
  };
}

function sameText(left: AvpValue, right: AvpValue, ignoreCase: boolean): boolean {
  const [one, other] = [String(left), String(right)];
  return ignoreCase ? one.toLowerCase() === other.toLowerCase() : one === other;
}

// `*` stands for any text, `?` for one character; both are looked for without going back more than one star.
function fastMatch(left: AvpValue, right: AvpValue, ignoreCase: boolean): boolean {
  const text = ignoreCase ? String(left).toLowerCase() : String(left);
  const pattern = ignoreCase ? String(right).toLowerCase() : String(right);
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern++;
      resume = at;
    } else if (inPattern < pattern.length && (pattern[inPattern] === '?' || pattern[inPattern] === text[at])) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/** The comparisons of `avp_check` but `re`, by their names. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  eq: sameText,
  ne: (left, right, ignoreCase) => !sameText(left, right, ignoreCase),
  lt: numbers((left, right) => left < right),
  le: numbers((left, right) => left <= right),
  gt: numbers((left, right) => left > right),
  ge: numbers((left, right) => left >= right),
  and: numbers((left, right) => (left & right) !== 0),
  or: numbers((left, right) => (left | right) !== 0),
  xor: numbers((left, right) => (left ^ right) !== 0),
  fm: fastMatch,
};

/** The operations of `avp_op`, by their names; undefined where there is no result. */
export const operations: Readonly<Record<string, (left: number, right: number) => number | undefined>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right) => (right === 0 ? undefined : Math.trunc(left / right)),
  mod: (left, right) => (right === 0 ? undefined : left % right),
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
  not: (left) => ~left,
};
