import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSipError } from '../sip-error.ts';
import { parseCSeq } from './cseq.ts';

test('§20.16: number and method', () => {
  assert.deepEqual(parseCSeq('4711 INVITE'), { number: 4711, method: 'INVITE' });
  assert.deepEqual(parseCSeq('0009 \t INVITE'), { number: 9, method: 'INVITE' });
  assert.deepEqual(parseCSeq('0 bye'), { number: 0, method: 'bye' });
});

test('§8.1.1.5: the number is less than 2^31', () => {
  assert.deepEqual(parseCSeq('2147483647 ACK'), { number: 2147483647, method: 'ACK' });
  for (const number of ['2147483648', '4294967296', '36893488147419103232']) {
    assert(isSipError(parseCSeq(`${number} ACK`)), number);
  }
});

for (const text of ['', 'INVITE', 'abc REGISTER', '-1 ACK', '1', '1 ', '1ACK', '1 A CK', '1 ACK;x', '1,2 ACK']) {
  test(`§20.16: ${JSON.stringify(text)} is malformed`, () => {
    const error = parseCSeq(text);
    assert(isSipError(error));
    assert.equal(error.code, 'SIP_BAD_CSEQ');
  });
}
