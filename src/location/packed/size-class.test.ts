import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classBytes, classCount, largeBytes, largestClassBytes, sizeClassOf } from './size-class.ts';

test('every size has the smallest class that holds it, and rounding up costs an eighth or less than 8 bytes', () => {
  for (let bytes = 1; bytes <= largestClassBytes; bytes++) {
    const sizeClass = sizeClassOf(bytes);
    assert.ok(sizeClass >= 0 && sizeClass < classCount);
    const rounded = classBytes(sizeClass);
    assert.ok(rounded >= bytes && rounded % 8 === 0, `${bytes}`);
    if (sizeClass > 0) assert.ok(classBytes(sizeClass - 1) < bytes, `${bytes}`);
    assert.ok(rounded - bytes < 8 || rounded <= bytes * 1.125, `${bytes}`);
  }
  assert.equal(sizeClassOf(largestClassBytes), classCount - 1);
});

test('a block with a slab of its own has an eighth of slack at most', () => {
  for (let bytes = largestClassBytes + 1; bytes < 5_000_000; bytes = Math.ceil(bytes * 1.01)) {
    const rounded = largeBytes(bytes);
    assert.ok(rounded >= bytes && rounded <= bytes * 1.126 && rounded % 8 === 0, `${bytes}`);
  }
});
