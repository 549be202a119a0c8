import type { StringLiteral } from './ast.ts';
import type { Span } from './source.ts';
import { rawOffset, unescapeString } from './string-escapes.ts';

/**
 * Where a part of a string's value stands in the file, for what is wrong inside: a variable, a group of a regular
 * expression. A string that a definition or a substitution made is shown as a whole.
 */
export function spanInString(literal: StringLiteral, start: number, end: number): Span {
  const { file, start: open, end: behind } = literal.span;
  const raw = file.text.slice(open + 1, behind - 1);
  const isDouble = file.text[open] === '"';
  if ((isDouble ? unescapeString(raw) : raw) !== literal.value) return literal.span;
  const offset = (at: number): number => open + 1 + (isDouble ? rawOffset(raw, at) : at);
  return { file, start: offset(start), end: offset(end) };
}
