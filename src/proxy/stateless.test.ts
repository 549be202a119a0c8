import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse } from '../sip/create-response.ts';
import type { SipResponse } from '../sip/message.ts';
import type { Hop } from '../transport/flow.ts';
import { forwardRequest, forwardResponse } from './stateless.ts';
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

/** A response that comes back with these Vias. */
function responseWith(...vias: string[]): SipResponse {
  const asked = request();
  asked.set('Via', vias.join(', '));
  return createResponse(asked, 200, undefined, { toTag: 'b1' });
}

const ours = 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx.y';

test('§16.7 step 3: our Via is removed and the response goes to the next one', () => {
  const bench = new ProxyBench();
  assert.equal(forwardResponse(bench, responseWith(ours, 'SIP/2.0/UDP 192.0.2.60:5070;branch=z9hG4bK1')), 'sent');
  const [sent] = bench.to('192.0.2.60', 'udp', 5070).responses;
  assert.deepEqual(sent?.values('via'), ['SIP/2.0/UDP 192.0.2.60:5070;branch=z9hG4bK1']);
});

test('§18.2.2, RFC 3581 §4: received and rport come before sent-by', () => {
  const bench = new ProxyBench();
  const via = 'SIP/2.0/UDP phone.invalid:5070;rport=40000;received=192.0.2.61;branch=z9hG4bK1';
  assert.equal(forwardResponse(bench, responseWith(ours, via)), 'sent');
  assert.equal(bench.to('192.0.2.61', 'udp', 40_000).responses.length, 1);
});

test('§18.2.2: received without rport means the port of sent-by', () => {
  const bench = new ProxyBench();
  forwardResponse(bench, responseWith(ours, 'SIP/2.0/UDP phone.invalid:5070;received=192.0.2.61;branch=z9hG4bK1'));
  assert.equal(bench.to('192.0.2.61', 'udp', 5070).responses.length, 1);
});

test('§18.2.2: maddr comes before both', () => {
  const bench = new ProxyBench();
  const via = 'SIP/2.0/UDP 192.0.2.60;maddr=224.2.0.1;received=192.0.2.61;rport=4;branch=z9hG4bK1';
  forwardResponse(bench, responseWith(ours, via));
  assert.equal(bench.to('224.2.0.1').responses.length, 1);
});

test('§18.2.2: the transport is that of the Via', () => {
  const bench = new ProxyBench();
  forwardResponse(bench, responseWith(ours, 'SIP/2.0/TCP [2001:db8::9];branch=z9hG4bK1'));
  assert.equal(bench.to('2001:db8::9', 'tcp').responses.length, 1);
});

test('§18.2.2, RFC 7118 §5: without a port the default of the transport counts', () => {
  const bench = new ProxyBench();
  const ports = { TLS: 5061, WS: 80, WSS: 443 };
  for (const [transport, port] of Object.entries(ports)) {
    forwardResponse(bench, responseWith(ours, `SIP/2.0/${transport} 192.0.2.63;branch=z9hG4bK1`));
    assert(bench.flows.has(`${transport.toLowerCase()}:192.0.2.63:${port}`));
  }
});

test('RFC 3263 §5: a sent-by that is a name is resolved', () => {
  const bench = new ProxyBench();
  bench.dns.set('edge.example', [{ transport: 'udp', address: '192.0.2.62', port: 5060 }]);
  assert.equal(forwardResponse(bench, responseWith(ours, 'SIP/2.0/UDP edge.example;branch=z9hG4bK1')), 'sent');
  assert.equal(bench.to('192.0.2.62').responses.length, 1);
});

test('§18.1.2: a response whose topmost Via is not ours is dropped', () => {
  const bench = new ProxyBench();
  const foreign = responseWith('SIP/2.0/UDP 192.0.2.99;branch=z9hG4bK1', 'SIP/2.0/UDP 192.0.2.60;branch=z9hG4bK1');
  assert.equal(forwardResponse(bench, foreign), 'failed');
  assert.equal(bench.flows.size, 1);
});

test('§16.7 step 3: a response with our Via alone is dropped, as is one to an unknown transport', () => {
  const bench = new ProxyBench();
  assert.equal(forwardResponse(bench, responseWith(ours)), 'failed');
  assert.equal(forwardResponse(bench, responseWith(ours, 'SIP/2.0/XYZ unknown.example;branch=z9hG4bK1')), 'failed');
});
