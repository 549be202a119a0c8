import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrivateAddress } from './private-address.ts';

const table: readonly (readonly [host: string, expected: boolean])[] = [
  ['9.255.255.255', false],
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['11.0.0.0', false],
  ['172.15.255.255', false],
  ['172.16.0.0', true],
  ['172.31.255.255', true],
  ['172.32.0.0', false],
  ['192.167.255.255', false],
  ['192.168.0.0', true],
  ['192.168.255.255', true],
  ['192.169.0.0', false],
  ['0.0.0.0', false],
  ['127.0.0.1', false],
  ['203.0.113.1', false],
  ['10.0.0', false],
  ['10.0.0.', false],
  ['10..0.1', false],
  ['10.0.0.1.2', false],
  ['10.0.0.256', false],
  ['10.0.0.99999999999', false],
  ['10.0.0.1x', false],
  ['10.example.org', false],
  ['[fd00::1]', false],
  ['[::ffff:10.0.0.1]', false],
  ['', false],
];

for (const [host, expected] of table) {
  test(`RFC 1918 §3: "${host}" is ${expected ? '' : 'not '}a private IPv4 literal`, () => {
    assert.equal(isPrivateAddress(host), expected);
  });
}
