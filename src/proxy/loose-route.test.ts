import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looseRoute } from './loose-route.ts';
import { type RequestText, request } from './testing/proxy-bench.ts';

const isOurs = (host: string, port: number | undefined) =>
  ['192.0.2.1', 'proxy.example.org', '[2001:db8::1]'].includes(host) && (port === undefined || port === 5060);

function route(parts: RequestText) {
  const message = request({ method: 'BYE', ...parts });
  const result = looseRoute(message, isOurs);
  return { ...result, uri: message.uriText, routes: message.values('route') };
}

test('loose_route 1: a request without Route is not routed', () => {
  const { routed, inDialog, nextHop } = route({ toTag: 'b1' });
  assert.deepEqual({ routed, inDialog, nextHop }, { routed: false, inDialog: true, nextHop: undefined });
});

test('§16.4: our own entry is removed, the next one is the next hop and stays', () => {
  const result = route({ toTag: 'b1', headers: ['Route: <sip:192.0.2.1;ftag=a1;lr>, <sip:p2.example.com;lr>'] });
  assert.equal(result.routed, true);
  assert.equal(result.nextHop, 'sip:p2.example.com;lr');
  assert.deepEqual(result.routes, ['<sip:p2.example.com;lr>']);
  assert.equal(result.own?.params.get('ftag'), 'a1');
  assert.equal(result.uri, 'sip:bob@example.org');
});

test('loose_route 3: only our entry, in a dialog: routed to the Request-URI', () => {
  const result = route({ toTag: 'b1', uri: 'sip:bob@192.0.2.60', headers: ['Route: <sip:192.0.2.1;lr>'] });
  assert.equal(result.routed, true);
  assert.equal(result.nextHop, undefined);
  assert.deepEqual(result.routes, []);
});

test('loose_route 3: only our entry, outside a dialog: an initial request, not routed', () => {
  const result = route({ method: 'INVITE', headers: ['Route: <sip:192.0.2.1;lr>'] });
  assert.equal(result.routed, false);
  assert.equal(result.inDialog, false);
  assert.deepEqual(result.routes, []);
});

test('loose_route 3: both entries of a double Record-Route are removed; the second names the outgoing side', () => {
  const result = route({
    toTag: 'b1',
    headers: ['Route: <sip:192.0.2.1;r2=on;lr>', 'Route: <sip:[2001:db8::1];r2=on;lr>, <sip:p2.example.com;lr>'],
  });
  assert.deepEqual(result.routes, ['<sip:p2.example.com;lr>']);
  assert.equal(result.outgoing?.host, '[2001:db8::1]');
});

test('loose_route 3: a second entry of ours without r2 stays: the request spirals on purpose', () => {
  const result = route({ toTag: 'b1', headers: ['Route: <sip:192.0.2.1;lr>, <sip:proxy.example.org;lr>'] });
  assert.equal(result.nextHop, 'sip:proxy.example.org;lr');
  assert.equal(result.outgoing, undefined);
});

test('loose_route 4: a foreign first entry stays and decides the next hop', () => {
  const result = route({ headers: ['Route: <sip:p9.example.net;lr>'] });
  assert.equal(result.routed, true);
  assert.equal(result.inDialog, false);
  assert.equal(result.own, undefined);
  assert.deepEqual(result.routes, ['<sip:p9.example.net;lr>']);
});

test('loose_route: an entry with our host and another port is foreign', () => {
  const result = route({ toTag: 'b1', headers: ['Route: <sip:192.0.2.1:5080;lr>'] });
  assert.equal(result.own, undefined);
  assert.equal(result.nextHop, 'sip:192.0.2.1:5080;lr');
});

test('§16.4: a Request-URI of ours comes from a strict router: the last Route value is the Request-URI', () => {
  const result = route({
    toTag: 'b1',
    uri: 'sip:192.0.2.1;ftag=a1;lr',
    headers: ['Route: <sip:p2.example.com;lr>, <sip:callee@u2.example.org>'],
  });
  assert.equal(result.uri, 'sip:callee@u2.example.org');
  assert.deepEqual(result.routes, ['<sip:p2.example.com;lr>']);
  assert.equal(result.nextHop, 'sip:p2.example.com;lr');
  assert.equal(result.own?.params.get('ftag'), 'a1');
});

test('§16.4: after a strict router the second entry of our double Record-Route is removed too', () => {
  const result = route({
    toTag: 'b1',
    uri: 'sip:192.0.2.1;r2=on;lr',
    headers: ['Route: <sip:[2001:db8::1];r2=on;lr>, <sip:callee@u2.example.org>'],
  });
  assert.equal(result.uri, 'sip:callee@u2.example.org');
  assert.deepEqual(result.routes, []);
  assert.equal(result.outgoing?.host, '[2001:db8::1]');
  assert.equal(result.routed, true);
});

test('§16.4: a strict router that loses our lr is known by the Request-URI without a user, in a dialog', () => {
  const result = route({ toTag: 'b1', uri: 'sip:192.0.2.1', headers: ['Route: <sip:callee@u2.example.org>'] });
  assert.equal(result.uri, 'sip:callee@u2.example.org');
  assert.deepEqual(result.routes, []);
});

test('a user of our domain in the Request-URI is no sign of a strict router', () => {
  const result = route({
    toTag: 'b1',
    uri: 'sip:bob@proxy.example.org',
    headers: ['Route: <sip:192.0.2.1;lr>, <sip:p2.example.com;lr>'],
  });
  assert.equal(result.uri, 'sip:bob@proxy.example.org');
});

test('§16.4: a Request-URI of ours with nothing but our own entry has no target: not routed', () => {
  const result = route({ toTag: 'b1', uri: 'sip:192.0.2.1;lr', headers: ['Route: <sip:192.0.2.1;lr>'] });
  assert.equal(result.routed, false);
});

test('a Route that cannot be read is said so and left alone', () => {
  const result = route({ toTag: 'b1', headers: ['Route: <sip:p2.example.com'] });
  assert.equal(result.routed, false);
  assert.equal(result.problem?.statusHint, 400);
  assert.equal(result.routes.length, 1);
});
