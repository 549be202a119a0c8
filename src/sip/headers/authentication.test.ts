import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSipError } from '../sip-error.ts';
import {
  type Authentication,
  formatAuthentication,
  parseAuthentication,
  parseAuthenticationInfo,
} from './authentication.ts';

function read(value: string): Authentication {
  const authentication = parseAuthentication(value, 'Authorization');
  assert.ok(!isSipError(authentication));
  return authentication;
}

describe('Authorization and its relatives (RFC 3261 §20.7, §20.27, §20.28, §20.44)', () => {
  it('§20.7: the example of the RFC is read, names without case, values without quotes', () => {
    const credentials = read(
      'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", response="7587245234b3434cc3412213e5f113a5432"',
    );
    assert.equal(credentials.scheme, 'Digest');
    assert.equal(credentials.params.get('USERNAME'), 'Alice');
    assert.equal(credentials.params.get('realm'), 'atlanta.com');
    assert.equal(credentials.params.raw('realm'), '"atlanta.com"');
    assert.equal(credentials.params.get('qop'), undefined);
    assert.equal(credentials.params.entries.length, 4);
  });

  it('§20.44: a challenge with commas inside of quotes is one value', () => {
    const challenge = read('Digest realm="a, b", qop="auth,auth-int", nonce="", opaque="", stale=FALSE, algorithm=MD5');
    assert.equal(challenge.params.get('realm'), 'a, b');
    assert.equal(challenge.params.get('qop'), 'auth,auth-int');
    assert.equal(challenge.params.get('nonce'), '');
    assert.equal(challenge.params.get('stale'), 'FALSE');
  });

  it('§25.1: a quoted pair stands for its character', () => {
    assert.equal(read('Digest realm="a \\"b\\" \\\\c"').params.get('realm'), 'a "b" \\c');
  });

  it('§25.1: white space may stand around "=" and ","', () => {
    assert.equal(read('Digest  realm = "x" ,\tnonce  =y').params.get('nonce'), 'y');
  });

  it('RFC 4475 §3.3.7: a scheme that nobody knows is read like any other', () => {
    const credentials = read('NoOneKnowsThisScheme opaque-data=here');
    assert.equal(credentials.scheme, 'NoOneKnowsThisScheme');
    assert.equal(credentials.params.get('opaque-data'), 'here');
  });

  it('RFC 8898 §2: a Bearer token is one opaque value', () => {
    const credentials = read('Bearer eyJhbGciOi.JSUzI1~NiJ9+/_-==');
    assert.equal(credentials.token68, 'eyJhbGciOi.JSUzI1~NiJ9+/_-==');
    assert.deepEqual(credentials.params.entries, []);
  });

  for (const value of ['Digest realm="a", nonce=b', 'Bearer abc==']) {
    it(`what is written is what was read: ${value}`, () => {
      assert.equal(formatAuthentication(read(value)), value);
    });
  }

  for (const [value, what] of [
    ['', 'nothing'],
    ['Digest', 'a scheme alone'],
    ['Digest ', 'a scheme and a blank'],
    ['Digest realm, nonce=b', 'a name without a value'],
    ['Digest realm="a"nonce="b"', 'a missing comma'],
    ['Digest realm="a", ', 'a comma at the end'],
    ['Digest ,realm="a"', 'a comma at the start'],
    ['Digest realm="a', 'a quote that is not closed'],
    ['Digest realm=, nonce=b', 'an empty value'],
    ['Digest nonce="a", NONCE="b"', 'a name that comes twice (RFC 7235 §2.1)'],
    ['="a"', 'no scheme'],
  ] as const) {
    it(`§25.1: ${what} is refused`, () => {
      assert.ok(isSipError(parseAuthentication(value, 'Authorization')));
    });
  }

  it('§20.6: Authentication-Info has parameters and no scheme', () => {
    const info = parseAuthenticationInfo('nextnonce="47364c23432d2e131a5fb210812c", qop=auth, nc=00000001');
    assert.ok(!isSipError(info));
    assert.equal(info.get('nextnonce'), '47364c23432d2e131a5fb210812c');
    assert.equal(info.get('nc'), '00000001');
  });
});
