import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse } from '../sip/create-response.ts';
import { SipRequest } from '../sip/message.ts';
import { parseMessage } from '../sip/parser.ts';
import { prepareForStrictRouter } from './forward.ts';
import { looseRoute } from './loose-route.ts';
import { addRecordRoute } from './record-route.ts';
import { listener } from './testing/proxy-bench.ts';

/** The request line and the routing headers, as the examples of RFC 3261 print them. */
function example(line: string, ...headers: string[]): SipRequest {
  const [method = ''] = line.split(' ');
  const text = [
    `${line} SIP/2.0`,
    'Via: SIP/2.0/UDP u1.example.com;branch=z9hG4bK1',
    'From: <sip:caller@u1.example.com>;tag=1',
    `To: <sip:callee@domain.com>${method === 'INVITE' ? '' : ';tag=2'}`,
    'Call-ID: 1@u1.example.com',
    `CSeq: 1 ${method}`,
    ...headers,
    'Content-Length: 0',
  ];
  const message = parseMessage(Buffer.from(`${text.join('\r\n')}\r\n\r\n`));
  assert(message instanceof SipRequest);
  return message;
}

/** What a loose-routing proxy of that name does with a request inside of a dialog, §16.4 and §16.6 step 6. */
function pass(name: string, message: SipRequest): SipRequest {
  const copy = message.clone();
  const { routed } = looseRoute(copy, (host) => host === name);
  assert.equal(routed, true);
  prepareForStrictRouter(copy);
  return copy;
}

function shown(message: SipRequest): { line: string; routes: readonly string[] } {
  return { line: `${message.method} ${message.uriText}`, routes: message.values('route') };
}

function recordRoute(message: SipRequest, host: string): void {
  const own = { ...listener('udp', '192.0.2.1'), advertisedHost: host };
  addRecordRoute(message, own, own, { fromTag: false });
}

test('§16.12.1.1 basic SIP trapezoid: both proxies record-route, the BYE takes the way back by their routes', () => {
  const invite = example('INVITE sip:callee@domain.com', 'Contact: <sip:caller@u1.example.com>');
  recordRoute(invite, 'p1.example.com');
  assert.deepEqual(invite.values('record-route'), ['<sip:p1.example.com;lr>']);
  invite.setUri('sip:callee@u2.domain.com');
  recordRoute(invite, 'p2.domain.com');
  assert.deepEqual(invite.values('record-route'), ['<sip:p2.domain.com;lr>', '<sip:p1.example.com;lr>']);
  // §12.1.1: the callee's 200 carries them back.
  assert.deepEqual(createResponse(invite, 200).values('record-route'), invite.values('record-route'));

  const bye = example('BYE sip:callee@u2.domain.com', 'Route: <sip:p1.example.com;lr>,<sip:p2.domain.com;lr>');
  const afterP1 = pass('p1.example.com', bye);
  assert.deepEqual(shown(afterP1), { line: 'BYE sip:callee@u2.domain.com', routes: ['<sip:p2.domain.com;lr>'] });
  const afterP2 = pass('p2.domain.com', afterP1);
  assert.deepEqual(shown(afterP2), { line: 'BYE sip:callee@u2.domain.com', routes: [] });
});

test('§16.12.1.2 traversing a strict-routing proxy: p3 sees itself in the Request-URI, p4 undoes it', () => {
  const bye = example(
    'BYE sip:callee@u2.domain.com',
    'Route: <sip:p1.example.com;lr>',
    'Route: <sip:p2.example.com;lr>',
    'Route: <sip:p3.middle.com>',
    'Route: <sip:p4.domain.com;lr>',
  );
  const afterP1 = pass('p1.example.com', bye);
  assert.deepEqual(shown(afterP1), {
    line: 'BYE sip:callee@u2.domain.com',
    routes: ['<sip:p2.example.com;lr>', '<sip:p3.middle.com>', '<sip:p4.domain.com;lr>'],
  });

  const afterP2 = pass('p2.example.com', afterP1);
  assert.deepEqual(shown(afterP2), {
    line: 'BYE sip:p3.middle.com',
    routes: ['<sip:p4.domain.com;lr>', '<sip:callee@u2.domain.com>'],
  });

  // p3 routes strictly: it takes the first Route value for the Request-URI.
  const afterP3 = afterP2.clone();
  afterP3.removeFirstValue('route');
  afterP3.setUri('sip:p4.domain.com;lr');
  assert.deepEqual(shown(afterP3), { line: 'BYE sip:p4.domain.com;lr', routes: ['<sip:callee@u2.domain.com>'] });

  const afterP4 = pass('p4.domain.com', afterP3);
  assert.deepEqual(shown(afterP4), { line: 'BYE sip:callee@u2.domain.com', routes: [] });
});

test('§16.12.1.3: two Record-Routes in place of a rewritten one: each side has an address that it can reach', () => {
  const left = { ...listener('udp', '192.0.2.1'), advertisedHost: 'gateway.leftprivatespace.com' };
  const right = { ...listener('udp', '198.51.100.1'), advertisedHost: 'gateway.rightprivatespace.com' };
  const invite = example('INVITE sip:callee@gateway.leftprivatespace.com');
  addRecordRoute(invite, left, right, { fromTag: false });
  const [outgoing, incoming] = invite.values('record-route');
  assert.equal(outgoing, '<sip:gateway.rightprivatespace.com;r2=on;lr>');
  assert.equal(incoming, '<sip:gateway.leftprivatespace.com;r2=on;lr>');

  // The callee's route set is in the order of the header, the caller's is the reverse (§12.1.1, §12.1.2).
  const isGateway = (host: string) => host.startsWith('gateway.');
  const fromCallee = example('BYE sip:caller@u1.leftprivatespace.com', `Route: ${outgoing}, ${incoming}`);
  const toLeft = looseRoute(fromCallee, isGateway);
  assert.equal(toLeft.outgoing?.host, 'gateway.leftprivatespace.com');
  assert.deepEqual(shown(fromCallee), { line: 'BYE sip:caller@u1.leftprivatespace.com', routes: [] });

  const fromCaller = example('BYE sip:callee@u2.rightprivatespace.com', `Route: ${incoming}, ${outgoing}`);
  const toRight = looseRoute(fromCaller, isGateway);
  assert.equal(toRight.outgoing?.host, 'gateway.rightprivatespace.com');
  assert.deepEqual(shown(fromCaller), { line: 'BYE sip:callee@u2.rightprivatespace.com', routes: [] });
});
