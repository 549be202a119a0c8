import assert from 'node:assert/strict';
import { it } from 'node:test';
import { needsCongestionControl } from './congestion.ts';

it('RFC 3261 §18.1.1: a request larger than 1300 bytes needs congestion control when the MTU is unknown', () => {
  assert.equal(needsCongestionControl(1300), false);
  assert.equal(needsCongestionControl(1301), true);
});

it('RFC 3261 §18.1.1: a request within 200 bytes of the path MTU needs congestion control', () => {
  assert.equal(needsCongestionControl(1300, 1500), false);
  assert.equal(needsCongestionControl(1301, 1500), true);
  assert.equal(needsCongestionControl(8000, 9000), false);
});
