import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSubstitution, splitSubstitution, substitute } from './substitution.ts';

/** The text after the substitution, or the problem in question marks. */
function run(substitution: string, text: string): string {
  const parts = splitSubstitution(substitution);
  if (parts === undefined) return '?not three parts?';
  const read = readSubstitution(parts);
  return typeof read === 'string' ? `?${read}?` : substitute(text, read);
}

const table: readonly (readonly [substitution: string, text: string, result: string])[] = [
  ['/a/b/', 'aa', 'ba'],
  ['/a/b/g', 'aa', 'bb'],
  ['/A/b/ig', 'aA', 'bb'],
  ['!IP!192.0.2.1!g', 'sip:IP:5060', 'sip:192.0.2.1:5060'],
  ['/\\/a/\\/b/', '/a', '/b'],
  ['/(\\w+)@(\\w+)/\\2 at \\1 \\0/', 'x@y', 'y at x x@y'],
  ['/a/$1 $& \\n\\q/', 'a', '$1 $& \nq'],
  ['/a/b', 'a', '?not three parts?'],
  ['/a/b/g/', 'a', '?not three parts?'],
  ['', 'a', '?not three parts?'],
  ['xaxbx', 'a', '?not three parts?'],
  ['//b/', 'a', '?its pattern is empty?'],
  ['/a/b/x', 'a', "?its flags are 'g', 'i' and 's', not 'x'?"],
  ['/(/b/', 'a', "?'(' is no regular expression?"],
  ['/(a+)+b/x/', 'a', '?a group in its pattern is repeated?'],
];

for (const [substitution, text, result] of table) {
  test(`cfg-language §2 #!subst: ${substitution || 'nothing'} of '${text}'`, () => {
    assert.equal(run(substitution, text), result);
  });
}
