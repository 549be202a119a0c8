import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveOptions } from '../server/options.ts';
import { adminUrl, needsToken, parseAdminAddress, tokenProblem } from './admin-address.ts';

const token = '0123456789abcdef';

describe('the address of the admin API', () => {
  const rows: readonly (readonly [text: string, url: string, others: boolean])[] = [
    ['127.0.0.1:8060', 'http://127.0.0.1:8060', false],
    ['127.0.0.1', 'http://127.0.0.1:8060', false],
    ['localhost:1', 'http://127.0.0.1:1', false],
    ['[::1]:0', 'http://[::1]:0', false],
    ['http://127.0.0.1:8060', 'http://127.0.0.1:8060', false],
    ['http://[::1]:8060/', 'http://[::1]:8060', false],
    ['0.0.0.0:8060', 'http://0.0.0.0:8060', true],
    ['[::]:8060', 'http://[::]:8060', true],
    ['[2001:DB8::0:7]:8060', 'http://[2001:db8::7]:8060', true],
    ['192.0.2.1:65535', 'http://192.0.2.1:65535', true],
  ];
  for (const [text, url, others] of rows) {
    test(`issue 7: ${text} is ${url}`, () => {
      const address = parseAdminAddress(text);
      assert.ok(typeof address !== 'string', String(address));
      assert.equal(adminUrl(address), url);
      assert.equal(needsToken(address), others);
    });
  }

  const bad = ['', ':8060', 'example.org:8060', '127.0.0.1:65536', '127.0.0.1:x', '::1:8060', '[::1', '1.2.3:80', 'on'];
  for (const text of [...bad, 'https://127.0.0.1:1', '127.0.0.1:8060/path', '[127.0.0.1:8060', '127.0.0.1:-1']) {
    test(`bad input: ${JSON.stringify(text)} is a problem with its remedy`, () => {
      assert.match(String(parseAdminAddress(text)), /; write 127\.0\.0\.1:8060, \[::1\]:8060 or off$/);
    });
  }

  test('bad input: tokens that are short, long or no token', () => {
    assert.equal(tokenProblem(token), undefined);
    assert.equal(tokenProblem('YWJjZGVmZ2hpamtsbW5v=='), undefined);
    for (const wrong of ['', 'short', `${token} `, `${token}ü`, `${token}\n`, 'a'.repeat(513)]) {
      assert.match(tokenProblem(wrong) ?? '', /openssl rand -hex 32/);
    }
  });

  test('design 7: other machines need a token: without one nothing starts, with one it is said that it goes in clear', () => {
    assert.throws(
      () => resolveOptions({ admin: '0.0.0.0:8060' }),
      /admin: 0\.0\.0\.0:8060 .* needs a token.*--admin-token/,
    );
    assert.throws(
      () => resolveOptions({ admin: '0.0.0.0:8060', adminToken: 'short' }),
      /admin-token: needs at least 16/,
    );
    assert.throws(() => resolveOptions({ adminToken: '' }), /admin-token/);
    const { admin, warnings } = resolveOptions({ admin: '0.0.0.0:8060', adminToken: token });
    assert.equal(admin?.token, token);
    assert.match(warnings[0]?.message ?? '', /without TLS/);
    assert.equal(resolveOptions({ admin: '[::1]:0' }).admin?.port, 0);
    assert.equal(resolveOptions({ admin: 'off' }).admin, undefined);
    assert.equal(resolveOptions({}).admin, undefined);
  });
});
