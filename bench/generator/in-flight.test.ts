import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InFlight } from './in-flight.ts';

test('a reply settles its request once: a duplicate, a stranger and a number of the future are told apart', () => {
  const flight = new InFlight(1000);
  const first = flight.add(5);
  const second = flight.add(6);
  assert.deepEqual([first, second, flight.count], [1000, 1001, 2]);
  assert.equal(flight.settle(second), 6);
  assert.equal(flight.settle(second), -1);
  assert.equal(flight.settle(999), -1);
  assert.equal(flight.settle(1002), -1);
  assert.equal(flight.settle(-1), -1);
  assert.equal(flight.count, 1);
});

test('what was sent before the deadline is lost, and a reply that comes later is not counted', () => {
  const flight = new InFlight(0);
  for (const at of [1, 2, 3, 4]) flight.add(at);
  flight.settle(1);
  assert.equal(flight.expire(3), 1);
  assert.equal(flight.count, 2);
  assert.equal(flight.settle(0), -1);
  assert.equal(flight.expire(3), 0);
  assert.equal(flight.expire(100), 2);
  assert.equal(flight.count, 0);
});

test('the ring is full when the oldest that waits would be overwritten, and is free again after it is settled', () => {
  const flight = new InFlight(7);
  while (!flight.full) flight.add(1);
  const held = flight.count;
  assert.equal(held, 2 ** 18);
  flight.settle(7);
  assert.equal(flight.expire(0), 0);
  assert.equal(flight.full, false);
  assert.equal(flight.add(2), 7 + held);
});
