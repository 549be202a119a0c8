import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerRequest } from './phone.ts';

function answer(request: string): string {
  const from = Buffer.from(`..${request}`, 'latin1');
  const into = Buffer.alloc(2048);
  const length = answerRequest(from, 2, from.length - 2, into, 3);
  return into.toString('latin1', 3, 3 + length);
}

test('RFC 3261 §8.2.6.2: Vias, Record-Route, From, To with a tag, Call-ID and CSeq go back, nothing else does', () => {
  const got = answer(
    [
      'MESSAGE sip:u1@127.0.0.1:40000 SIP/2.0',
      'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKp.1',
      'Via: SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bK-1000000000;rport=40000',
      'Record-Route: <sip:127.0.0.1;lr>',
      'Max-Forwards: 69',
      'From: <sip:caller@127.0.0.1>;tag=abc',
      'To: <sip:u1@127.0.0.1>',
      'Call-ID: x@127.0.0.1',
      'CSeq: 1000000000 MESSAGE',
      'Contact: <sip:a@b>',
      'Content-Type: text/plain',
      'Content-Length: 2',
      '',
      'hi',
    ].join('\r\n'),
  );
  assert.equal(
    got,
    [
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKp.1',
      'Via: SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bK-1000000000;rport=40000',
      'Record-Route: <sip:127.0.0.1;lr>',
      'From: <sip:caller@127.0.0.1>;tag=abc',
      'To: <sip:u1@127.0.0.1>;tag=phone',
      'Call-ID: x@127.0.0.1',
      'CSeq: 1000000000 MESSAGE',
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n'),
  );
});

test('RFC 3261 §7.3.3: compact names go back too, and Supported is not taken for something else', () => {
  const got = answer(
    'MESSAGE sip:a SIP/2.0\r\nv: 1\r\nf: 2\r\nt: 3\r\ni: 4\r\nCSeq: 5 MESSAGE\r\nk: path\r\nc: x\r\nl: 0\r\n\r\n',
  );
  assert.equal(
    got,
    'SIP/2.0 200 OK\r\nv: 1\r\nf: 2\r\nt: 3;tag=phone\r\ni: 4\r\nCSeq: 5 MESSAGE\r\nContent-Length: 0\r\n\r\n',
  );
});

test('bytes without the end of a head are not answered', () => {
  assert.equal(answer('MESSAGE sip:a SIP/2.0\r\nVia: 1\r\n'), '');
  assert.equal(answer(''), '');
});
