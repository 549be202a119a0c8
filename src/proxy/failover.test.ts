import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, SipError } from '../sip/sip-error.ts';
import type { Hop } from '../transport/flow.ts';
import { maxHopsPerBranch } from './limits.ts';
import { targetOf } from './target.ts';
import { listener, ProxyBench, request, statuses } from './testing/proxy-bench.ts';

const udp = (address: string): Hop => ({ transport: 'udp', address, port: 5060 });
const target = targetOf('sip:bob@pbx.example');
const message = (extra = {}) => request({ method: 'MESSAGE', ...extra });

function benchWith(...hops: readonly Hop[]): ProxyBench {
  const bench = new ProxyBench();
  bench.dns.set('pbx.example', hops);
  return bench;
}

function branchOf(sent: SipRequest | undefined): string | undefined {
  const via = sent?.topVia;
  return via === undefined || isSipError(via) ? undefined : via.branch;
}

test('RFC 3263 §4.3: a 503 goes on to the next hop, with a new branch', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.answer('192.0.2.21', 503);
  const [first] = bench.to('192.0.2.21').requests;
  const [second] = bench.to('192.0.2.22').requests;
  assert.equal(second?.uriText, 'sip:bob@pbx.example');
  assert.notEqual(branchOf(first), branchOf(second));
  assert.deepEqual(bench.upstream, [100]);
  bench.answer('192.0.2.22', 200);
  assert.deepEqual(bench.upstream, [100, 200]);
});

test('RFC 3263 §4.3: a copy for a later hop has one Via of ours, one Record-Route, and one hop less', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target], { forwarding: { recordRoute: {}, countHop: true, timers: {} } });
  bench.answer('192.0.2.21', 503);
  const [second] = bench.to('192.0.2.22').requests;
  assert.equal(second?.values('via').length, 2);
  assert.equal(second?.values('record-route').length, 1);
  assert.equal(second?.maxForwards, 69);
});

test('RFC 3263 §4.3: a timeout without any response goes on to the next hop', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.clock.advance(32_000);
  assert.equal(bench.countTo('192.0.2.22'), 1);
  assert.deepEqual(bench.upstream, [100]);
});

test('RFC 3263 §4.3: a hop that has rung is the right one: its timeout counts', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.answer('192.0.2.21', 180);
  bench.clock.advance(181_000);
  assert.equal(bench.countTo('192.0.2.22'), 0);
  assert.deepEqual(bench.upstream, [100, 180, 408]);
});

test('RFC 3263 §4.3: a hop that cannot be reached gives way in the same tick', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.unreachable.add('udp:192.0.2.21:5060');
  bench.relay([target]);
  assert.equal(bench.countTo('192.0.2.22'), 1);
});

test('RFC 3263 §4.3: a transport error that the transaction learns of goes on to the next hop', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.openFlow(udp('192.0.2.21')).result = 'closed';
  bench.relay([target]);
  bench.clock.advance(0);
  assert.equal(bench.countTo('192.0.2.22'), 1);
});

test('RFC 3263 §4.3: any other answer is the answer', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.answer('192.0.2.21', 500);
  assert.equal(bench.countTo('192.0.2.22'), 0);
  assert.deepEqual(bench.upstream, [100, 500]);
});

test('RFC 3263 §4.3: the 503 of the last hop is the answer of the branch', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  const relay = bench.relay([target]);
  bench.answer('192.0.2.21', 503);
  bench.answer('192.0.2.22', 503);
  assert.deepEqual(statuses(relay.branches), [503]);
  assert.deepEqual(bench.upstream, [100, 500]);
});

test('a cancelled branch does not go on to its next hop', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.answer('192.0.2.21', 180);
  bench.callerCancels();
  bench.answer('192.0.2.21', 503, { method: 'INVITE' });
  assert.equal(bench.countTo('192.0.2.22'), 0);
  assert.equal(bench.finals.length, 1);
});

test('a cancelled branch whose flow breaks before any answer ends with 487', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target]);
  bench.to('192.0.2.21').result = 'closed';
  bench.callerCancels();
  bench.clock.advance(500);
  assert.equal(bench.countTo('192.0.2.22'), 0);
  assert.deepEqual(
    bench.finals.map(({ status }) => status),
    [487],
  );
});

test('the limit on hops: a domain with many addresses is tried at the first six', () => {
  const hops = Array.from({ length: 10 }, (_, i) => udp(`192.0.2.${20 + i}`));
  const bench = benchWith(...hops);
  for (const { address } of hops) bench.unreachable.add(`udp:${address}:5060`);
  bench.unreachable.delete('udp:192.0.2.26:5060');
  bench.relay([target]);
  assert.equal(maxHopsPerBranch, 6);
  assert.equal(bench.countTo('192.0.2.26'), 0);
  assert.deepEqual(bench.upstream, [100, 500]);
});

test('a name that is not cached is waited for; other branches are not', async () => {
  const bench = new ProxyBench();
  bench.dns.set('pbx.example', Promise.resolve([udp('192.0.2.21')]));
  bench.relay([target, targetOf('sip:bob@192.0.2.11')]);
  assert.equal(bench.countTo('192.0.2.11'), 1);
  bench.answer('192.0.2.11', 486);
  assert.deepEqual(bench.upstream, [100]);
  await bench.dns.get('pbx.example');
  assert.equal(bench.countTo('192.0.2.21'), 1);
});

test('a name without an address fails the branch, also when that is learnt later', async () => {
  const bench = new ProxyBench();
  bench.dns.set('pbx.example', Promise.resolve(new SipError('SIP_BAD_HOST', 'no address')));
  bench.relay([target]);
  await new Promise(setImmediate);
  assert.deepEqual(bench.upstream, [100, 478]);
});

test('a resolver or a transport that breaks is logged and fails the branch', async () => {
  const bench = new ProxyBench();
  const broken = Promise.reject(new Error('broken'));
  bench.dns.set('pbx.example', broken);
  bench.relay([target]);
  await new Promise(setImmediate);
  assert.deepEqual(bench.upstream, [100, 478]);
  assert.equal(bench.errors.length, 1);
});

test('a connection that takes time is waited for', async () => {
  const bench = new ProxyBench();
  bench.slow.add('tcp:192.0.2.11:5060');
  bench.relay([targetOf('sip:bob@192.0.2.11;transport=tcp')]);
  assert.equal(bench.countTo('192.0.2.11', 'tcp'), 0);
  await new Promise(setImmediate);
  assert.equal(bench.countTo('192.0.2.11', 'tcp'), 1);
});

test('RFC 5626 §5.3: an open flow of the target is used, whatever the URI says', () => {
  const bench = new ProxyBench();
  const flow = bench.openFlow({ transport: 'tcp', address: '192.0.2.90', port: 40_000 });
  bench.relay([targetOf('sip:bob@192.0.2.11', { flow })]);
  assert.equal(flow.requests[0]?.uriText, 'sip:bob@192.0.2.11');
  assert.match(flow.requests[0]?.values('via')[0] ?? '', /^SIP\/2\.0\/TCP/);
});

test('a closed flow leaves the address of the URI', () => {
  const bench = new ProxyBench();
  const flow = bench.openFlow({ transport: 'tcp', address: '192.0.2.90', port: 40_000 });
  flow.open = false;
  bench.relay([targetOf('sip:bob@192.0.2.11', { flow })]);
  assert.equal(flow.sent.length, 0);
  assert.equal(bench.countTo('192.0.2.11'), 1);
});

test('companions 1.7: the listener that was asked for is used, and named in Via', () => {
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@192.0.2.11', { socket: listener('udp', '192.0.2.1', 5080) })]);
  assert.match(bench.to('192.0.2.11').requests[0]?.values('via')[0] ?? '', /^SIP\/2\.0\/UDP 192\.0\.2\.1:5080;/);
});

/** A MESSAGE whose copy has exactly so many bytes by UDP. */
function messageOfCopySize(bytes: number): SipRequest {
  const bench = new ProxyBench();
  const sized = (length: number) => message({ body: 'x'.repeat(length) });
  bench.relay([targetOf('sip:bob@192.0.2.11', { keepTransport: true })], {}, sized(500));
  const copy = bench.to('192.0.2.11').sentBytes[0];
  assert(copy);
  return sized(500 + bytes - copy.length);
}

test('§18.1.1: a request of 1300 bytes goes by UDP', () => {
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@192.0.2.11')], {}, messageOfCopySize(1300));
  assert.equal(bench.to('192.0.2.11').sentBytes[0]?.length, 1300);
});

test('§18.1.1: a longer one goes by TCP, and Via says so', () => {
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@192.0.2.11')], {}, messageOfCopySize(1301));
  assert.equal(bench.countTo('192.0.2.11'), 0);
  const [sent] = bench.to('192.0.2.11', 'tcp').requests;
  assert.match(sent?.values('via')[0] ?? '', /^SIP\/2\.0\/TCP/);
  assert.equal(sent?.values('via').length, 2);
});

test('§18.1.1: when TCP cannot be opened, UDP is used after all', () => {
  const bench = new ProxyBench();
  bench.unreachable.add('tcp:192.0.2.11:5060');
  bench.relay([targetOf('sip:bob@192.0.2.11')], {}, messageOfCopySize(1301));
  assert.equal(bench.to('192.0.2.11').sentBytes[0]?.length, 1301);
  assert.equal(bench.to('192.0.2.11').requests[0]?.values('via').length, 2);
});

test('§18.1.1: when the TCP connection breaks before an answer, UDP is used after all', () => {
  const bench = new ProxyBench();
  bench.openFlow({ transport: 'tcp', address: '192.0.2.11', port: 5060 }).result = 'closed';
  bench.relay([targetOf('sip:bob@192.0.2.11')], {}, messageOfCopySize(1301));
  bench.clock.advance(0);
  assert.equal(bench.countTo('192.0.2.11'), 1);
  assert.equal(bench.to('192.0.2.11').requests[0]?.values('via').length, 2);
});

test('§18.1.1: when both fail, the next hop is tried, by TCP first again', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.unreachable.add('tcp:192.0.2.21:5060').add('udp:192.0.2.21:5060');
  bench.relay([target], {}, message({ body: 'x'.repeat(2_000) }));
  assert.equal(bench.countTo('192.0.2.22', 'tcp'), 1);
});

test('§18.1.1: an answer 503 by TCP is that of the hop: UDP is not tried there', () => {
  const bench = benchWith(udp('192.0.2.21'), udp('192.0.2.22'));
  bench.relay([target], {}, message({ body: 'x'.repeat(2_000) }));
  bench.answer('192.0.2.21', 503, { transport: 'tcp' });
  assert.equal(bench.countTo('192.0.2.21'), 0);
  assert.equal(bench.countTo('192.0.2.22', 'tcp'), 1);
});

test('§18.1.1: a target behind a NAT keeps its transport', () => {
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@192.0.2.11', { keepTransport: true })], {}, messageOfCopySize(1310));
  assert.equal(bench.to('192.0.2.11').sentBytes[0]?.length, 1310);
});
