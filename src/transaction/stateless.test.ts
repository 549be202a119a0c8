import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import { StatelessReplies } from './stateless.ts';
import { type RequestParts, request } from './testing/bench.ts';

function replies(random = new FakeRandom()) {
  const clock = new FakeClock();
  return { clock, sl: new StatelessReplies({ clock, random }) };
}

describe('companions 2: the To tag of a stateless reply', () => {
  test('32 hex digits, a dot, 8 hex digits', () => {
    assert.match(replies().sl.toTag(request('REGISTER')), /^[0-9a-f]{32}\.[0-9a-f]{8}$/);
    assert.match(replies().sl.toTag(request('REGISTER', { via: ';' })), /^[0-9a-f]{32}\.[0-9a-f]{8}$/);
  });

  test('decision 30: equal for retransmissions, whatever received and rport say', () => {
    const { sl } = replies();
    const tag = sl.toTag(request('REGISTER'));
    assert.equal(sl.toTag(request('REGISTER')), tag);
    const via = 'SIP/2.0/UDP 192.0.2.2:5070;received=192.0.2.7;rport=9;branch=z9hG4bKabc';
    assert.equal(sl.toTag(request('REGISTER', { via })), tag);
  });

  test('different for another branch, host or port', () => {
    const { sl } = replies();
    const tags = [
      '192.0.2.2:5070;branch=z9hG4bKabc',
      '192.0.2.2:5070;branch=z9hG4bKabd',
      '192.0.2.3:5070;branch=z9hG4bKabc',
      '192.0.2.2:5071;branch=z9hG4bKabc',
    ].map((rest) => sl.toTag(request('REGISTER', { via: `SIP/2.0/UDP ${rest}` })));
    assert.equal(new Set(tags).size, 4);
  });

  test('without the magic cookie Call-ID and CSeq number tell requests apart', () => {
    const { sl } = replies();
    const parts: RequestParts[] = [{}, { callId: 'other' }, { cseq: 8 }];
    const tags = parts.map((part) => sl.toTag(request('REGISTER', { via: 'SIP/2.0/UDP 192.0.2.2', ...part })));
    assert.equal(new Set(tags).size, 3);
  });

  test('the same from the bytes of the top Via as from its values', () => {
    const { sl } = replies();
    for (const sentBy of ['192.0.2.2', '192.0.2.2:5070', '[2001:db8::1]:5070', 'phone.example.com']) {
      const via = `SIP/2.0/UDP ${sentBy};branch=z9hG4bKabc`;
      const sentByStart = via.indexOf(sentBy);
      const branchStart = via.indexOf('z9hG4bK');
      const tag = sl.toTagOf({
        bytes: Buffer.from(via, 'latin1'),
        ...{ sentByStart, sentByEnd: sentByStart + sentBy.length, branchStart, branchEnd: via.length },
      });
      assert.equal(tag, sl.toTag(request('REGISTER', { via })));
    }
  });

  test('different in another instance', () => {
    const random = new FakeRandom();
    const [one, other] = [replies(random).sl.toTag(request('REGISTER')), replies(random).sl.toTag(request('REGISTER'))];
    assert.notEqual(one.slice(0, 32), other.slice(0, 32));
    assert.notEqual(one.slice(33), other.slice(33));
  });
});

describe('companions 2: the ACK for a stateless reply', () => {
  test('is absorbed within 2 s of the last one', () => {
    const { clock, sl } = replies();
    const ack = () => request('ACK', { toTag: sl.toTag(request('INVITE')) });
    assert.equal(sl.absorbs(ack()), false, 'no reply was sent yet');
    sl.noteReply();
    assert.equal(sl.absorbs(ack()), true);
    clock.advance(2_000);
    assert.equal(sl.absorbs(ack()), true);
    clock.advance(1);
    assert.equal(sl.absorbs(ack()), false);
    sl.noteReply();
    assert.equal(sl.absorbs(ack()), true);
  });

  test('passes on when its To tag is not ours or is missing', () => {
    const { sl } = replies();
    sl.noteReply();
    assert.equal(sl.absorbs(request('ACK', { toTag: 'bob1' })), false);
    assert.equal(sl.absorbs(request('ACK')), false);
    const foreign = sl.toTag(request('INVITE', { via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKother' }));
    assert.equal(sl.absorbs(request('ACK', { toTag: foreign })), false);
  });
});
