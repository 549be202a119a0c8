import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from './histogram.ts';

test('a quantile is the smallest value that so many did not exceed, within 0.8 %', () => {
  const histogram = new Histogram();
  for (let us = 1; us <= 100_000; us++) histogram.record(us / 1000);
  for (const fraction of [0.1, 0.5, 0.9, 0.99, 0.999]) {
    const exact = fraction * 100_000;
    const got = histogram.quantile(fraction);
    assert.ok(Math.abs(got - exact) / exact < 0.008, `${fraction}: ${got} instead of ${exact}`);
  }
  assert.equal(histogram.summary().max, 100_000);
  assert.equal(histogram.summary().count, 100_000);
  assert.ok(Math.abs(histogram.summary().mean - 50_000.5) < 0.001);
});

test('one slow reply among a thousand is the maximum and not p99', () => {
  const histogram = new Histogram();
  for (let i = 0; i < 999; i++) histogram.record(0.1);
  histogram.record(250);
  assert.ok(histogram.summary().p99 < 101);
  assert.equal(histogram.summary().max, 250_000);
});

test('every duration up to 214 s falls into a bucket that is not below it by more than its width', () => {
  for (const us of [0, 0.05, 0.1, 12.7, 12.8, 12.9, 25.5, 25.6, 25.7, 1e3, 1e6, 9e6, 2.1e8]) {
    const histogram = new Histogram();
    histogram.record(us / 1000);
    assert.ok(Math.abs(histogram.quantile(0.5) - us) < 1e-6, `${us}: a single value is its own median`);
  }
});

test('without a value every quantile is 0, and reset forgets', () => {
  const histogram = new Histogram();
  assert.deepEqual(histogram.summary(), { count: 0, mean: 0, p50: 0, p99: 0, p999: 0, max: 0 });
  histogram.record(5);
  histogram.reset();
  assert.deepEqual(histogram.summary(), { count: 0, mean: 0, p50: 0, p99: 0, p999: 0, max: 0 });
});
