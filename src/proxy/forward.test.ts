import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSipError } from '../sip/sip-error.ts';
import { copyForTarget, nextHopUri, prepareForStrictRouter } from './forward.ts';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const bob = targetOf('sip:bob@192.0.2.11');

function hopOf(message: ReturnType<typeof request>, parts: { destination?: string; path?: string } = {}) {
  const uri = nextHopUri(message, { destination: parts.destination, path: parts.path });
  return isSipError(uri) ? uri.code : uri.text;
}

test('§16.6 step 1: what the proxy does not know is copied byte for byte, in its order', () => {
  const bench = new ProxyBench();
  const odd = ['X-Odd:   a  ,b', 'sUpPoRtEd:timer', 'X-Folded: a\r\n  b'];
  bench.relay([bob], {}, request({ method: 'MESSAGE', headers: odd, body: 'æøå' }));
  const wire = bench.to('192.0.2.11').sentBytes[0]?.toString('latin1') ?? '';
  assert(wire.includes('X-Odd:   a  ,b\r\nsUpPoRtEd:timer\r\nX-Folded: a\r\n  b\r\n'), wire);
  assert(wire.endsWith('\r\n\r\næøå'));
});

test('§16.6 step 1: the received request is not changed by its copies', () => {
  const original = request();
  const before = original.toWire();
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@192.0.2.11', { path: '<sip:192.0.2.31;lr>' })], {}, original);
  assert.equal(original.toWire(), before);
});

test('§16.6 step 2: the Request-URI is the target', () => {
  assert.equal(copyForTarget(request(), bob, true).uriText, 'sip:bob@192.0.2.11');
});

test('§16.6 step 3: Max-Forwards is one less, or as it is when a route has counted', () => {
  assert.equal(copyForTarget(request(), bob, true).maxForwards, 69);
  assert.equal(copyForTarget(request(), bob, false).maxForwards, 70);
  assert.equal(copyForTarget(request({ maxForwards: undefined }), bob, true).maxForwards, 70);
});

test('RFC 3327 §5.3: the Path of a binding goes in front of the routes', () => {
  const target = targetOf('sip:bob@192.0.2.11', { path: '<sip:edge.example;lr>,<sip:core.example;lr>' });
  const copy = copyForTarget(request({ headers: ['Route: <sip:p9.example;lr>'] }), target, true);
  assert.deepEqual(copy.values('route'), ['<sip:edge.example;lr>', '<sip:core.example;lr>', '<sip:p9.example;lr>']);
});

test('§16.6 step 6: a loose first Route changes nothing', () => {
  const message = request({ headers: ['Route: <sip:p2.example;lr>'] });
  prepareForStrictRouter(message);
  assert.equal(message.uriText, 'sip:bob@example.org');
  assert.deepEqual(message.values('route'), ['<sip:p2.example;lr>']);
});

test('§16.6 step 6: a strict first Route becomes the Request-URI, which goes to the end of the Route', () => {
  const message = request({ headers: ['Route: <sip:p3.example>, <sip:p4.example;lr>', 'Route: <sip:p5.example;lr>'] });
  prepareForStrictRouter(message);
  assert.equal(message.uriText, 'sip:p3.example');
  assert.deepEqual(message.values('route'), ['<sip:p4.example;lr>', '<sip:p5.example;lr>', '<sip:bob@example.org>']);
});

test('§16.6 step 7: Path, then destination, then Route, then Request-URI decide the next hop', () => {
  const routed = request({ headers: ['Route: <sip:p2.example;lr>'] });
  assert.equal(hopOf(request()), 'sip:bob@example.org');
  assert.equal(hopOf(routed), 'sip:p2.example;lr');
  assert.equal(hopOf(routed, { destination: 'sip:192.0.2.9' }), 'sip:192.0.2.9');
  assert.equal(hopOf(routed, { destination: 'sip:192.0.2.9', path: '<sip:p2.example;lr>' }), 'sip:p2.example;lr');
});

test('§16.6 step 7: behind a strict router the next hop is in the Request-URI, also when its Route is strict again', () => {
  const message = request({ headers: ['Route: <sip:p3.example>, <sip:p4.example>'] });
  prepareForStrictRouter(message);
  assert.equal(hopOf(message), 'sip:p3.example');
});

test('§16.6 step 7: a tel URI needs a Route or a destination', () => {
  assert.equal(hopOf(request({ uri: 'tel:+15551234' })), 'SIP_UNSUPPORTED_SCHEME');
  assert.equal(hopOf(request({ uri: 'tel:+15551234' }), { destination: 'sip:192.0.2.9' }), 'sip:192.0.2.9');
  assert.equal(hopOf(request(), { destination: 'sip:[' }), 'SIP_BAD_URI');
});

test('§16.6 step 8: our Via is on top, with the magic cookie and rport (RFC 3581)', () => {
  const bench = new ProxyBench();
  bench.relay([bob]);
  const [ours, callers, ...more] = bench.to('192.0.2.11').requests[0]?.values('via') ?? [];
  assert.match(ours ?? '', /^SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bK[^;]+;rport$/);
  assert.equal(callers, 'SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bKcaller1');
  assert.deepEqual(more, []);
});

test('§16.6 step 8: over IPv6 the Via has its brackets', () => {
  const bench = new ProxyBench();
  bench.relay([targetOf('sip:bob@[2001:db8::7]')]);
  assert.match(bench.to('2001:db8::7').requests[0]?.values('via')[0] ?? '', /^SIP\/2\.0\/UDP \[2001:db8::1\]:5060;/);
});

test('§16.6 step 9: a copy without Content-Length gets one', () => {
  const bench = new ProxyBench();
  const message = request({ method: 'MESSAGE', body: 'hi' });
  message.remove('content-length');
  bench.relay([targetOf('sip:bob@192.0.2.11;transport=tcp')], {}, message);
  assert.equal(bench.to('192.0.2.11', 'tcp').requests[0]?.contentLength, 2);
});

test('the length of a request is known without building it', () => {
  for (const parts of [{}, { method: 'MESSAGE', body: 'hello' }, { headers: ['X-Folded: a\r\n b'] }]) {
    const message = request(parts);
    assert.equal(message.wireLength, message.toBuffer().length);
    message.remove('content-length');
    assert.equal(message.wireLength, message.toBuffer().length);
  }
});
