import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const one = targetOf('sip:bob@192.0.2.11');

/** Collects all garbage that can be collected. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // What a call in progress still holds is free in the next turn.
  await new Promise(setImmediate);
  gc();
}

/** Relays a MESSAGE, lets `happen` end it, and returns what must not be kept then. */
function relayed(bench: ProxyBench, happen: () => void): WeakRef<object>[] {
  const message = request({ method: 'MESSAGE', body: 'hello' });
  const relay = bench.relay([one], {}, message);
  const refs = [message, relay, ...relay.branches].map((object) => new WeakRef<object>(object));
  happen();
  return refs;
}

test('§17.2.2: a MESSAGE that was relayed and answered leaves nothing but what answers its retransmission', async () => {
  const bench = new ProxyBench();
  const refs = relayed(bench, () => bench.answer('192.0.2.11', 200));
  await collect();
  assert.deepEqual(
    refs.map((ref) => ref.deref()),
    [undefined, undefined, undefined],
  );
  assert.equal(bench.transactions.receiveRequest(request({ method: 'MESSAGE' })), 'absorbed');
  assert.deepEqual(bench.upstream, [200, 200]);
});

test('RFC 4320 §4.2: a MESSAGE that is never answered leaves nothing but what absorbs its retransmission', async () => {
  const bench = new ProxyBench();
  const refs = relayed(bench, () => bench.clock.advance(32_000));
  await collect();
  assert.deepEqual(
    refs.map((ref) => ref.deref()),
    [undefined, undefined, undefined],
  );
  assert.equal(bench.transactions.receiveRequest(request({ method: 'MESSAGE' })), 'absorbed');
  assert.deepEqual(bench.upstream, []);
  bench.clock.advance(32_000);
  assert.equal(bench.transactions.size, 0);
});
