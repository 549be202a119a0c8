import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addVia } from './forward.ts';
import { loopKey, newBranchParameter } from './loop-detection.ts';
import { validateForForwarding } from './request-validation.ts';
import { listener, ProxyBench, request } from './testing/proxy-bench.ts';

const bench = new ProxyBench();
const isOurs = (host: string, port: number | undefined) => bench.isOurs(host, port);
const validate = (message: ReturnType<typeof request>) => validateForForwarding(message, { isOurs });

test('§16.3: a request in order is forwarded', () => {
  assert.equal(validate(request()), undefined);
  assert.equal(validate(request({ uri: 'tel:+15551234' })), undefined);
});

test('§16.3 step 2: a scheme that cannot be routed is 416', () => {
  assert.equal(validate(request({ uri: 'nobodyKnowsThisScheme:totallyopaque' }))?.status, 416);
});

test('§16.3 step 3: Max-Forwards 0 is 483', () => {
  assert.equal(validate(request({ maxForwards: 0 }))?.status, 483);
});

test('§16.3 step 4: a loop is 482', () => {
  const message = request();
  addVia(message, listener('udp'), newBranchParameter(bench.random, loopKey(message)));
  assert.equal(validate(message)?.status, 482);
});

test('§16.3 step 5: an unknown option in Proxy-Require is 420, all of them listed in Unsupported', () => {
  const refusal = validate(request({ headers: ['Proxy-Require: foo, bar'] }));
  assert.equal(refusal?.status, 420);
  assert.deepEqual(refusal?.headers, [['Unsupported', 'foo, bar']]);
});

test('§16.3 step 5: a known option passes, the unknown one is listed alone', () => {
  const proxyOptions = new Set(['foo']);
  const one = validateForForwarding(request({ headers: ['Proxy-Require: foo'] }), { isOurs, proxyOptions });
  assert.equal(one, undefined);
  const two = validateForForwarding(request({ headers: ['Proxy-Require: Foo, bar'] }), { isOurs, proxyOptions });
  assert.deepEqual(two?.headers, [['Unsupported', 'bar']]);
});

test('§16.3 step 5: CANCEL and ACK are not held back by Proxy-Require', () => {
  for (const method of ['ACK', 'CANCEL']) {
    assert.equal(validate(request({ method, headers: ['Proxy-Require: foo'] })), undefined);
  }
});

test('§16.3: the steps are taken in order: a scheme before Max-Forwards before Proxy-Require', () => {
  assert.equal(validate(request({ uri: 'foo:bar', maxForwards: 0 }))?.status, 416);
  assert.equal(validate(request({ maxForwards: 0, headers: ['Proxy-Require: foo'] }))?.status, 483);
});
