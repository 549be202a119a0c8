import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { bindingFlags, isValid, secondsLeft } from './binding.ts';

test('usrloc 3: a binding is valid up to, and not at, the second of its expiry', () => {
  const binding = sampleBinding('a', { expiresAt: sampleNow + 60_000 });
  assert.equal(isValid(binding, sampleNow + 59_000), true);
  assert.equal(isValid(binding, sampleNow + 60_000), false);
  assert.equal(isValid(binding, sampleNow + 61_000), false);
});

test('usrloc 3: a permanent binding is valid whatever the time', () => {
  const binding = sampleBinding('a', { expiresAt: sampleNow, flags: bindingFlags.permanent });
  assert.equal(isValid(binding, sampleNow + 1e12), true);
});

test('registrar spec D15: the seconds left of a permanent binding are never negative', () => {
  const binding = sampleBinding('a', { expiresAt: sampleNow - 5000, flags: bindingFlags.permanent });
  assert.equal(secondsLeft(binding, sampleNow), 0);
});

test('registrar spec 10: a fresh binding shows exactly its lifetime', () => {
  assert.equal(secondsLeft(sampleBinding('a'), sampleNow), 3600);
  assert.equal(secondsLeft(sampleBinding('a'), sampleNow + 1000), 3599);
});

test('usrloc 3: the bits of the flags are those of the database column', () => {
  assert.deepEqual(bindingFlags, { nat: 1, permanent: 128, memoryOnly: 256, sipPing: 512 });
});
