import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxPendingMs, PendingInvite } from './pending-invite.ts';
import { Bench, request } from './testing/bench.ts';

function pendingInvite() {
  const bench = new Bench();
  let overdue = 0;
  const pending = new PendingInvite(bench.clock, () => {
    overdue += 1;
  });
  const server = bench.layer.createServer(request('INVITE'), bench.flow('udp'), pending);
  assert(typeof server === 'object');
  pending.attach(server);
  return { bench, pending, server, overdue: () => overdue };
}

test('§17.2.1: routes that do not decide are answered for: 100 after 200 ms, 500 in the end, and all is forgotten', () => {
  const { bench, overdue } = pendingInvite();
  bench.clock.advance(maxPendingMs);
  assert.deepEqual(bench.take(), ['200 send 100', `${maxPendingMs} send 500`]);
  assert.equal(overdue(), 1);
  bench.clock.advance(32_000);
  assert.equal(bench.layer.size, 0);
});

test('a relay takes the transaction once; then no time limit of the route counts', () => {
  const { bench, pending, server, overdue } = pendingInvite();
  assert.equal(pending.handTo({}), server);
  assert.equal(pending.handTo({}), undefined);
  pending.routeEnded();
  bench.clock.advance(2 * maxPendingMs);
  assert.equal(server.state, 'proceeding');
  assert.equal(overdue(), 0);
});

test('§9.2: cancelled before a relay takes it, there is nothing left to take', () => {
  const { pending, server } = pendingInvite();
  pending.onCancel(request('CANCEL'));
  assert.equal(server.lastResponse?.status, 487);
  assert.equal(pending.handTo({}), undefined);
});

test('a layer that has stopped is not answered for', () => {
  const { bench, overdue } = pendingInvite();
  bench.layer.stop();
  bench.take();
  bench.clock.advance(maxPendingMs);
  assert.deepEqual(bench.take(), []);
  assert.equal(overdue(), 0);
});

test('t_newtran: a request that is no INVITE can be taken over, or let go, before it is answered', () => {
  for (const use of ['take', 'release'] as const) {
    const bench = new Bench();
    const pending = new PendingInvite(bench.clock, () => {});
    const server = bench.layer.createServer(request('MESSAGE'), bench.flow('udp'), pending);
    assert(typeof server === 'object');
    pending.attach(server);
    if (use === 'take') {
      assert.equal(pending.handTo({}), server);
    } else {
      pending.routeEnded();
      assert.equal(bench.layer.size, 0);
      assert.equal(pending.handTo({}), undefined);
    }
  }
});
