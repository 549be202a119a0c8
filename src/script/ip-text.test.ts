import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { findIpv4, isIpv6 } from './ip-text.ts';

test('property: an IPv6 address is one exactly when the operating system says so', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.stringMatching(/^[0-9a-f:]{0,20}$/)), (text) => {
      // cfg-language §2: the language has no IPv4-in-IPv6 form.
      assert.equal(isIpv6(text), isIPv6(text) && !text.includes('.'));
    }),
  );
});

test('cfg-language §14 trap 18: octets with a leading 0 are octal', () => {
  assert.equal(findIpv4('010.0.0.077', 0)?.address, '8.0.0.63');
  assert.equal(findIpv4('10.0.0.08', 0)?.problem, "'08' is no octet of an address");
  assert.equal(findIpv4('10.0.256.1', 0)?.problem, "'256' is no octet of an address");
});

test('three numbers, four digits and a missing dot are no address', () => {
  for (const text of ['10.0.0', '10.0.0.', '1000.0.0.1', '10.0.0.1000', '10..0.1', 'a.0.0.1']) {
    assert.equal(findIpv4(text, 0), undefined, text);
  }
});
