import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSipError } from '../sip-error.ts';
import { formatQ, parseQ } from './q-value.ts';

const table: readonly (readonly [string, number])[] = [
  ['0', 0],
  ['0.0', 0],
  ['1', 1000],
  ['1.0', 1000],
  ['1.000', 1000],
  ['.5', 500],
  ['0.5', 500],
  ['00.5', 500],
  ['00.7', 700],
  ['01', 1000],
  ['0.12345', 123],
  ['0.001', 1],
  [' 0.5', 500],
];
for (const [text, thousandths] of table) {
  test(`registrar 7.2: ${JSON.stringify(text)} is ${thousandths}`, () => assert.equal(parseQ(text), thousandths));
}

for (const text of [
  '1.001',
  '2',
  '-1',
  'abc',
  '0.',
  '1.',
  '0.5x',
  '.',
  '',
  ' ',
  '10',
  '0.5 ',
  '1.0001',
  '0,5',
  '0..5',
]) {
  test(`registrar 7.2: ${JSON.stringify(text)} is no q`, () => {
    const error = parseQ(text);
    assert(isSipError(error));
    assert.equal(error.code, 'SIP_BAD_Q');
  });
}

test('registrar 7.2: a q is printed without zeros at its end', () => {
  const printed: readonly (readonly [number, string])[] = [
    [-1, '0'],
    [0, '0'],
    [1, '0.001'],
    [10, '0.01'],
    [12, '0.012'],
    [100, '0.1'],
    [120, '0.12'],
    [123, '0.123'],
    [380, '0.38'],
    [999, '0.999'],
    [1000, '1'],
    [5000, '1'],
  ];
  for (const [thousandths, text] of printed) assert.equal(formatQ(thousandths), text);
});

test('property: every q survives printing', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), (q) => parseQ(formatQ(q)) === q));
});
