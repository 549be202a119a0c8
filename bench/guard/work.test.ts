import assert from 'node:assert/strict';
import { test } from 'node:test';
import { improvements, regressions, unmatched, type Work } from './work.ts';

const work: Work = {
  ...{ heapBytes: 4000, bufferBytes: 0, clockReads: 1, timersArmed: 0, randomDraws: 0 },
  ...{ datagramsSent: 1, bytesSent: 400, bindingEvents: 1 },
};

test('growth over a tenth is a regression that names case, metric and both values', () => {
  const measured = { refresh: { ...work, heapBytes: 4500, timersArmed: 1 } };
  assert.deepEqual(regressions({ refresh: work }, measured), [
    'refresh: heapBytes per request was 4000, is 4500',
    'refresh: timersArmed per request was 0, is 1',
  ]);
});

test('growth up to a tenth, and what is below the resolution of the count, is none', () => {
  const measured = { refresh: { ...work, heapBytes: 4400, bufferBytes: 40, clockReads: 1.01 } };
  assert.deepEqual(regressions({ refresh: work }, measured), []);
  assert.deepEqual(regressions({ refresh: work }, { refresh: work }), []);
});

test('what became cheaper by more than a tenth is told, and is no regression', () => {
  const measured = { refresh: { ...work, heapBytes: 3000 } };
  assert.deepEqual(regressions({ refresh: work }, measured), []);
  assert.deepEqual(improvements({ refresh: work }, measured), ['refresh: heapBytes per request was 4000, is 3000']);
});

test('a case that only one side has is told: a removed case would otherwise never fail again', () => {
  assert.deepEqual(unmatched({ a: work, b: work }, { b: work, c: work }), ['a', 'c']);
});
