import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textToWire, toLineText, wireToText } from './wire-text.ts';

test('§7: text is UTF-8 on the wire, one character per byte', () => {
  assert.equal(textToWire('Jos\u00e9'), 'Jos\u00c3\u00a9');
  assert.equal(wireToText('Jos\u00c3\u00a9'), 'Jos\u00e9');
  assert.equal(wireToText('\u00ff'), '\ufffd');
});

test('property: text survives the way over the wire', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => wireToText(textToWire(text)) === text.toWellFormed()),
  );
});

test('no value adds a line: CR and LF become spaces, also those that a cut to bytes would make', () => {
  assert.equal(toLineText('a\r\nEvil: b'), 'a  Evil: b');
  // U+010D and U+010A would be CR and LF when cut to one byte.
  const line = toLineText('a\u010d\u010aEvil: b');
  assert.equal(wireToText(line), 'a\u010d\u010aEvil: b');
  assert.equal(Buffer.from(line, 'latin1').indexOf(0x0a), -1);
  const fine = 'fine \u00e9\t';
  assert.equal(toLineText(fine), fine);
});
