import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameAddress } from './same-address.ts';

const table: readonly (readonly [host: string, address: string, expected: boolean])[] = [
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '10.0.0.12', false],
  ['10.0.0.12', '10.0.0.1', false],
  ['[2001:db8::1]', '2001:db8::1', true],
  ['[2001:DB8:0:0::0001]', '2001:db8::1', true],
  ['[2001:db8::1]', '2001:db8::11', false],
  ['[::ffff:192.0.2.1]', '192.0.2.1', true],
  ['phone.example.org', '192.0.2.1', false],
  ['', '192.0.2.1', false],
];

for (const [host, address, expected] of table) {
  test(`RFC 5118 §4.9: "${host}" and ${address} are ${expected ? 'one address' : 'two'}`, () => {
    assert.equal(sameAddress(host, address), expected);
  });
}
