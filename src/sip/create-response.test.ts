import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequest } from './create-request.ts';
import { createResponse } from './create-response.ts';
import { SipRequest } from './message.ts';
import { parseMessage } from './parser.ts';
import { reasonPhrase } from './reason-phrases.ts';

function request(method = 'INVITE', to = 'To: <sip:a@b>'): SipRequest {
  const lines = [
    `${method} sip:a@b SIP/2.0`,
    'Record-Route: <sip:p;lr>',
    'v:  SIP/2.0/UDP x;branch=z9hG4bK1 ,',
    ' SIP/2.0/UDP y',
    'X-Other: 1',
    'CALL-ID: 1@x',
    to,
    'Timestamp: 54',
    'f: "A" <sip:a@b>;tag=1',
    `CSeq: 1 ${method}`,
    '',
    '',
  ];
  const message = parseMessage(Buffer.from(lines.join('\r\n')));
  assert(message instanceof SipRequest);
  return message;
}

test('§8.2.6.2: Via, From, To, Call-ID and CSeq are copied byte for byte, in the order of the request', () => {
  assert.equal(
    createResponse(request(), 486, undefined, { toTag: 't', headers: [['Retry-After', '5']] }).toWire(),
    [
      'SIP/2.0 486 Busy Here',
      'v:  SIP/2.0/UDP x;branch=z9hG4bK1 ,',
      ' SIP/2.0/UDP y',
      'CALL-ID: 1@x',
      'To: <sip:a@b>;tag=t',
      'f: "A" <sip:a@b>;tag=1',
      'CSeq: 1 INVITE',
      'Retry-After: 5',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
});

test('§8.2.6.2: a To with a tag stays as it is, and a 100 gets none', () => {
  const tagged = createResponse(request('INVITE', 'To: <sip:a@b> ;TAG=old'), 200, 'OK', { toTag: 'new' });
  assert.equal(tagged.header('to'), '<sip:a@b> ;TAG=old');
  assert.equal(createResponse(request(), 100, 'Trying', { toTag: 'new' }).header('to'), '<sip:a@b>');
  assert.equal(createResponse(request(), 200).header('to'), '<sip:a@b>');
});

test('a To that cannot be understood is echoed', () => {
  const response = createResponse(request('INVITE', 'To: "x <sip:a@b>'), 400, undefined, { toTag: 't' });
  assert.equal(response.header('to'), '"x <sip:a@b>');
});

test('§8.2.6.1: a 100 carries the Timestamp, no other response does', () => {
  assert.equal(createResponse(request(), 100).header('timestamp'), '54');
  assert.equal(createResponse(request(), 180).header('timestamp'), undefined);
});

test('§12.1.1: Record-Route goes into what can set up a dialog, §10.3: never into a reply to REGISTER', () => {
  assert.equal(createResponse(request(), 180).header('record-route'), '<sip:p;lr>');
  assert.equal(createResponse(request(), 200).header('record-route'), '<sip:p;lr>');
  assert.equal(createResponse(request(), 100).header('record-route'), undefined);
  assert.equal(createResponse(request(), 404).header('record-route'), undefined);
  assert.equal(createResponse(request('REGISTER'), 200).header('record-route'), undefined);
});

test('§20.14, §20.15: a body comes with its type and its length', () => {
  const body = Buffer.from([0, 255, 13, 10]);
  const response = createResponse(request(), 200, 'OK', { body, contentType: 'application/x' });
  const again = parseMessage(response.toBuffer());
  assert(!('offset' in again));
  assert.deepEqual(again.body, body);
  assert.equal(again.header('content-type'), 'application/x');
  assert.equal(again.contentLength, 4);
});

test('§7.2: the phrase is one line', () => {
  assert.match(createResponse(request(), 400, 'a\r\nEvil: 1').toWire(), /^SIP\/2\.0 400 a {2}Evil: 1\r\n/);
});

test('§8.1.3.2: an unknown status has the phrase of its class', () => {
  assert.equal(reasonPhrase(404), 'Not Found');
  assert.equal(reasonPhrase(431), 'Bad Request');
  assert.equal(reasonPhrase(199), 'Early Dialog Terminated');
  assert.equal(reasonPhrase(299), 'OK');
  assert.equal(reasonPhrase(700), '');
});

test('a status outside of 100..699 is a mistake of the program', () => {
  assert.throws(() => createResponse(request(), 99), /assertion failed/);
  assert.throws(() => createResponse(request(), 700), /assertion failed/);
});

test('§8.1.1: a request of ours is parsed into what it was made of', () => {
  const ours = createRequest({
    method: 'OPTIONS',
    uri: 'sip:a@[::1]',
    headers: [
      ['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'],
      ['call-id', '1'],
    ],
    body: Buffer.from('hi'),
  });
  assert.equal(
    ours.toWire(),
    'OPTIONS sip:a@[::1] SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nCall-ID: 1\r\nContent-Length: 2\r\n\r\nhi',
  );
  const parsed = parseMessage(ours.toBuffer());
  assert(parsed instanceof SipRequest);
  assert.equal(parsed.fault, undefined);
  assert.throws(() => createRequest({ method: 'A B', uri: 'sip:a', headers: [] }), /assertion failed/);
});
