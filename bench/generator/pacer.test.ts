import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer } from './pacer.ts';
import { UserWalk } from './users.ts';

test('closed loop: as many are due as replies are missing, never more than fit', () => {
  const pacer = new Pacer({ mode: 'closed', outstanding: 64 }, 0);
  assert.equal(pacer.due(1, 0, 100), 64);
  assert.equal(pacer.due(1, 60, 100), 4);
  assert.equal(pacer.due(1, 64, 100), 0);
  assert.equal(pacer.due(1, 0, 10), 10);
  assert.equal(pacer.take(3.5), 3.5);
});

test('open loop: after a stall each missed request is due, and its time is the moment it was meant for', () => {
  const pacer = new Pacer({ mode: 'open', ratePerSecond: 1000 }, 100);
  assert.equal(pacer.due(99.9, 0, 64), 0);
  assert.equal(pacer.due(103.5, 1_000_000, 64), 4);
  assert.deepEqual([pacer.take(103.5), pacer.take(103.5), pacer.take(103.5), pacer.take(103.5)], [100, 101, 102, 103]);
  assert.equal(pacer.due(103.5, 0, 64), 0);
  pacer.restart(200);
  assert.equal(pacer.due(200, 0, 64), 1);
  assert.equal(pacer.take(200.7), 200);
});

test('nothing is due before the next moment of an open loop; a closed loop waits for replies', () => {
  const pacer = new Pacer({ mode: 'open', ratePerSecond: 1000 }, 100);
  assert.equal(pacer.idleMs(99.5), 0.5);
  pacer.take(100);
  assert.equal(pacer.idleMs(100), 1);
  assert.equal(new Pacer({ mode: 'closed', outstanding: 64 }, 100).idleMs(200), Number.POSITIVE_INFINITY);
});

test('a walk visits every user once per round, for any number of users', () => {
  for (const users of [1, 2, 3, 10, 97, 1000, 4096, 100_000]) {
    for (const ratio of [0.618, 0.387]) {
      const walk = new UserWalk(users, ratio);
      const seen = new Uint8Array(users);
      for (let i = 0; i < users; i++) {
        const user = walk.next();
        seen[user] = (seen[user] as number) + 1;
      }
      assert.ok(
        seen.every((times) => times === 1),
        `${users} users`,
      );
      assert.equal(walk.next(), 0);
    }
  }
});
