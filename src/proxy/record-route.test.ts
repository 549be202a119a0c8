import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Listener } from '../transport/flow.ts';
import { addRecordRoute, type RecordRouteOptions } from './record-route.ts';
import { listener, type RequestText, request } from './testing/proxy-bench.ts';

const udp = listener('udp');

function recorded(
  options: RecordRouteOptions = {},
  outgoing: Listener = udp,
  incoming: Listener = udp,
  parts: RequestText = {},
): readonly string[] {
  const message = request(parts);
  addRecordRoute(message, incoming, outgoing, options);
  return message.values('record-route');
}

test('§16.6 step 4: the Record-Route names the listener and has lr; ftag is the From tag', () => {
  assert.deepEqual(recorded(), ['<sip:192.0.2.1;ftag=a1;lr>']);
});

test('§16.6 step 4: it goes in front of the Record-Routes that are there', () => {
  const before = { headers: ['Record-Route: <sip:p1.example.com;lr>'] };
  assert.deepEqual(recorded({}, udp, udp, before), ['<sip:192.0.2.1;ftag=a1;lr>', '<sip:p1.example.com;lr>']);
});

test('§16.6 step 4: a port that is not the default is written', () => {
  const other = listener('udp', '192.0.2.1', 5080);
  assert.deepEqual(recorded({ fromTag: false }, other, other), ['<sip:192.0.2.1:5080;lr>']);
});

test('§16.6 step 4: a transport other than UDP is written', () => {
  const tcp = listener('tcp');
  assert.deepEqual(recorded({ fromTag: false }, tcp, tcp), ['<sip:192.0.2.1;transport=tcp;lr>']);
});

test('an IPv6 listener is written in brackets', () => {
  const six = listener('udp', '2001:db8::1');
  assert.deepEqual(recorded({ fromTag: false }, six, six), ['<sip:[2001:db8::1];lr>']);
});

test('enable_double_rr: a change of transport puts two entries, the outgoing one first, both with r2=on', () => {
  assert.deepEqual(recorded({ fromTag: false }, listener('tcp'), udp), [
    '<sip:192.0.2.1;transport=tcp;r2=on;lr>',
    '<sip:192.0.2.1;r2=on;lr>',
  ]);
});

test('enable_double_rr: a change of address family puts two entries', () => {
  assert.deepEqual(recorded({}, listener('udp', '2001:db8::1'), udp), [
    '<sip:[2001:db8::1];r2=on;ftag=a1;lr>',
    '<sip:192.0.2.1;r2=on;ftag=a1;lr>',
  ]);
});

test('enable_double_rr=0: one entry, that of the outgoing side', () => {
  assert.deepEqual(recorded({ double: false, fromTag: false }, listener('tcp'), udp), [
    '<sip:192.0.2.1;transport=tcp;lr>',
  ]);
});

test('enable_full_lr=1 writes lr=on', () => {
  assert.deepEqual(recorded({ fullLr: true }), ['<sip:192.0.2.1;ftag=a1;lr=on>']);
});

test('add_username puts the user part, add_rr_param its parameters', () => {
  assert.deepEqual(recorded({ user: 'bob', parameters: ';nat=yes' }), ['<sip:bob@192.0.2.1;ftag=a1;nat=yes;lr>']);
});

test('record_route_preset writes the given host, once', () => {
  assert.deepEqual(recorded({ preset: 'sip.example.org:5070' }, listener('tcp'), udp), [
    '<sip:sip.example.org:5070;ftag=a1;lr>',
  ]);
});

test('§16.6 step 4: a SIPS Request-URI gets a SIPS Record-Route', () => {
  const tls = listener('tls', '192.0.2.1', 5061);
  assert.deepEqual(recorded({ fromTag: false }, tls, tls, { uri: 'sips:bob@example.org' }), ['<sips:192.0.2.1;lr>']);
  assert.deepEqual(recorded({ fromTag: false, preset: 'example.org' }, tls, tls, { uri: 'SIPS:bob@example.org' }), [
    '<sips:example.org;lr>',
  ]);
});

test('§16.6 step 4: a SIPS URI in the topmost Route gets one too', () => {
  const tls = listener('tls', '192.0.2.1', 5061);
  const parts = { headers: ['Route: <sips:p2.example.com;lr>'] };
  assert.deepEqual(recorded({ fromTag: false }, tls, tls, parts), ['<sips:192.0.2.1;lr>']);
});

test('§25.1: characters of a tag that a URI parameter cannot have are escaped', () => {
  const message = request();
  message.set('From', '<sip:alice@example.com>;tag=a%1`2');
  addRecordRoute(message, udp, udp, {});
  assert.deepEqual(message.values('record-route'), ['<sip:192.0.2.1;ftag=a%251%602;lr>']);
});

test('a From without a tag leaves ftag out', () => {
  const message = request();
  message.set('From', '<sip:alice@example.com>');
  addRecordRoute(message, udp, udp, {});
  assert.deepEqual(message.values('record-route'), ['<sip:192.0.2.1;lr>']);
});
