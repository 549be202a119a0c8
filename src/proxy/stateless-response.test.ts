import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createResponse } from '../sip/create-response.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { markReceived } from '../transport/mark-received.ts';
import { forwardRequest } from './stateless.ts';
import { forwardResponse } from './stateless-response.ts';
import { targetOf } from './target.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

const callee = '192.0.2.60';

/** A request that was forwarded without a transaction, as it reached the callee. */
function forwarded(bench: ProxyBench, answered = true): SipRequest {
  const message = request({ method: 'MESSAGE', uri: `sip:bob@${callee}` });
  markReceived(message, bench.caller);
  assert.equal(forwardRequest(bench, message, targetOf(`sip:bob@${callee}`, {}), { answered }), 'sent');
  const [sent] = bench.to(callee).requests;
  assert.ok(sent);
  return sent;
}

function answerOf(bench: ProxyBench, response: SipResponse): boolean {
  return forwardResponse(bench, response, bench.to(callee));
}

describe('RFC 3261 §16.11: the response to a request that was forwarded without a transaction', () => {
  it('goes back by the Via below ours, which comes off', () => {
    const bench = new ProxyBench();
    const sent = forwarded(bench);
    const response = createResponse(sent, 200, 'OK', { toTag: 'bob' });
    assert.equal(answerOf(bench, response), true);
    const { sent: back } = bench.caller;
    assert.equal(back.length, 1);
    assert.deepEqual(back[0]?.values('via'), sent.values('via').slice(1));
    assert.deepEqual(response.values('via'), sent.values('via'));
  });

  it('goes nowhere when somebody has written it without having got the request', () => {
    const bench = new ProxyBench();
    const [own = '', next = ''] = forwarded(bench).values('via');
    const forged: readonly (readonly string[])[] = [
      [own.replace(/branch=[^;]*/, 'branch=z9hG4bKs0123456789abcdef.1'), next],
      [own, `${next.replace(/;received=[^;]*/, '')};received=203.0.113.9`],
      [own, next.replace(/branch=[^;]*/, 'branch=z9hG4bKother')],
      [own.replace('192.0.2.1', '192.0.2.99'), next],
      [own],
    ];
    for (const vias of forged) {
      const response = createResponse(forwarded(bench), 200, 'OK', { toTag: 'bob' });
      response.set('via', vias.join(', '));
      assert.equal(answerOf(bench, response), false, vias.join(', '));
    }
    assert.deepEqual(bench.caller.sent, []);
  });

  it('an ACK carries no mark, for nobody answers it', () => {
    const bench = new ProxyBench();
    const response = createResponse(forwarded(bench, false), 200, 'OK', { toTag: 'bob' });
    assert.equal(answerOf(bench, response), false);
  });

  it('is dropped when the Via below leads to no address', () => {
    const bench = new ProxyBench();
    const message = request({ method: 'MESSAGE', headers: [] });
    const via = 'SIP/2.0/UDP phone.example.org;branch=z9hG4bK-a';
    message.set('via', via);
    const mark = bench.statelessMarks.of(message.topVia as never);
    const response = createResponse(message, 200, 'OK', { toTag: 'bob' });
    response.prepend('Via', `SIP/2.0/UDP 192.0.2.1:5060;branch=${mark}0.1`);
    assert.equal(forwardResponse(bench, response, bench.caller), true);
    assert.deepEqual(bench.caller.sent, []);
  });

  it('the same request has the same branch whenever it is sent again', () => {
    const bench = new ProxyBench();
    forwarded(bench);
    forwarded(bench);
    const [first, second] = bench.to(callee).requests;
    assert.deepEqual(first?.values('via'), second?.values('via'));
  });
});
