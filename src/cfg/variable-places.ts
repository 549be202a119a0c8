import type { StringLiteral } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import type { VariableProblem } from './variables/problem.ts';

/** The codes of what can be wrong with a variable. */
export const variableCodes: Readonly<Record<VariableProblem['kind'], string>> = {
  unknown: 'unknown-variable',
  unsupported: 'unsupported-variable',
  malformed: 'bad-variable',
};

/** Where in the file a problem of a text stands: exactly, when the text is written as it is; else the whole text. */
export function placeInText({ value, span }: Pick<StringLiteral, 'value' | 'span'>, problem: VariableProblem): Span {
  const { start, end } = problem;
  const written = span.file.text.slice(span.start + 1, span.end - 1);
  if (start === undefined || end === undefined || written !== value) return span;
  return { file: span.file, start: span.start + 1 + start, end: span.start + 1 + end };
}
