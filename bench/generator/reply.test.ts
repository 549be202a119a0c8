import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReply, sequenceOf, statusOf } from './reply.ts';

const reply = (via: string) => Buffer.from(`xxSIP/2.0 302 Moved\r\n${via}\r\nTo: <sip:a@b>\r\n\r\n`, 'latin1');

test('status and number are read wherever the reply lies in the batch', () => {
  const bytes = reply('Via: SIP/2.0/UDP 127.0.0.1:5062;rport=5062;branch=z9hG4bK-1000000042;received=127.0.0.1');
  assert.equal(isReply(bytes, 2), true);
  assert.equal(statusOf(bytes, 2), 302);
  assert.equal(sequenceOf(bytes, 2, bytes.length - 2), 1_000_000_042);
});

test('a branch that is not ours, one that is cut off and one with letters have no number', () => {
  for (const via of [
    'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKabc',
    'Via: SIP/2.0/UDP 127.0.0.1',
    'v: 1;branch=z9hG4bK-10000x0042',
  ]) {
    const bytes = reply(via);
    assert.equal(sequenceOf(bytes, 2, bytes.length - 2), -1, via);
  }
  const cut = Buffer.from('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK-10000', 'latin1');
  assert.equal(sequenceOf(cut, 0, cut.length), -1);
});

test('what is not a number where the status stands is no status', () => {
  assert.equal(statusOf(Buffer.from('SIP/2.0 2x0 OK'), 0), -1);
  assert.equal(statusOf(Buffer.from('SIP/2.0 '), 0), -1);
});
