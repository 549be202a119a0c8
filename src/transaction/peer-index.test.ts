import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PeerIndex } from './peer-index.ts';
import { Bench } from './testing/bench.ts';

test('a peer is transport, address and port, whichever flow leads to it', () => {
  const bench = new Bench();
  const index = new PeerIndex();
  const [a, b, c] = [{ flow: bench.flow() }, { flow: bench.flow() }, { flow: bench.flow('tcp') }];
  for (const item of [a, b, c]) index.add(item);
  assert.deepEqual(index.of(bench.flow()), [a, b]);
  assert.deepEqual(index.of(c.flow), [c]);
  assert.deepEqual(index.of(bench.flow('tls')), []);
});

test('a peer without anything left is forgotten', () => {
  const bench = new Bench();
  const index = new PeerIndex();
  const [a, b] = [{ flow: bench.flow() }, { flow: bench.flow() }];
  index.add(a);
  index.add(b);
  index.remove(a);
  assert.equal(index.peerCount, 1);
  index.remove(b);
  assert.equal(index.peerCount, 0);
  assert.throws(() => index.remove(b), /assertion failed/);
  index.add(a);
  index.clear();
  assert.equal(index.peerCount, 0);
});
