import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanInString } from './string-span.ts';
import { firstString } from './testing/first-string.ts';

/** The text of the file at the first variable of the first argument. */
function atVariable(text: string): string {
  const literal = firstString(text);
  const piece = literal.pieces.find(({ kind }) => kind === 'variable');
  assert(piece?.kind === 'variable');
  const { file, start, end } = spanInString(literal, piece.start, piece.end);
  return file.text.slice(start, end);
}

test('a variable is found behind escapes and joined lines', () => {
  assert.equal(atVariable(String.raw`a("\n\x41\101\. \"$ru\" x");`), '$ru');
  assert.equal(atVariable('a("\\\n  $ru");'), '$ru');
});

test('a single-quoted string has no escapes to count', () => {
  assert.equal(atVariable(String.raw`a('\n $ru\n');`), '$ru');
});

test('a string of a definition is shown where its name stands', () => {
  assert.equal(atVariable('a(TEXT);'), 'TEXT');
});
