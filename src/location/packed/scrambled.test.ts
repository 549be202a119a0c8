import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrambled } from './scrambled.ts';

test('no two ids have the same scrambled value among the small ones of either sign', () => {
  const seen = new Set<number>();
  for (let id = -20_000; id < 20_000; id++) seen.add(scrambled(id));
  assert.equal(seen.size, 40_000);
});
