import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromCharacters, toCharacters } from './character-text.ts';

describe('texts of messages as characters', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['alice', 'alice'],
    ['j\xc3\xbcrgen', 'jürgen'],
    ['j\xfcrgen', 'j\uf7fcrgen'],
    ['\xf0\x9f\x93\x9e', '📞'],
    // What looks like an escape in UTF-8 is escaped byte by byte.
    ['\xef\x9f\xbc', '\uf7ef\uf79f\uf7bc'],
    ['\x00\x1b', '\uf700\x1b'],
    ['a\xfcb', 'a\uf7fcb'],
  ];
  for (const [bytes, shown] of rows) {
    test(`${JSON.stringify(bytes)} are ${JSON.stringify(shown)}`, () => {
      assert.equal(toCharacters(bytes), shown);
      assert.equal(fromCharacters(shown), bytes);
    });
  }

  test('issue 7: whatever bytes an address of record has, what areks for it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const shown = toCharacters(text);
        assert.equal(fromCharacters(shown), text);
        // By way of a URL, too.
        assert.equal(decodeURIComponent(encodeURIComponent(shown)), shown);
      }),
    );
  });
});
