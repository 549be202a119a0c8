import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxDeltaSeconds, parseDeltaSeconds } from './expires.ts';

const table: readonly (readonly [string, number | undefined])[] = [
  ['0', 0],
  ['00', 0],
  ['3600', 3600],
  ['00090', 90],
  [' 150\t', 150],
  ['2147483647', maxDeltaSeconds],
  ['2147483648', maxDeltaSeconds],
  ['4294967295', maxDeltaSeconds],
  ['4294967296', maxDeltaSeconds],
  ['9'.repeat(400), maxDeltaSeconds],
  ['', undefined],
  [' ', undefined],
  ['abc', undefined],
  ['-1', undefined],
  ['+60', undefined],
  ['60.5', undefined],
  ['100;x', undefined],
  ['1 2', undefined],
  ['0x10', undefined],
  ['Thu, 01 Dec 1994 16:00:00 GMT', undefined],
];
for (const [text, seconds] of table) {
  test(`registrar 7.1, decision 11: ${JSON.stringify(text.slice(0, 40))} is ${seconds}`, () =>
    assert.equal(parseDeltaSeconds(text), seconds));
}
