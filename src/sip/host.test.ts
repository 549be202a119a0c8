import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostIsIpLiteral, isIpv4, isIpv6, sameHost, skipHost, stripBrackets } from './host.ts';

test('§25.1 host: addresses are told from names, with and without brackets', () => {
  for (const host of ['192.0.2.1', '[2001:db8::1]', '2001:db8::1', '::', '[::ffff:1.2.3.4]']) {
    assert(hostIsIpLiteral(host), host);
  }
  for (const host of ['example.com', '1.2.3', '[example.com]', '[1.2.3', '', '[]', '1.2.3.4.']) {
    assert(!hostIsIpLiteral(host), host);
  }
});

test('§25.1 IPv6reference: brackets are taken off in pairs', () => {
  assert.equal(stripBrackets('[::1]'), '::1');
  assert.equal(stripBrackets('::1'), '::1');
  assert.equal(stripBrackets('[::1'), '[::1');
  assert.equal(stripBrackets('example.com'), 'example.com');
});

test('§25.1 host: the host ends where another part begins', () => {
  assert.equal(skipHost('example.com:5060', 0), 11);
  assert.equal(skipHost('x[::1];a', 1), 6);
  assert.equal(skipHost('', 0), -1);
  assert.equal(skipHost('[', 0), -1);
});

test('§19.1.4: names are compared without case', () => {
  assert(sameHost('Example.COM', 'example.com'));
  assert(sameHost('example.com.', 'example.com'));
  assert(!sameHost('example.com', 'example.org'));
  assert(!sameHost('[::1]', '::1'));
});

test('property: an address is one exactly when the operating system says so', () => {
  const near = fc.stringMatching(/^[0-9a-f:.]{0,40}$/);
  fc.assert(
    fc.property(
      fc.oneof(
        near,
        fc.ipV4(),
        fc.ipV6(),
        fc.ipV6().map((a) => `${a}:`),
      ),
      (text) => {
        const kind = isIP(text);
        assert.equal(isIpv6(text, 0, text.length), kind === 6);
        // A leading zero is allowed by 1*3DIGIT of RFC 3261, not by the operating system.
        if (kind === 4) assert(isIpv4(text, 0, text.length));
        else if (isIpv4(text, 0, text.length)) assert.match(text, /(^|\.)0\d/);
      },
    ),
    { numRuns: 3000 },
  );
});
