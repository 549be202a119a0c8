import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SourceFile, spanAfter, spanBetween } from './source.ts';

test('a position counts lines and characters from 1', () => {
  const file = new SourceFile('f', 'ab\n\tc\r\n\u{1F600}x\n');
  const at = (text: string) => file.position(file.text.indexOf(text));
  assert.deepEqual(at('a'), { line: 1, column: 1 });
  assert.deepEqual(at('b'), { line: 1, column: 2 });
  assert.deepEqual(at('\n'), { line: 1, column: 3 });
  assert.deepEqual(at('c'), { line: 2, column: 2 });
  assert.deepEqual(at('x'), { line: 3, column: 2 }, 'a surrogate pair is one character');
  assert.deepEqual(file.position(file.text.length), { line: 4, column: 1 });
});

test('an empty file has one position', () => {
  assert.deepEqual(new SourceFile('f', '').position(0), { line: 1, column: 1 });
});

test('property: a position is what counting the line breaks before it says', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a\n]{0,40}$/), fc.nat(40), (text, offset) => {
      const before = text.slice(0, offset).split('\n');
      assert.deepEqual(new SourceFile('f', text).position(Math.min(offset, text.length)), {
        line: before.length,
        column: (before.at(-1) ?? '').length + 1,
      });
    }),
  );
});

test('a span between places of two files is that of the first', () => {
  const [one, other] = [new SourceFile('a', 'abcdef'), new SourceFile('b', 'abcdef')];
  const first = { file: one, start: 1, end: 2 };
  assert.deepEqual(spanBetween(first, { file: one, start: 3, end: 5 }), { file: one, start: 1, end: 5 });
  assert.deepEqual(spanBetween(first, { file: other, start: 3, end: 5 }), first);
  assert.deepEqual(spanAfter(first), { file: one, start: 2, end: 2 });
});
