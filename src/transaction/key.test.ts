import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ackKey, cancelledKey, clientKey, isUniqueBranch, serverKey } from './key.ts';
import { type RequestParts, request, responseTo } from './testing/bench.ts';

const old = { via: 'SIP/2.0/UDP 192.0.2.2:5070' };
const cookie = { via: 'SIP/2.0/UDP client.example.org:5070;branch=z9hG4bKabc' };

/** Two requests, and whether §17.2.3 sees one transaction in them. */
const rows: readonly (readonly [title: string, [string, RequestParts], [string, RequestParts], same: boolean])[] = [
  ['the same branch, sent-by and method match', ['OPTIONS', cookie], ['OPTIONS', cookie], true],
  [
    'with the cookie nothing else counts',
    ['OPTIONS', cookie],
    ['OPTIONS', { ...cookie, callId: 'x', cseq: 9, uri: 'sip:x' }],
    true,
  ],
  ['another branch differs', ['OPTIONS', cookie], ['OPTIONS', { via: `${cookie.via}d` }], false],
  ['another method differs', ['OPTIONS', cookie], ['INFO', cookie], false],
  ['a CANCEL is not its INVITE', ['INVITE', cookie], ['CANCEL', cookie], false],
  ['an ACK is its INVITE', ['INVITE', cookie], ['ACK', { ...cookie, toTag: 'bob1' }], true],
  [
    'another sent-by host differs',
    ['OPTIONS', cookie],
    ['OPTIONS', { via: cookie.via.replace('client', 'other') }],
    false,
  ],
  [
    'another sent-by port differs',
    ['OPTIONS', cookie],
    ['OPTIONS', { via: cookie.via.replace('5070', '5071') }],
    false,
  ],
  [
    'a sent-by host has no case',
    ['OPTIONS', cookie],
    ['OPTIONS', { via: cookie.via.replace('client', 'CLIENT') }],
    true,
  ],
  [
    'received and rport do not count',
    ['OPTIONS', cookie],
    ['OPTIONS', { via: `${cookie.via};rport=9;received=192.0.2.7` }],
    true,
  ],
  ['RFC 2543: all parts equal match', ['OPTIONS', old], ['OPTIONS', old], true],
  ['RFC 2543: received does not count', ['OPTIONS', old], ['OPTIONS', { via: `${old.via};received=192.0.2.7` }], true],
  ['RFC 2543: another R-URI differs', ['OPTIONS', old], ['OPTIONS', { ...old, uri: 'sip:carol@192.0.2.9' }], false],
  ['RFC 2543: another To tag differs', ['OPTIONS', old], ['OPTIONS', { ...old, toTag: 'x' }], false],
  ['RFC 2543: another From tag differs', ['OPTIONS', old], ['OPTIONS', { ...old, fromTag: 'x' }], false],
  ['RFC 2543: another Call-ID differs', ['OPTIONS', old], ['OPTIONS', { ...old, callId: 'x' }], false],
  ['RFC 2543: another CSeq number differs', ['OPTIONS', old], ['OPTIONS', { ...old, cseq: 8 }], false],
  ['RFC 2543: another method differs', ['OPTIONS', old], ['INFO', old], false],
  ['RFC 2543: another top Via differs', ['OPTIONS', old], ['OPTIONS', { via: 'SIP/2.0/UDP 192.0.2.2:5071' }], false],
  [
    'RFC 2543: another transport in the Via differs',
    ['OPTIONS', old],
    ['OPTIONS', { via: 'SIP/2.0/TCP 192.0.2.2:5070' }],
    false,
  ],
  [
    'RFC 2543: a branch without the cookie counts',
    ['OPTIONS', { via: `${old.via};branch=1` }],
    ['OPTIONS', { via: `${old.via};branch=2` }],
    false,
  ],
  [
    'RFC 4475 §3.2.1: a bare cookie is no branch',
    ['OPTIONS', { via: `${old.via};branch=z9hG4bK` }],
    ['OPTIONS', { via: `${old.via};branch=z9hG4bK`, callId: 'x' }],
    false,
  ],
];

describe('§17.2.3: matching a request to a server transaction', () => {
  for (const [title, [methodA, a], [methodB, b], same] of rows) {
    test(title, () => {
      const keys = [serverKey(request(methodA, a)), serverKey(request(methodB, b))];
      assert.ok(keys[0] !== undefined && keys[1] !== undefined);
      assert.equal(keys[0] === keys[1], same);
    });
  }

  test('RFC 2543: an ACK matches by the To tag of the response, not of the INVITE', () => {
    const invite = request('INVITE', old);
    const expected = ackKey(invite, responseTo(invite, 486, 'bob1'));
    assert.equal(serverKey(request('ACK', { ...old, toTag: 'bob1' })), expected);
    assert.notEqual(serverKey(request('ACK', { ...old, toTag: 'bob2' })), expected);
    assert.notEqual(serverKey(request('ACK', { ...old, toTag: 'bob1', cseq: 8 })), expected);
  });

  test('with the cookie an ACK needs no key of its own', () => {
    const invite = request('INVITE', cookie);
    assert.equal(ackKey(invite, responseTo(invite, 486)), undefined);
  });

  test('a request without a usable Via has no key', () => {
    assert.equal(serverKey(request('OPTIONS', { via: ';' })), undefined);
    assert.equal(cancelledKey(request('CANCEL', { via: ';' })), undefined);
  });
});

describe('§9.2: matching a CANCEL to its INVITE', () => {
  test('with the cookie: branch and sent-by', () => {
    assert.equal(cancelledKey(request('CANCEL', cookie)), serverKey(request('INVITE', cookie)));
    assert.notEqual(cancelledKey(request('CANCEL', { via: `${cookie.via}d` })), serverKey(request('INVITE', cookie)));
  });

  test('RFC 2543: R-URI, tags, Call-ID, CSeq number and Via', () => {
    const key = serverKey(request('INVITE', old));
    assert.equal(cancelledKey(request('CANCEL', old)), key);
    for (const parts of [{ uri: 'sip:x@y' }, { toTag: 'x' }, { fromTag: 'x' }, { callId: 'x' }, { cseq: 8 }]) {
      assert.notEqual(cancelledKey(request('CANCEL', { ...old, ...parts })), key);
    }
  });
});

describe('§17.1.3: matching a response to a client transaction', () => {
  test('branch of the top Via and method of the CSeq', () => {
    const invite = request('INVITE', cookie);
    assert.equal(clientKey(responseTo(invite, 200)), clientKey(invite));
    assert.notEqual(clientKey(responseTo(request('CANCEL', cookie), 200)), clientKey(invite));
    assert.notEqual(clientKey(responseTo(request('INVITE', { via: `${cookie.via}d` }), 200)), clientKey(invite));
  });

  test('a response without a branch has no key', () => {
    assert.equal(clientKey(responseTo(request('INVITE', old), 200)), undefined);
  });
});

test('§8.1.1.7: only a branch that goes on after the magic cookie is unique', () => {
  assert.equal(isUniqueBranch('z9hG4bKa'), true);
  for (const branch of [undefined, '', '0', 'z9hG4bK', 'z9hG4b', 'xz9hG4bKa'])
    assert.equal(isUniqueBranch(branch), false);
});
