import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { addVia } from './forward.ts';
import { isLooping, loopKey, newBranchParameter, statelessBranchParameter } from './loop-detection.ts';
import { listener, type RequestText, request } from './testing/proxy-bench.ts';

const isOurs = (host: string) => host === '192.0.2.1';

/** The request as it comes back after this server and another one have forwarded it. */
function returned(sent: RequestText, back: RequestText = sent) {
  const again = request(back);
  addVia(again, listener('udp'), newBranchParameter(new FakeRandom(), loopKey(request(sent))));
  addVia(again, listener('udp', '192.0.2.99'), 'z9hG4bKother');
  return again;
}

test('§16.3 step 4: a request that comes back unchanged through another element is in a loop', () => {
  assert.equal(isLooping(returned({}), isOurs), true);
});

test('§16.3 step 4: the first time round there is no loop', () => {
  assert.equal(isLooping(request(), isOurs), false);
});

test('§6 spiral: a request that comes back with another Request-URI is no loop', () => {
  assert.equal(isLooping(returned({}, { uri: 'sip:bob@192.0.2.7' }), isOurs), false);
});

test('RFC 5393 §4.2: another Route makes it a spiral', () => {
  assert.equal(isLooping(returned({ headers: ['Route: <sip:192.0.2.8;lr>'] }, {}), isOurs), false);
});

test('§16.6 step 8: From tag, To tag, Call-ID, CSeq number, Proxy-Require and Proxy-Authorization count', () => {
  const key = loopKey(request());
  const others: RequestText[] = [
    { toTag: 'b1' },
    { callId: 'call-2' },
    { cseq: 2 },
    { headers: ['Proxy-Require: privacy'] },
    { headers: ['Proxy-Authorization: Digest username="alice"'] },
  ];
  const keys = new Set(others.map((parts) => loopKey(request(parts))));
  assert.equal(keys.size, others.length);
  assert.equal(keys.has(key), false);
});

test('§16.6 step 8: the method does not count, so that CANCEL and ACK keep the branch of their INVITE', () => {
  assert.equal(loopKey(request({ method: 'CANCEL' })), loopKey(request({ method: 'INVITE' })));
});

test('RFC 5393 §4.2: the topmost Via does not count, since it differs each time round', () => {
  assert.equal(loopKey(request({ branch: 'z9hG4bKx' })), loopKey(request({ branch: 'z9hG4bKy' })));
});

test('a Via of another element with the same second part is no loop of ours', () => {
  const again = request();
  addVia(again, listener('udp', '192.0.2.99'), newBranchParameter(new FakeRandom(), loopKey(request())));
  assert.equal(isLooping(again, isOurs), false);
});

test('the end of a field counts: values that run together differently have different keys', () => {
  assert.notEqual(
    loopKey(request({ headers: ['Route: <sip:a;lr>', 'Route: <sip:b;lr>'] })),
    loopKey(request({ headers: ['Route: <sip:a;lr>', 'Proxy-Require: <sip:b;lr>'] })),
  );
});

test('§16.6 step 8: a branch begins with the magic cookie, is unique, and ends with the key', () => {
  const random = new FakeRandom();
  const one = newBranchParameter(random, 'key');
  assert.match(one, /^z9hG4bK[a-z0-9]+\.key$/);
  assert.notEqual(newBranchParameter(random, 'key'), one);
});

test('§16.11: a stateless branch is the same for a retransmission and another for another transaction', () => {
  const ack = { method: 'ACK', toTag: 'b1' };
  const key = loopKey(request(ack));
  const branch = statelessBranchParameter(request(ack), key);
  assert.equal(statelessBranchParameter(request(ack), key), branch);
  assert.notEqual(statelessBranchParameter(request({ ...ack, branch: 'z9hG4bKcaller2' }), key), branch);
  assert.notEqual(statelessBranchParameter(request({ ...ack, toTag: 'b2' }), key), branch);
  assert.match(branch, /^z9hG4bK/);
});

test('§16.11: without the magic cookie the whole topmost Via identifies the request', () => {
  const key = loopKey(request());
  const branch = statelessBranchParameter(request({ branch: '1' }), key);
  assert.equal(statelessBranchParameter(request({ branch: '1' }), key), branch);
  assert.notEqual(statelessBranchParameter(request({ branch: '2' }), key), branch);
});
