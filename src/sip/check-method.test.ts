import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuseMethod } from './check-method.ts';

const served = ['REGISTER', 'OPTIONS'];

describe('methods (RFC 3261 §8.2.1, decision 33)', () => {
  it('a method that is served is not refused', () => assert.equal(refuseMethod('REGISTER', served), undefined));

  it('§8.2.1: a known method that is not served is 405 with Allow', () => {
    assert.deepEqual(refuseMethod('SUBSCRIBE', served), {
      status: 405,
      reason: 'Method Not Allowed',
      headers: [['Allow', 'REGISTER, OPTIONS']],
    });
  });

  for (const method of ['NEWMETHOD', 'register', 'RE%47ISTER', 'constructor']) {
    it(`§21.5.2: ${method} is unknown, since methods have a case: 501`, () => {
      assert.deepEqual(refuseMethod(method, served), { status: 501, reason: 'Not Implemented', headers: [] });
    });
  }
});
