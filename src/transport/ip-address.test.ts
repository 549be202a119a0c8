import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalAddress, sourceOf, withBrackets } from './ip-address.ts';
import { concreteAddress } from './local-addresses.ts';

describe('IP addresses', () => {
  for (const [text, expected] of [
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:DB8:0:0::1]', '2001:db8::1'],
    ['2001:db8::0001', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::]', '::'],
    ['example.org', undefined],
    ['192.0.2.256', undefined],
    ['192.0.2', undefined],
    ['', undefined],
  ] as const) {
    it(`RFC 5952: "${text}" is spelled ${expected}`, () => assert.equal(canonicalAddress(text), expected));
  }

  it('RFC 3261 §25.1: only an IPv6 address is written in brackets', () => {
    assert.equal(withBrackets('::1'), '[::1]');
    assert.equal(withBrackets('192.0.2.1'), '192.0.2.1');
  });

  it('a source is an IPv4 address, or the /64 of an IPv6 one', () => {
    assert.equal(sourceOf('192.0.2.1'), '192.0.2.1');
    assert.equal(sourceOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2');
    assert.equal(sourceOf('2001:db8:1:2::9'), '2001:db8:1:2');
    assert.equal(sourceOf('2001:db8::9'), '2001:db8:0:0');
    assert.equal(sourceOf('::1'), '0:0:0:0');
    assert.notEqual(sourceOf('2001:db8:1:3::9'), sourceOf('2001:db8:1:2::9'));
  });

  it('a wildcard is advertised as the first address that others can reach, else link-local, else loopback', () => {
    const addresses = ['127.0.0.1', '::1', '169.254.3.4', 'fe80::1', '192.0.2.7', '2001:db8::7'];
    assert.equal(concreteAddress(4, addresses), '192.0.2.7');
    assert.equal(concreteAddress(6, addresses), '2001:db8::7');
    assert.equal(concreteAddress(4, ['127.0.0.1', '169.254.3.4']), '169.254.3.4');
    assert.equal(concreteAddress(4, []), '127.0.0.1');
    assert.equal(concreteAddress(6, ['::1', '192.0.2.7']), '::1');
  });
});
