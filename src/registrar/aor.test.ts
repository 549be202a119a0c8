import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSipError } from '../sip/sip-error.ts';
import { parseUri } from '../sip/uri.ts';
import { registrarDefaults } from '../testing/registrar-defaults.ts';
import { aorOf } from './aor.ts';
import type { RegistrarOptions } from './options.ts';

function key(text: string, different: Partial<RegistrarOptions> = {}): string {
  const uri = parseUri(text);
  assert.ok(!isSipError(uri), `${text} is a URI`);
  const aor = aorOf(uri, { ...registrarDefaults, ...different });
  return typeof aor === 'string' ? aor : aor.code;
}

const domain = { useDomain: true } as const;
const prefix = { useDomain: true, realmPrefix: 'sip.' } as const;

for (const [text, different, expected] of [
  ['sip:Alice@EXAMPLE.com', {}, 'alice'],
  ['sips:Alice@EXAMPLE.com', {}, 'alice'],
  ['sip:Alice@EXAMPLE.com', { caseSensitive: true }, 'Alice'],
  ['sip:Alice@EXAMPLE.com', domain, 'alice@example.com'],
  ['sip:Alice@EXAMPLE.com', { ...domain, caseSensitive: true }, 'Alice@example.com'],
  ['sip:alice:secret@example.com:5070;transport=tcp?X=y', domain, 'alice@example.com'],
  ['sip:al;x=1@h', {}, 'al;x=1'],
  ['sip:EXAMPLE.com', domain, 'example.com'],
  ['sip:EXAMPLE.com', { ...domain, caseSensitive: true }, 'example.com'],
  ['sip:example.com', {}, 'AOR_WITHOUT_USER'],
  ['tel:+1-234', {}, '+1-234'],
  ['tel:+12', domain, '+12@'],
  ['mailto:alice@example.com', {}, 'AOR_MALFORMED'],
  ['sip:a%40B@x', {}, 'a@b'],
  ['sip:a%07@x', {}, 'AOR_ESCAPES'],
  ['sip:alice@sip.example.com', prefix, 'alice@example.com'],
  ['sip:alice@SIP.Example.com', prefix, 'alice@example.com'],
  ['sip:alice@sip.sip.example.com', prefix, 'alice@sip.example.com'],
  ['sip:alice@sip.', prefix, 'alice@sip.'],
  ['sip:alice@notsip.example.com', prefix, 'alice@notsip.example.com'],
  ['sip:alice@[::1]:5070', domain, 'alice@[::1]'],
] as const) {
  test(`registrar spec 5: ${text} with ${JSON.stringify(different)} is ${expected}`, () => {
    assert.equal(key(text, different), expected);
  });
}

test('registrar spec 5 step 2: user, "@" and host of 256 characters fit, one more does not', () => {
  const host = 'example.com';
  const longest = 'x'.repeat(256 - 1 - host.length);
  assert.equal(key(`sip:${longest}@${host}`), longest);
  assert.equal(key(`sip:${longest}x@${host}`), 'AOR_TOO_LONG');
});

test('decision 21: any spelling of realm_prefix leads to one address-of-record', () => {
  const spelling = fc.mixedCase(fc.constant('sip.'));
  fc.assert(
    fc.property(spelling, spelling, (inConfig, inUri) => {
      assert.equal(key(`sip:alice@${inUri}example.com`, { ...domain, realmPrefix: inConfig }), 'alice@example.com');
    }),
  );
});
