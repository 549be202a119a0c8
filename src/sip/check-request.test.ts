import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkRequest, checkResponse } from './check-request.ts';
import { SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import type { RequestRefusal } from './request-refusal.ts';
import { isSipError } from './sip-error.ts';

const register = `REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnashds7;rport
Max-Forwards: 70
To: Bob <sip:bob@example.com>
From: Bob <sip:bob@example.com>;tag=456248
Call-ID: 843817637684230@998sdasdh09
CSeq: 1826 REGISTER
Contact: <sip:bob@192.0.2.4>
Expires: 7200
Content-Length: 0

`;

const ok = `SIP/2.0 200 OK
Via: SIP/2.0/UDP proxy.example.com;branch=z9hG4bK1
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2
To: <sip:bob@example.com>;tag=1
From: <sip:alice@example.com>;tag=2
Call-ID: a
CSeq: 1 INVITE
Content-Length: 0

`;

function parse(text: string): SipRequest | SipResponse {
  const message = parseMessage(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
  assert.ok(!isSipError(message));
  return message;
}

/** The refusal of the REGISTER above with one part replaced. */
function refusalWith(part: string, replacement: string): RequestRefusal | undefined {
  assert.ok(register.includes(part));
  const request = parse(register.replace(part, replacement));
  assert.ok(request instanceof SipRequest);
  return checkRequest(request);
}

function errorWith(part: string, replacement: string): string | undefined {
  assert.ok(ok.includes(part));
  const response = parse(ok.replace(part, replacement));
  assert.ok(response instanceof SipResponse);
  return checkResponse(response)?.code;
}

describe('checkRequest (RFC 3261 §8.2, §16.3)', () => {
  const accepted: readonly (readonly [title: string, part: string, replacement: string])[] = [
    ['a REGISTER as it should be', '', ''],
    ['§7.3.3: compact forms', 'To: Bob', 't: Bob'],
    ['§7.1: the version has no case', 'SIP/2.0\nVia', 'sip/2.0\nVia'],
    ['§16.3 item 3: a request without Max-Forwards', 'Max-Forwards: 70\n', ''],
    ['§20.22: Max-Forwards of 0 is for the proxy', 'Max-Forwards: 70', 'Max-Forwards: 0'],
    ['§8.1.1.3: From without a tag, as RFC 2543 sent it', ';tag=456248', ''],
    ['§8.1.1.7: a branch without the magic cookie', 'z9hG4bKnashds7', '1'],
    ['§8.1.1.7: no branch at all', ';branch=z9hG4bKnashds7', ''],
    ['§16.3 item 1: a Date that is none', 'Expires: 7200', 'Date: tomorrow'],
    ['§16.3 item 1: a Contact that is none, which the registrar explains', '<sip:bob@192.0.2.4>', '<sip:bob@192.0.2.4'],
    ['§16.3 item 1: an Expires that is no number', '7200', 'Thu, 01 Dec 1994 16:00:00 GMT'],
    ['§16.3 item 1: several Expires', 'Expires: 7200', 'Expires: 7200\nExpires: 60'],
    ['§18.2.2: several Vias', 'Via:', 'Via: SIP/2.0/UDP p.example.com;branch=z9hG4bK1\nVia:'],
    ['RFC 3966: a tel URI', 'sip:example.com SIP', 'tel:+15551234 SIP'],
    ['§19.1.1: a sips URI with parameters', 'sip:example.com SIP', 'sips:bob@example.com:5061;transport=tcp SIP'],
    ['§20.34: a Route', 'Expires: 7200', 'Route: <sip:p.example.com;lr>, <sip:q.example.com>'],
    ['§18.3: equal Content-Lengths', 'Content-Length: 0', 'Content-Length: 0\nl: 00'],
    ['§20.14: no Content-Length in a datagram', 'Content-Length: 0\n', ''],
  ];
  for (const [title, part, replacement] of accepted) {
    it(`${title}: may be served`, () => assert.equal(refusalWith(part, replacement), undefined));
  }

  const refused: readonly (readonly [
    title: string,
    part: string,
    replacement: string,
    status: number,
    reason: string,
  ])[] = [
    ['§8.1.1.2: without To', 'To: Bob <sip:bob@example.com>\n', '', 400, 'Missing To header field'],
    ['§8.1.1.3: without From', 'From:', 'X-From:', 400, 'Missing From header field'],
    ['§8.1.1.4: without Call-ID', 'Call-ID:', 'X-Call-ID:', 400, 'Missing Call-ID header field'],
    ['§8.1.1.5: without CSeq', 'CSeq:', 'X-CSeq:', 400, 'Missing CSeq header field'],
    ['§7.3.1: two To', 'To: Bob', 'To: <sip:a@b>\nTo: Bob', 400, 'Multiple To header fields'],
    ['§7.3.1: two From', 'To: Bob', 'f: <sip:a@b>\nTo: Bob', 400, 'Multiple From header fields'],
    ['§7.3.1: two Call-ID, one compact', 'To: Bob', 'i: a\nTo: Bob', 400, 'Multiple Call-ID header fields'],
    ['§7.3.1: two CSeq', 'To: Bob', 'CSeq: 1826 REGISTER\nTo: Bob', 400, 'Multiple CSeq header fields'],
    ['§7.3.1: two Max-Forwards', 'To: Bob', 'Max-Forwards: 5\nTo: Bob', 400, 'Multiple Max-Forwards header fields'],
    ['§7.1: another version', 'SIP/2.0\nVia', 'SIP/3.0\nVia', 505, 'Version Not Supported'],
    [
      '§8.2.2.1: a scheme that is not for requests',
      'sip:example.com SIP',
      'http://example.com/ SIP',
      416,
      'Unsupported URI Scheme',
    ],
    ['§8.2.2.1: a scheme nobody knows', 'sip:example.com SIP', 'foo:bar SIP', 416, 'Unsupported URI Scheme'],
    ['§19.1.1: no host', 'sip:example.com SIP', 'sip: SIP', 400, 'The host of the URI is missing or malformed'],
    ['§19.1.1: headers', 'sip:example.com SIP', 'sip:example.com?a=b SIP', 400, 'Header fields in Request-URI'],
    ['§20.42: a Via without a host', '192.0.2.1:5060', ';x', 400, 'The host of Via is missing or malformed'],
    ['§8.1.1.7: an empty branch identifier', 'z9hG4bKnashds7', 'z9hG4bK', 400, 'Empty branch identifier'],
    ['§20.39: a To that is no address', 'To: Bob <sip:bob@example.com>', 'To: Bob', 400, 'There is no URI'],
    ['§20.39: a To URI that is none', 'To: Bob <sip:bob@example.com>', 'To: <sip:>', 400, 'Malformed To URI'],
    ['§20.20: a From URI that is none', 'From: Bob <sip:bob@example.com>', 'From: <sip:>', 400, 'Malformed From URI'],
    ['§20.8: an empty Call-ID', '843817637684230@998sdasdh09', '', 400, 'Call-ID is empty'],
    ['§20.16: a CSeq without a number', '1826 REGISTER', 'REGISTER', 400, 'CSeq has no sequence number'],
    ['§8.1.1.5: a number of 2^31', '1826', '2147483648', 400, 'The number in CSeq is not less than 2^31'],
    [
      'decision 25: another method in CSeq',
      '1826 REGISTER',
      '1826 register',
      400,
      'CSeq method differs from request method',
    ],
    [
      '§20.22: Max-Forwards of 256',
      'Max-Forwards: 70',
      'Max-Forwards: 256',
      400,
      'Max-Forwards is no number from 0 to 255',
    ],
    ['§20.34: a Route that is no address', 'Expires: 7200', 'Route: <sip:p.example.com', 400, '"<" without ">"'],
    ['§20.34: a Route URI that is none', 'Expires: 7200', 'Route: <sip:>', 400, 'Malformed Route URI'],
    [
      '§18.3: a body that is too short',
      'Content-Length: 0',
      'Content-Length: 1',
      400,
      'The body is shorter than Content-Length says',
    ],
    ['§25.1: a line that is no header', 'Expires: 7200', 'Expires 7200', 400, 'A line of the head is no header'],
  ];
  for (const [title, part, replacement, status, reason] of refused) {
    it(`${title}: ${status} ${reason}`, () => {
      assert.deepEqual(refusalWith(part, replacement), { status, reason, headers: [] });
    });
  }
});

describe('checkResponse (RFC 3261 §18.1.2)', () => {
  it('a response as it should be is passed on', () => assert.equal(errorWith('', ''), undefined));

  const discarded: readonly (readonly [title: string, part: string, replacement: string, code: string])[] = [
    ['without To', 'To:', 'X-To:', 'SIP_MISSING_HEADER'],
    ['without From', 'From:', 'X-From:', 'SIP_MISSING_HEADER'],
    ['without Call-ID', 'Call-ID:', 'X-Call-ID:', 'SIP_MISSING_HEADER'],
    ['without CSeq', 'CSeq:', 'X-CSeq:', 'SIP_MISSING_HEADER'],
    ['with a CSeq that is none', '1 INVITE', 'INVITE', 'SIP_BAD_CSEQ'],
    ['with a top Via that is none', 'SIP/2.0/UDP proxy', 'SIP/2.0 proxy', 'SIP_BAD_VIA'],
    ['with a second Via that is none', '192.0.2.1;', '192.0.2.1;;', 'SIP_BAD_PARAMETER'],
    ['with a body that is too short', 'Content-Length: 0', 'Content-Length: 1', 'SIP_TRUNCATED'],
  ];
  for (const [title, part, replacement, code] of discarded) {
    it(`a response ${title} is dropped: ${code}`, () => assert.equal(errorWith(part, replacement), code));
  }

  for (const host of ['255.255.255.255', '224.0.0.1', '239.255.255.255:5060', '[ff02::1]', '[FF0E::1]:5060']) {
    it(`RFC 4475 §3.3.10: a response that would go on to ${host} is dropped`, () => {
      assert.equal(errorWith('192.0.2.1', host), 'SIP_BAD_VIA');
    });
  }
  for (const host of ['192.0.2.1;received=255.255.255.255', '192.0.2.1;received=ff02::1']) {
    it(`RFC 4475 §3.3.10: so is one with ${host}`, () => assert.equal(errorWith('192.0.2.1', host), 'SIP_BAD_VIA'));
  }
  for (const host of [
    '255.255.255.255;received=192.0.2.1',
    '223.255.255.255',
    '240.0.0.1',
    'ff.example.com',
    '[fe80::1]',
  ]) {
    it(`a response that goes on to ${host} is not a broadcast`, () =>
      assert.equal(errorWith('192.0.2.1', host), undefined));
  }
});
