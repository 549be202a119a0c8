import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeAt, HEX, isIn, skipBlanks, skipClass, standsAt, TOKEN, URI, USER } from './char-class.ts';
import { skipQuoted } from './quoted-string.ts';
import { codesOf, codesStandAt, skipBlankCodes, skipCodes, skipEscapedCodes, skipQuotedCodes } from './text-codes.ts';

/** The simple reading: a run of whole escapes and of other characters of the classes than "%". */
function skipEscaped(text: string, at: number, classes: number): number {
  let end = at;
  for (;;) {
    const c = codeAt(text, end);
    const isEscape = c === 0x25 && isIn(codeAt(text, end + 1), HEX) && isIn(codeAt(text, end + 2), HEX);
    if (!isEscape && (c === 0x25 || !isIn(c, classes))) return end;
    end += isEscape ? 3 : 1;
  }
}

const wire = fc.constantFrom(...'aZ09%4f"\\<>;= \t\r\n\0\x7f\x80\xe4\xff');
const text = fc.oneof(
  fc.string({ unit: wire, maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', '\ud800', '\udc00', 'ÿ', 'Ā', '漢'), minLength: 900, maxLength: 1100 }),
);

test('property: the codes of a text are its characters, 255 for those above it, and a zero at the end', () => {
  fc.assert(
    fc.property(text, (value) => {
      const codes = codesOf(value);
      const expected = Array.from({ length: value.length }, (_, at) => Math.min(value.charCodeAt(at), 0xff));
      assert.deepEqual([...codes.subarray(0, value.length + 1)], [...expected, 0]);
    }),
  );
});

test('property: codes are skipped as the characters of the text are', () => {
  const place = fc.nat({ max: 40 });
  fc.assert(
    fc.property(text, place, (value, from) => {
      const at = Math.min(from, value.length);
      const codes = codesOf(value);
      for (const classes of [TOKEN, USER, URI]) {
        assert.equal(skipCodes(codes, at, classes), skipClass(value, at, classes));
        assert.equal(skipEscapedCodes(codes, at, classes), skipEscaped(value, at, classes));
      }
      assert.equal(skipBlankCodes(codes, at), skipBlanks(value, at));
      assert.equal(codesStandAt(codes, at, 'a%4'), standsAt(value, at, 'a%4'));
      if (codeAt(value, at) === 0x22) {
        assert.equal(skipQuotedCodes(codes, at, value.length), skipQuoted(value, at));
      }
    }),
    { numRuns: 1000 },
  );
});
