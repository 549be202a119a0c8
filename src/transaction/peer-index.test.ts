import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PeerEntry, PeerIndex } from './peer-index.ts';
import { Bench } from './testing/bench.ts';

test('a peer is transport, address and port, whichever flow leads to it', () => {
  const bench = new Bench();
  const index = new PeerIndex();
  const [a, b, c] = [bench.flow(), bench.flow(), bench.flow('tcp')].map((flow) => new PeerEntry('', flow));
  assert.ok(a && b && c);
  for (const item of [a, b, c]) index.add(item);
  assert.deepEqual(index.of(bench.flow()), [a, b]);
  assert.deepEqual(index.of(c.flow), [c]);
  assert.deepEqual(index.of(bench.flow('tls')), []);
});

test('what is removed is gone, wherever it stood, and points to nothing that stays', () => {
  const bench = new Bench();
  const index = new PeerIndex();
  const items = Array.from({ length: 5 }, () => new PeerEntry('', bench.flow()));
  for (const item of items) index.add(item);
  for (const at of [2, 0, 4]) {
    const item = items[at];
    assert.ok(item);
    index.remove(item);
    assert.deepEqual([item.beforeAtPeer, item.afterAtPeer], [undefined, undefined]);
    assert.throws(() => index.remove(item), /assertion failed/);
  }
  assert.deepEqual(index.of(bench.flow()), [items[1], items[3]]);
});
