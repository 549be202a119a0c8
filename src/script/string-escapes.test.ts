import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeString, unescapeString } from './string-escapes.ts';

const table: readonly (readonly [raw: string, value: string, what: string])[] = [
  ['a\\n\\r\\t\\a', 'a\n\r\t\x07', 'control characters'],
  ['\\"\\\\', '"\\', 'the quote and the backslash'],
  ['\\x41\\x4g\\x', 'A\x04g\\x', 'one or two hexadecimal digits'],
  ['\\101\\60\\0601', 'A001', 'two or three octal digits'],
  ['\\1 \\9 \\8', '\\1 \\9 \\8', 'a single digit is no escape: back-references survive'],
  ['^sip:\\.\\d+\\$', '^sip:\\.\\d+\\$', 'any other escape keeps both characters'],
  ['one \\\ntwo \\\r\nthree', 'one two three', 'a backslash joins lines'],
  ['', '', 'the empty string'],
];

for (const [raw, value, what] of table) {
  test(`cfg-language §2 strings: ${what}`, () => assert.equal(unescapeString(raw), value));
}

test('property: a printed string has the value it was printed from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      assert.equal(unescapeString(escapeString(value).slice(1, -1)), value);
    }),
  );
});
