import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReply, sequenceOf } from './reply.ts';
import { type RequestKind, RequestTemplate } from './request-template.ts';

const parties = { transport: 'UDP', serverPort: 5060, clientPort: 40000, salt: 'abc' } as const;
const kinds: readonly RequestKind[] = ['initial', 'refresh', 'query', 'remove', 'redirect', 'message'];

function textOf(kind: RequestKind, user: number, sequence: number): string {
  const template = new RequestTemplate(kind, parties);
  const bytes = Buffer.alloc(template.length + 8);
  template.lay(bytes, 8);
  template.patch(bytes, 8, 99_999_999, 1_999_999_999);
  template.patch(bytes, 8, user, sequence);
  return bytes.toString('latin1', 8);
}

for (const kind of kinds) {
  test(`RFC 3261 §8.1.1: ${kind} has the mandatory headers, and a body as long as Content-Length says`, () => {
    const [head = '', body = ''] = textOf(kind, 42, 1_000_000_007).split('\r\n\r\n');
    const lines = head.split('\r\n');
    for (const name of ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq']) {
      assert.equal(lines.filter((line) => line.startsWith(`${name}: `)).length, 1, name);
    }
    assert.equal(lines.at(-1), `Content-Length: ${body.length}`);
  });

  test(`${kind}: user and number stand everywhere they belong, nothing is left of the placeholders`, () => {
    const text = textOf(kind, 42, 1_000_000_007);
    assert.match(text, /^To: <sip:u00000042@127\.0\.0\.1>\r$/m);
    assert.match(text, /;branch=z9hG4bK-1000000007;rport\r$/m);
    assert.match(text, /^CSeq: 1000000007 [A-Z]+\r$/m);
    assert.doesNotMatch(text, /99999999|1999999999|UUUU|NNNN|TTTT/);
  });
}

test('RFC 3261 §10.2: all registrations of a user have one Call-ID, so that the CSeq orders them', () => {
  const callId = (kind: RequestKind, sequence: number) => /^Call-ID: (.*)\r$/m.exec(textOf(kind, 7, sequence))?.[1];
  assert.equal(callId('initial', 1_000_000_001), 'abc-00000007@127.0.0.1');
  for (const kind of ['refresh', 'query', 'remove'] as const) {
    assert.equal(callId(kind, 1_000_000_002), 'abc-00000007@127.0.0.1');
  }
  assert.notEqual(callId('message', 1_000_000_001), callId('message', 1_000_000_002));
});

test('RFC 3261 §10.2.2: remove names the contact of the initial REGISTER, a query names none', () => {
  const contact = (kind: RequestKind) => /^Contact: (.*)\r$/m.exec(textOf(kind, 7, 1_000_000_001))?.[1];
  assert.equal(contact('initial'), '<sip:u00000007@127.0.0.1:40000>');
  assert.equal(contact('refresh'), contact('initial'));
  assert.equal(contact('remove'), `${contact('initial')};expires=0`);
  assert.equal(contact('query'), undefined);
});

test('a request is not taken for a reply, and its number is found where a reply carries it back', () => {
  for (const kind of kinds) {
    const bytes = Buffer.from(textOf(kind, 1, 1_234_567_890), 'latin1');
    assert.equal(isReply(bytes, 0), false);
    assert.equal(sequenceOf(bytes, 0, bytes.length), 1_234_567_890);
  }
});
