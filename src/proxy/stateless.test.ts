import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hop } from '../transport/flow.ts';
import { forwardRequest } from './stateless.ts';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const ack = (extra = {}) => request({ method: 'ACK', toTag: 'b1', branch: 'z9hG4bKack1', ...extra });
const bob = targetOf('sip:bob@192.0.2.11');

test('§16.11: an ACK to a 2xx goes out in the same tick, with a Via of ours and one hop less', () => {
  const bench = new ProxyBench();
  assert.equal(forwardRequest(bench, ack(), bob), 'sent');
  const [sent] = bench.to('192.0.2.11').requests;
  assert.equal(sent?.uriText, 'sip:bob@192.0.2.11');
  assert.equal(sent?.values('via').length, 2);
  assert.equal(sent?.maxForwards, 69);
  assert.equal(bench.transactions.size, 0);
});

test('§16.11: a retransmitted ACK has the same branch, the ACK of another call another one', () => {
  const bench = new ProxyBench();
  forwardRequest(bench, ack(), bob);
  forwardRequest(bench, ack(), bob);
  forwardRequest(bench, ack({ branch: 'z9hG4bKack2' }), bob);
  const [first, again, other] = bench.to('192.0.2.11').requests.map((sent) => sent.values('via')[0]);
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test('§16.6 step 6: an ACK to a strict router is prepared like any request', () => {
  const bench = new ProxyBench();
  forwardRequest(bench, ack({ headers: ['Route: <sip:192.0.2.33>'] }), bob);
  const [sent] = bench.to('192.0.2.33').requests;
  assert.equal(sent?.uriText, 'sip:192.0.2.33');
  assert.deepEqual(sent?.values('route'), ['<sip:bob@192.0.2.11>']);
});

test('an ACK takes the open flow of its target', () => {
  const bench = new ProxyBench();
  const flow = bench.openFlow({ transport: 'tcp', address: '192.0.2.90', port: 40_000 });
  assert.equal(forwardRequest(bench, ack(), targetOf(bob.uri, { flow })), 'sent');
  assert.equal(flow.requests.length, 1);
});

test('an ACK to a name that is not cached goes out when it is resolved', async () => {
  const bench = new ProxyBench();
  const hops: readonly Hop[] = [{ transport: 'udp', address: '192.0.2.11', port: 5060 }];
  bench.dns.set('bob.example', Promise.resolve(hops));
  assert.equal(await forwardRequest(bench, ack(), targetOf('sip:bob@bob.example')), 'sent');
});

test('an ACK that cannot be delivered fails without a word', () => {
  const bench = new ProxyBench();
  bench.unreachable.add('udp:192.0.2.11:5060');
  assert.equal(forwardRequest(bench, ack(), bob), 'failed');
  assert.equal(forwardRequest(bench, ack(), targetOf('sip:bob@nowhere.example')), 'failed');
  assert.equal(forwardRequest(bench, ack(), targetOf('tel:+15551234')), 'failed');
  bench.openFlow({ transport: 'udp', address: '192.0.2.12', port: 5060 }).result = 'closed';
  assert.equal(forwardRequest(bench, ack(), targetOf('sip:bob@192.0.2.12')), 'failed');
});
