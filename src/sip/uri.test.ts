import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from './limits.ts';
import { isSipError } from './sip-error.ts';
import { isSipUri, isTelUri, parseUri, SipUri, unescapeUser } from './uri.ts';

function sip(text: string): SipUri {
  const uri = parseUri(text);
  assert(uri instanceof SipUri, `${text}: ${JSON.stringify(uri)}`);
  return uri;
}

test('§19.1.1: every part of a SIP URI is found', () => {
  const uri = sip('sip:alice:secretword@atlanta.com:5070;transport=tcp;lr?subject=a%20b&to=sip:bob%40b.com');
  assert.equal(uri.scheme, 'sip');
  assert.equal(uri.user, 'alice');
  assert.equal(uri.password, 'secretword');
  assert.equal(uri.host, 'atlanta.com');
  assert.equal(uri.port, 5070);
  assert.equal(uri.params.get('Transport'), 'tcp');
  assert.equal(uri.params.get('lr'), '');
  assert.equal(uri.params.get('maddr'), undefined);
  assert.equal(uri.params.toString(), ';transport=tcp;lr');
  assert.equal(uri.headers, 'subject=a%20b&to=sip:bob%40b.com');
});

test('§19.1.1: a URI with a host alone has nothing else', () => {
  const uri = sip('SIPS:example.com');
  assert.deepEqual(
    [uri.scheme, uri.user, uri.password, uri.host, uri.port, uri.params.size, uri.headers, uri.text],
    ['sips', undefined, undefined, 'example.com', undefined, 0, '', 'SIPS:example.com'],
  );
});

const good = [
  'sip:alice@atlanta.com',
  'sip:+1-212-555-1212:1234@gateway.com;user=phone',
  'sips:1212@gateway.com',
  'sip:alice@192.0.2.4',
  'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
  'sip:alice;day=tuesday@atlanta.com',
  // RFC 4475 §3.1.1.2
  "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
  // RFC 4475 §3.1.1.3, §3.1.1.4
  'sip:sips%3Auser%40example.com@example.net',
  'sip:null-%00-null@example.com',
  'sip:user;par=u%40example.net@example.com',
  // RFC 5118 §4.1, §4.4
  'sip:[2001:db8::10]',
  'sip:[2001:db8::10]:5070',
  'sip:user@[::ffff:192.0.2.10]:19823;transport=tcp',
  'sip:[::]',
  'sip:[1:2:3:4:5:6:7:8]',
  'sip:[::2:3:4:5:6:7:8]',
  'sip:example.com.',
  'sip:a-b.c-d',
  'sip:a@host:0',
  'sip:a@host:65535',
  'sip:a:@host',
  'sip:a@host;x=[::1]:/&+$',
  'sip:a@host?x=',
  'tel:+358-555-1234567',
  'tel:+12;ext=3',
  'tel:7042;phone-context=example.com',
  'tel:*10#;phone-context=+1-2',
  'mailto:x@y.org',
  'urn:service:sos',
  'soap.beep://192.0.2.103:3002',
  'nobodyKnowsThisScheme:totallyopaquecontent',
  'http://[2001:db8::1]:80/a?b#c',
  'http://u:p@[::1]/',
];
for (const text of good) test(`decision 31: ${text} is well-formed`, () => assert(!isSipError(parseUri(text))));

const bad = [
  '',
  'foo',
  ':',
  'sip',
  'sip:',
  'sip:@host',
  'sip:a@',
  'sip::pw@host',
  'sip:a@b@c',
  'sip:a b@host',
  'sip: a@host',
  'sip:a@host ',
  'sip:a@host; lr',
  '<sip:a@host>',
  'sip:a"b@host',
  'sip:a<b@host',
  'sip:a@ho_st',
  'sip:a@-host',
  'sip:a@host-.com',
  'sip:a@.host',
  'sip:a@host..com',
  'sip:a@1.2.3',
  'sip:a@1.2.3.256',
  'sip:a@1.2.3.4.5',
  'sip:a@example.1com',
  'sip:a@[::1',
  'sip:a@::1',
  'sip:a@[]',
  'sip:a@[1:2:3:4:5:6:7]',
  'sip:a@[1:2:3:4:5:6:7:8:9]',
  'sip:a@[1::2::3]',
  'sip:a@[:1::]',
  'sip:a@[12345::]',
  'sip:a@[fe80::1%25eth0]',
  'sip:a@[::1.2.3]',
  'sip:a@[1:2:3:4:5:6:7:1.2.3.4]',
  'sip:a@[::1]x',
  'sip:a@host:',
  'sip:a@host:x',
  'sip:a@host:65536',
  'sip:a@host:99999999999999999999',
  'sip:a@host;',
  'sip:a@host;;a',
  'sip:a@host;=a',
  'sip:a@host;a=',
  'sip:a@host;a=b=c',
  'sip:a@host?',
  'sip:a@host?a',
  'sip:a@host?a=b&',
  'sip:a@host?a=b?c=d&=',
  'sip:%@host',
  'sip:%4@host',
  'sip:%zz@host',
  'sip:a@h%6fst',
  'sip:\u00e9@host',
  'sip:a@host\r\n',
  'sip:a\u0000@host',
  'tel:',
  'tel:+',
  'tel:+-.',
  'tel:+1a',
  'tel:7042',
  'tel:x;phone-context=a',
  'mailto:',
  'mailto:a b',
  'http://[::1/',
  'http://[zz]/',
  'http://a#b#c',
  '1http:a',
  'x%41:a',
  'urn:\u00fc',
];
for (const text of bad) {
  test(`decision 31: ${JSON.stringify(text)} is no well-formed URI`, () => {
    const error = parseUri(text);
    assert(isSipError(error));
    assert.equal(error.code, 'SIP_BAD_URI');
    assert.equal(error.statusHint, 400);
    assert(error.offset >= 0 && error.offset <= text.length);
  });
}

test('§19.1.1: a scheme is recognised in any case', () => {
  assert.equal(sip('SIP:a@b').scheme, 'sip');
  assert.equal(sip('SiPs:a@b').scheme, 'sips');
  const tel = parseUri('TEL:+1-2;ext=3');
  assert(!isSipError(tel) && isTelUri(tel) && !isSipUri(tel));
  assert.equal(tel.number, '+1-2');
  assert.equal(tel.params.get('EXT'), '3');
  const other = parseUri('MailTo:x@y');
  assert(!isSipError(other) && !isSipUri(other) && !isTelUri(other));
  assert.equal(other.scheme, 'mailto');
});

test('registrar 5 step 3: a user part is unescaped to printable ASCII or refused', () => {
  assert.equal(unescapeUser('alice'), 'alice');
  assert.equal(unescapeUser('%61lic%65'), 'alice');
  assert.equal(unescapeUser('a%40b%25'), 'a@b%');
  for (const raw of ['%6', '%', 'a%', '%zz', 'a%07', '%80', '%7f', '%00', '%4g']) {
    assert(isSipError(unescapeUser(raw)), raw);
  }
});

test('limit maxUriBytes: a longer URI is refused with 414', () => {
  const fits = `sip:${'a'.repeat(limits.maxUriBytes - 6)}@b`;
  assert.equal(sip(fits).text.length, limits.maxUriBytes);
  const error = parseUri(`${fits}b`);
  assert(isSipError(error));
  assert.equal(error.statusHint, 414);
});

test('limit maxParams: a URI with more parameters is refused', () => {
  assert.equal(sip(`sip:a@b${';x'.repeat(limits.maxParams)}`).params.size, limits.maxParams);
  const error = parseUri(`sip:a@b${';x'.repeat(limits.maxParams + 1)}`);
  assert(isSipError(error));
  assert.equal(error.code, 'SIP_TOO_MANY');
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const escaped = fc.integer({ min: 0, max: 255 }).map((code) => `%${code.toString(16).padStart(2, '0')}`);
const run = (pattern: RegExp) =>
  fc
    .array(fc.oneof(fc.stringMatching(pattern), escaped), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''));
const user = run(/^[a-zA-Z0-9\-_.!~*'()&=+$,;?/]{1,6}$/);
const param = run(/^[a-zA-Z0-9\-_.!~*'()[\]/:&+$]{1,6}$/);
const header = run(/^[a-zA-Z0-9\-_.!~*'()[\]/?:+$]{1,6}$/);
const parts = fc.record({
  scheme: fc.constantFrom('sip', 'sips', 'SIP'),
  user: fc.option(user, { nil: undefined }),
  password: fc.option(run(/^[a-zA-Z0-9\-_.!~*'()&=+$,]{1,6}$/), { nil: undefined }),
  host,
  port: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
  params: fc.array(fc.tuple(param, fc.option(param, { nil: undefined })), { maxLength: 4 }),
  headers: fc.array(fc.tuple(header, header), { maxLength: 3 }),
});

test('property: what the grammar of §25.1 generates is parsed into the parts that it was made of', () => {
  fc.assert(
    fc.property(parts, (p) => {
      const password = p.user === undefined ? undefined : p.password;
      const userinfo = p.user === undefined ? '' : `${p.user}${password === undefined ? '' : `:${password}`}@`;
      const params = p.params.map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`)).join('');
      const headers = p.headers.map(([name, value]) => `${name}=${value}`).join('&');
      const port = p.port === undefined ? '' : `:${p.port}`;
      const text = `${p.scheme}:${userinfo}${p.host}${port}${params}${headers && `?${headers}`}`;
      const uri = sip(text);
      assert.equal(uri.text, text);
      assert.deepEqual(
        [uri.user, uri.password, uri.host, uri.port, uri.params.toString(), uri.headers],
        [p.user, password, p.host, p.port, params, headers],
      );
      assert.deepEqual(
        uri.params.entries(),
        p.params.map(([name, value]) => ({ name, value })),
      );
    }),
    { numRuns: 500 },
  );
});

test('property: no text makes parseUri throw, and a failure points into the text', () => {
  const near = fc.stringMatching(/^(sips?|tel|x):[a%4@:[\];=?&.1 <"]{0,30}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      const uri = parseUri(text);
      if (isSipError(uri)) assert(uri.offset >= 0 && uri.offset <= text.length + 1);
      else assert.equal(uri.text, text);
    }),
    { numRuns: 2000 },
  );
});
