import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Columns, printable } from './columns.ts';
import { JsonList } from './json-list.ts';

describe('tables for people', () => {
  test('issue 7: columns are aligned, titles come once, and a later portion may be wider', () => {
    const columns = new Columns(['A', 'B']);
    assert.equal(columns.lines([['alice', '1']]), 'A      B\nalice  1\n');
    assert.equal(
      columns.lines([
        ['jürgen-1', '2'],
        ['x', ''],
      ]),
      'jürgen-1  2\nx\n',
    );
    assert.equal(new Columns(['A', 'B']).lines([]), 'A  B\n');
  });

  test('issue 7: what a terminal would obey is shown by its number', () => {
    assert.equal(printable('a\x1b[2J\r\n\x07\x9b'), 'a\\u{1b}[2J\\u{d}\\u{a}\\u{7}\\u{9b}');
    assert.equal(
      printable('\u202eevil\u2066 \u2028\uf7ff\u200b'),
      '\\u{202e}evil\\u{2066} \\u{2028}\\u{f7ff}\\u{200b}',
    );
    assert.equal(printable('名前 jürgen <b>'), '名前 jürgen <b>');
  });

  test('issue 7: a list in portions is one JSON value', () => {
    const list = new JsonList();
    assert.deepEqual(JSON.parse(list.items([1, { a: 2 }]) + list.items([]) + list.items(['3']) + list.end()), [
      1,
      { a: 2 },
      '3',
    ]);
    assert.deepEqual(JSON.parse(new JsonList().end()), []);
  });
});
