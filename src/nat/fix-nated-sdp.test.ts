import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixNatedSdp, sdpFixes } from './fix-nated-sdp.ts';
import type { Source } from './source.ts';
import { messageWith, messageWithBody } from './testing/message-with.ts';

const source: Source = { transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 5060 };
const session = 'v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';

function fixed(body: string, fixes: number, from: Source = source): string {
  const message = messageWithBody(body, 'Content-Type: application/sdp');
  assert.equal(fixNatedSdp(message, from, fixes), true);
  return message.body.toString('latin1');
}

describe('nathelper: fix_nated_sdp', () => {
  it('cfg-modules §13: each bit does its own', () => {
    assert.equal(fixed(session, sdpFixes.media), session.replace('c=IN IP4 10.0.0.5', 'c=IN IP4 198.51.100.7'));
    assert.equal(fixed(session, sdpFixes.origin), session.replace('IN IP4 10.0.0.5', 'IN IP4 198.51.100.7'));
    assert.equal(fixed(session, sdpFixes.active), `${session}a=direction:active\r\n`);
    assert.equal(fixed(session, sdpFixes.mark), `${session}a=nortpproxy:yes\r\n`);
  });

  it('RFC 8866 §5.7: an IPv6 source is written as IP6', () => {
    const from: Source = { ...source, remoteAddress: '2001:db8::7' };
    assert.match(fixed(session, sdpFixes.media, from), /c=IN IP6 2001:db8::7\r\n/);
  });

  it('RFC 3264 §8.4: a medium on hold stays on hold', () => {
    const held = session.replace('c=IN IP4 10.0.0.5', 'c=IN IP4 0.0.0.0');
    assert.equal(fixed(held, sdpFixes.media), held);
  });

  it('cfg-modules §13: line breaks stay what they are', () => {
    const plain = session.replaceAll('\r\n', '\n').trimEnd();
    assert.equal(fixed(plain, sdpFixes.active), `${plain}\na=direction:active`);
  });

  it('cfg-modules §13: false when the body is no SDP, and nothing changes', () => {
    assert.equal(fixNatedSdp(messageWith(), source, 3), false);
    const text = messageWithBody('c=IN IP4 10.0.0.5', 'Content-Type: text/plain');
    assert.equal(fixNatedSdp(text, source, 2), false);
    assert.equal(text.body.toString(), 'c=IN IP4 10.0.0.5');
  });
});
