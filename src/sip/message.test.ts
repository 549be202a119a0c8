import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from './limits.ts';
import { HeaderField, SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import { isSipError, type SipError } from './sip-error.ts';
import { isSipUri } from './uri.ts';

const invite = [
  'INVITE sip:bob@biloxi.com SIP/2.0',
  'Via: SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1, SIP/2.0/UDP pc33.atlanta.com',
  'v: SIP/2.0/TCP  x ;received=192.0.2.9',
  'Max-Forwards: 70',
  'Route: <sip:p1;lr>,  <sip:p2,a;lr>',
  'To: Bob <sip:bob@biloxi.com>',
  'f: "Alice, \\"A\\"" <sip:alice@atlanta.com>;tag=1928301774',
  'Call-ID: a84b4c76e66710@pc33.atlanta.com',
  'CSeq: 314159 INVITE',
  'Contact: <sip:alice@pc33.atlanta.com>',
  'Supported: Path, gruu',
  'k: 100rel,, ',
  'Allow: INVITE, bye',
  'Content-Length: 4',
  '',
  'body',
];

function request(lines: readonly string[] = invite): SipRequest {
  const message = parseMessage(Buffer.from(lines.join('\r\n'), 'latin1'));
  assert(message instanceof SipRequest, JSON.stringify(message));
  return message;
}

function minimal(...lines: string[]): SipRequest {
  return request(['INVITE sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP x', ...lines, '', '']);
}

function ok<T>(value: T | SipError): T {
  assert(!isSipError(value), JSON.stringify(value));
  return value;
}

function codeOf(value: unknown): string | undefined {
  return isSipError(value) ? value.code : undefined;
}

/** The lines of the head as they go out. */
function sent(message: SipRequest): string[] {
  return message.toBuffer().toString('latin1').split('\r\n').slice(0, -2);
}

test('§7.3.1: one header, several lines and several values are told apart', () => {
  const message = request();
  assert.equal(message.headerLines('via').length, 2);
  assert.equal(message.headerLines('v').length, 2);
  assert.deepEqual(message.values('Via'), [
    'SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1',
    'SIP/2.0/UDP pc33.atlanta.com',
    'SIP/2.0/TCP  x ;received=192.0.2.9',
  ]);
  assert.deepEqual(message.values('route'), ['<sip:p1;lr>', '<sip:p2,a;lr>']);
  assert.deepEqual(message.values('from'), ['"Alice, \\"A\\"" <sip:alice@atlanta.com>;tag=1928301774']);
  assert.deepEqual(message.values('date'), []);
  assert.equal(message.header('date'), undefined);
  assert.equal(message.has('Date'), false);
  assert.equal(message.has('Call-ID'), true);
  assert.equal(message.headerFields().length, 13);
});

test('the typed values are parsed once', () => {
  const message = request();
  assert.equal(ok(message.topVia).host, 'bigbox3.site3.atlanta.com');
  assert.equal(message.topVia, message.topVia);
  assert.deepEqual(
    ok(message.vias).map((via) => via.host),
    ['bigbox3.site3.atlanta.com', 'pc33.atlanta.com', 'x'],
  );
  assert.equal(ok(message.from).tag, '1928301774');
  assert.equal(ok(message.from).displayName, 'Alice, "A"');
  assert.equal(ok(message.to).tag, undefined);
  assert.equal(message.callId, 'a84b4c76e66710@pc33.atlanta.com');
  assert.deepEqual(message.cseq, { number: 314159, method: 'INVITE' });
  assert.equal(message.contacts, message.contacts);
  const contacts = ok(message.contacts);
  assert(contacts !== '*');
  assert.equal(contacts[0]?.uriText, 'sip:alice@pc33.atlanta.com');
  assert.deepEqual(
    ok(message.routes).map((route) => route.uriText),
    ['sip:p1;lr', 'sip:p2,a;lr'],
  );
  assert.deepEqual(message.recordRoutes, []);
  assert.deepEqual(message.path, []);
  assert.equal(message.maxForwards, 70);
  assert.equal(message.contentLength, 4);
  const uri = ok(message.uri);
  assert(isSipUri(uri));
  assert.equal(uri.user, 'bob');
});

test('§19.2: option tags come in lower case, methods as written', () => {
  assert.deepEqual(request().tokens('supported'), ['path', 'gruu', '100rel']);
  assert.deepEqual(request().tokens('Allow'), ['INVITE', 'bye']);
  assert.deepEqual(request().tokens('require'), []);
});

test('decision 25: a missing header is a failure that says so', () => {
  const message = minimal();
  for (const value of [message.from, message.to, message.callId, message.cseq]) {
    assert.equal(codeOf(value), 'SIP_MISSING_HEADER');
  }
  assert.deepEqual(message.contacts, []);
  assert.equal(message.maxForwards, undefined);
  assert.equal(message.contentLength, undefined);
});

test('§20.22: Max-Forwards is 0..255', () => {
  assert.equal(minimal('Max-Forwards: 0').maxForwards, 0);
  assert.equal(minimal('Max-Forwards: 255').maxForwards, 255);
  for (const hops of ['256', '-1', 'x', '']) {
    assert.equal(codeOf(minimal(`Max-Forwards: ${hops}`).maxForwards), 'SIP_BAD_NUMBER');
  }
});

test('§20.8: a Call-ID is printable ASCII without blanks', () => {
  assert.equal(minimal('i: q/w=+!"<>').callId, 'q/w=+!"<>');
  for (const id of ['', 'a b', 'a\u00e9', 'a\u0001'])
    assert.equal(codeOf(minimal(`i: ${id}`).callId), 'SIP_BAD_CALL_ID');
});

test('§20.10: an empty Contact line or place is a failure, not "no contacts"', () => {
  for (const line of ['m:', 'm: <sip:a@b>,', 'm: ,<sip:a@b>', 'm: <sip:a@b>,,<sip:a@c>']) {
    assert.equal(codeOf(minimal(line).contacts), 'SIP_BAD_CONTACT', line);
  }
  assert.equal(codeOf(minimal('m: <sip:a@b>', 'm:').contacts), 'SIP_BAD_CONTACT');
});

test('decision 13: "*" alone in all Contact lines', () => {
  assert.equal(minimal('Contact: *').contacts, '*');
  assert.equal(codeOf(minimal('Contact: *', 'm: <sip:a@b>').contacts), 'SIP_STAR_NOT_ALONE');
});

test('RFC 4475 §3.1.2.1: the top Via is usable though the list of Vias is not', () => {
  const message = request(['INVITE sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.15;;,;,,', '', '']);
  const top = ok(message.topVia);
  assert.equal(top.host, '192.0.2.15');
  assert(top.fault);
  assert(isSipError(message.vias));
});

test('prepend puts a line before the first one of that name, or at the top', () => {
  const message = request();
  message.prepend('Via', 'SIP/2.0/UDP me');
  message.prepend('Record-Route', '<sip:me;lr>');
  assert.deepEqual(sent(message).slice(1, 4), ['Record-Route: <sip:me;lr>', 'Via: SIP/2.0/UDP me', invite[1]]);
  message.prepend('Max-Forwards', '3');
  assert.equal(sent(message).indexOf('Max-Forwards: 3') + 1, sent(message).indexOf('Max-Forwards: 70'));
});

test('append puts a line at the end, spelled as given', () => {
  const message = request();
  message.append('x-OWN', 'a');
  message.append('path', '<sip:me;lr>');
  assert.deepEqual(sent(message).slice(-3), ['Content-Length: 4', 'x-OWN: a', 'Path: <sip:me;lr>']);
  assert.equal(message.header('X-Own'), 'a');
});

test('set replaces all lines by one in the place of the first, remove takes all away', () => {
  const message = request();
  message.set('Supported', 'x');
  assert.deepEqual(message.values('supported'), ['x']);
  assert.equal(sent(message)[10], 'Supported: x');
  message.set('Date', 'now');
  assert.equal(sent(message).at(-1), 'Date: now');
  message.remove('via');
  assert.equal(message.has('via'), false);
  message.remove('nothing');
  assert.equal(codeOf(message.topVia), 'SIP_MISSING_HEADER');
});

test('§16.7 step 3, §16.4: the first value of a list goes, and its line when it is empty', () => {
  const message = request();
  message.removeFirstValue('via');
  assert.equal(sent(message)[1], 'Via: SIP/2.0/UDP pc33.atlanta.com');
  assert.equal(ok(message.topVia).host, 'pc33.atlanta.com');
  message.removeFirstValue('via');
  assert.equal(sent(message)[1], invite[2]);
  message.removeFirstValue('route');
  assert.deepEqual(message.values('route'), ['<sip:p2,a;lr>']);
  message.removeFirstValue('date');
  assert.equal(message.has('date'), false);
});

test('the first value of a list is replaced, the others stay', () => {
  const message = request();
  message.replaceFirstValue('via', 'SIP/2.0/UDP me;received=1.2.3.4');
  assert.equal(sent(message)[1], 'Via: SIP/2.0/UDP me;received=1.2.3.4, SIP/2.0/UDP pc33.atlanta.com');
  message.replaceFirstValue('Date', 'now');
  assert.equal(sent(message)[1], 'Date: now');
});

test('every change is seen by the typed value of that header', () => {
  const message = minimal('From: <sip:a@b>', 'To: <sip:a@b>', 'CSeq: 1 ACK', 'm: <sip:a@b>', 'Route: <sip:a@b>');
  message.append('Record-Route', '<sip:a@b>');
  message.append('Path', '<sip:a@b>');
  const read = () => [
    ok(message.topVia).host,
    ok(message.vias).length,
    ok(message.from).uriText,
    ok(message.to).uriText,
    ok(message.cseq).number,
    ok(message.contacts).length,
    ok(message.routes).length,
    ok(message.recordRoutes).length,
    ok(message.path).length,
    ok(message.uri).text,
  ];
  assert.deepEqual(read(), ['x', 1, 'sip:a@b', 'sip:a@b', 1, 1, 1, 1, 1, 'sip:a@b']);
  message.prepend('Via', 'SIP/2.0/UDP y');
  message.set('From', '<sip:c@d>');
  message.set('To', '<sip:e@f>');
  message.set('CSeq', '2 ACK');
  message.append('Contact', '<sip:c@d>');
  message.append('Route', '<sip:c@d>');
  message.remove('record-route');
  message.replaceFirstValue('path', '<sip:c@d>, <sip:e@f>');
  message.setUri('sip:z');
  assert.deepEqual(read(), ['y', 2, 'sip:c@d', 'sip:e@f', 2, 2, 2, 0, 2, 'sip:z']);
});

test('what is not touched goes out byte for byte, folding and odd spelling included', () => {
  const lines = ['OPTIONS sip:a SIP/2.0', 'vIA : SIP/2.0/UDP x', 'SUBJECT:  a', '\tb ', 'X:', 'l:0', '', ''];
  const message = request(lines);
  message.append('Y', 'z');
  assert.deepEqual(sent(message), [...lines.slice(0, -2), 'Y: z']);
});

test('§20.14: a message that was changed goes out with a right Content-Length', () => {
  const message = request();
  message.body = Buffer.from('longer body');
  assert.match(message.toWire(), /\r\nContent-Length: 11\r\n\r\nlonger body$/);
  const without = minimal();
  without.append('X', 'y');
  assert.match(without.toWire(), /\r\nX: y\r\nContent-Length: 0\r\n\r\n$/);
  const compact = minimal('l: 0', 'Content-Length: 0');
  compact.body = Buffer.from('a');
  assert.deepEqual(sent(compact), ['INVITE sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP x', 'l: 1']);
});

test('no value can add a line, change the start line or be cut to one', () => {
  const message = minimal();
  message.append('X', 'a\r\nEvil: 1');
  message.set('Y', 'a\u010d\u010aEvil: 2');
  message.setUri('sip:a@b SIP/2.0\r\nEvil: 3');
  const again = parseMessage(message.toBuffer());
  assert(!isSipError(again));
  assert.equal(again.has('evil'), false);
});

test('a clone is changed without its original, in head, URI and body', () => {
  const message = request();
  const before = message.toWire();
  ok(message.topVia);
  const copy = message.clone();
  copy.removeFirstValue('via');
  copy.setUri('sip:other');
  copy.body = Buffer.from('x');
  assert.equal(message.toWire(), before);
  assert.equal(ok(message.topVia).host, 'bigbox3.site3.atlanta.com');
  assert.equal(ok(copy.topVia).host, 'pc33.atlanta.com');
  assert.equal(ok(copy.uri).text, 'sip:other');
  assert.equal(request().clone().toWire(), before);
});

test('a response is cloned with status and phrase', () => {
  const response = parseMessage(Buffer.from('SIP/2.0 183 Session Progress\r\nVia: SIP/2.0/UDP x\r\n\r\n'));
  assert(response instanceof SipResponse);
  const copy = response.clone();
  copy.append('X', 'y');
  assert.match(copy.toWire(), /^SIP\/2\.0 183 Session Progress\r\nVia: SIP\/2\.0\/UDP x\r\nX: y\r\n/);
  assert.equal(response.has('x'), false);
});

test('limit maxVias: more Vias are a failure', () => {
  const vias = (count: number) => minimal(...Array<string>(count - 1).fill('v: SIP/2.0/UDP y')).vias;
  assert.equal(ok(vias(limits.maxVias)).length, limits.maxVias);
  assert.equal(codeOf(vias(limits.maxVias + 1)), 'SIP_TOO_MANY');
});

test('limit maxListValues: more routes are a failure', () => {
  const routes = (count: number) => minimal(`Route: ${Array<string>(count).fill('<sip:a>').join(',')}`).routes;
  assert.equal(ok(routes(limits.maxListValues)).length, limits.maxListValues);
  assert.equal(codeOf(routes(limits.maxListValues + 1)), 'SIP_TOO_MANY');
});

test('limit maxContacts: more contacts are a failure', () => {
  const contacts = (count: number) => minimal(`m: ${Array<string>(count).fill('<sip:a@b>').join(',')}`).contacts;
  assert.equal(ok(contacts(limits.maxContacts)).length, limits.maxContacts);
  assert.equal(codeOf(contacts(limits.maxContacts + 1)), 'SIP_TOO_MANY');
});

test('limit maxCallIdBytes: a longer Call-ID is a failure', () => {
  assert.equal(minimal(`i: ${'x'.repeat(limits.maxCallIdBytes)}`).callId, 'x'.repeat(limits.maxCallIdBytes));
  assert.equal(codeOf(minimal(`i: ${'x'.repeat(limits.maxCallIdBytes + 1)}`).callId), 'SIP_TOO_LARGE');
});

test('replaceFields: other lines take the place of all, and typed values are read from them', () => {
  const message = request();
  assert.equal(ok(message.to).uriText, 'sip:bob@biloxi.com');
  const kept = message.headerFields().filter(({ name }) => name !== 'route' && name !== 'to');
  message.replaceFields([...kept, HeaderField.of('To', '<sip:carol@biloxi.com>')]);
  assert.deepEqual(message.routes, []);
  assert.equal(ok(message.to).uriText, 'sip:carol@biloxi.com');
  assert.equal(message.toWire().includes('Route:'), false);
  assert.equal(message.toWire().startsWith('INVITE sip:bob@biloxi.com SIP/2.0\r\nVia: SIP/2.0/UDP bigbox3'), true);
});
