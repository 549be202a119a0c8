import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Params } from '../params.ts';
import { isSipError } from '../sip-error.ts';
import { AuthParams } from './auth-params.ts';
import { formatHeader, isKnownHeader, type KnownHeader, knownHeaders, parseHeader } from './index.ts';
import { NameAddr } from './name-addr.ts';
import { Via } from './via.ts';

/** Values that are read, each with what comes out: objects by their fields, texts of the lazy classes in place of them. */
const accepted: readonly (readonly [name: KnownHeader, value: string, expected: unknown])[] = [
  ['accept', '', []],
  ['accept', 'application/sdp', [{ type: 'application', subtype: 'sdp', params: '' }]],
  [
    'accept',
    'application/sdp;level=1, application/x-private, text/html',
    [
      { type: 'application', subtype: 'sdp', params: ';level=1' },
      { type: 'application', subtype: 'x-private', params: '' },
      { type: 'text', subtype: 'html', params: '' },
    ],
  ],
  [
    'accept',
    '*/* ; q=0.1 , text / * ;q=0',
    [
      { type: '*', subtype: '*', params: '; q=0.1' },
      { type: 'text', subtype: '*', params: ';q=0' },
    ],
  ],
  ['accept-encoding', '', []],
  [
    'accept-encoding',
    'gzip;q=1.0, *;q=0',
    [
      { token: 'gzip', params: ';q=1.0' },
      { token: '*', params: ';q=0' },
    ],
  ],
  [
    'accept-language',
    'da, en-gb;q=0.8, en;q=0.7, *',
    [
      { range: 'da', params: '' },
      { range: 'en-gb', params: ';q=0.8' },
      { range: 'en', params: ';q=0.7' },
      { range: '*', params: '' },
    ],
  ],
  ['accept-language', 'es-419', [{ range: 'es-419', params: '' }]],
  [
    'alert-info',
    '<http://www.example.com/sounds/moo.wav>',
    [{ uri: 'http://www.example.com/sounds/moo.wav', params: '' }],
  ],
  ['allow', 'INVITE, ACK, OPTIONS,CANCEL , BYE', ['INVITE', 'ACK', 'OPTIONS', 'CANCEL', 'BYE']],
  ['allow', '', []],
  ['authentication-info', 'nextnonce="47364c"', 'nextnonce="47364c"'],
  [
    'authorization',
    'NoOneKnowsThisScheme opaque-data=here',
    {
      scheme: 'NoOneKnowsThisScheme',
      params: 'opaque-data=here',
      token68: undefined,
    },
  ],
  ['call-id', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com'],
  ['call-id', 'a', 'a'],
  ['call-id', 'intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{', 'intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{'],
  [
    'call-info',
    '<http://wwww.example.com/alice/photo.jpg> ;purpose=icon, <http://www.example.com/alice/> ;purpose=info',
    [
      { uri: 'http://wwww.example.com/alice/photo.jpg', params: ';purpose=icon' },
      { uri: 'http://www.example.com/alice/', params: ';purpose=info' },
    ],
  ],
  ['contact', '*', '*'],
  [
    'contact',
    '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600, "Mr. Watson" <mailto:watson@bell-telephone.com> ;q=0.1',
    [
      '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600',
      '"Mr. Watson" <mailto:watson@bell-telephone.com> ;q=0.1',
    ],
  ],
  ['content-disposition', 'session; handling=optional', { token: 'session', params: '; handling=optional' }],
  ['content-encoding', 'gzip, tar', ['gzip', 'tar']],
  ['content-language', 'fr, en-US', ['fr', 'en-US']],
  ['content-length', '349', 349],
  ['content-length', '0', 0],
  ['content-length', '000', 0],
  ['content-length', '99999999999999999999999999999', 2 ** 48],
  ['content-type', 'application/sdp', { type: 'application', subtype: 'sdp', params: '' }],
  ['content-type', 'text/html; charset=ISO-8859-4', { type: 'text', subtype: 'html', params: '; charset=ISO-8859-4' }],
  [
    'content-type',
    'multipart/mixed;boundary="a;b,c"',
    { type: 'multipart', subtype: 'mixed', params: ';boundary="a;b,c"' },
  ],
  ['cseq', '4711 INVITE', { number: 4711, method: 'INVITE' }],
  ['date', 'Sat, 13 Nov 2010 23:29:00 GMT', Date.UTC(2010, 10, 13, 23, 29)],
  [
    'error-info',
    '<sip:not-in-service-recording@atlanta.com>',
    [{ uri: 'sip:not-in-service-recording@atlanta.com', params: '' }],
  ],
  ['expires', '5', 5],
  ['expires', '10000000000000000000000000000', 2 ** 31 - 1],
  [
    'from',
    '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s',
    '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s',
  ],
  ['from', 'sip:+12125551212@server.phone2net.com;tag=887s', 'sip:+12125551212@server.phone2net.com;tag=887s'],
  [
    'in-reply-to',
    '70710@saturn.bell-tel.com, 17320@saturn.bell-tel.com',
    ['70710@saturn.bell-tel.com', '17320@saturn.bell-tel.com'],
  ],
  ['max-forwards', '6', 6],
  ['max-forwards', '0', 0],
  ['max-forwards', '255', 255],
  ['max-forwards', '0068', 68],
  ['mime-version', '1.0', { major: 1, minor: 0 }],
  ['min-expires', '60', 60],
  ['organization', 'Boxes by Bob', 'Boxes by Bob'],
  ['organization', '', ''],
  [
    'path',
    '<sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>',
    ['<sip:P3.EXAMPLEHOME.COM;lr>', '<sip:P1.EXAMPLEVISITED.COM;lr>'],
  ],
  ['priority', 'emergency', 'emergency'],
  [
    'proxy-authenticate',
    'Digest realm="atlanta.com", domain="sip:ss1.carrier.com", qop="auth"',
    {
      scheme: 'Digest',
      params: 'realm="atlanta.com", domain="sip:ss1.carrier.com", qop="auth"',
      token68: undefined,
    },
  ],
  ['proxy-authorization', 'Bearer abc.def', { scheme: 'Bearer', params: '', token68: 'abc.def' }],
  ['proxy-require', 'foo', ['foo']],
  [
    'record-route',
    '<sip:server10.biloxi.com;lr>, <sip:bigbox3.site3.atlanta.com;lr>',
    ['<sip:server10.biloxi.com;lr>', '<sip:bigbox3.site3.atlanta.com;lr>'],
  ],
  ['reply-to', 'Bob <sip:bob@biloxi.com>', 'Bob <sip:bob@biloxi.com>'],
  ['require', '100rel', ['100rel']],
  ['retry-after', '18000;duration=3600', { seconds: 18000, comment: undefined, params: ';duration=3600' }],
  [
    'retry-after',
    "120 (I'm in a meeting (again\\)))",
    { seconds: 120, comment: "(I'm in a meeting (again\\)))", params: '' },
  ],
  ['retry-after', '949302838503028349304023988', { seconds: 2 ** 31 - 1, comment: undefined, params: '' }],
  [
    'route',
    '<sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
    ['<sip:services.example.com;lr;unknownwith=value;unknown-no-value>'],
  ],
  [
    'server',
    'HomeServer v2',
    [
      { kind: 'product', name: 'HomeServer', version: undefined },
      { kind: 'product', name: 'v2', version: undefined },
    ],
  ],
  ['service-route', '<sip:P2.HOME.EXAMPLE.COM;lr>', ['<sip:P2.HOME.EXAMPLE.COM;lr>']],
  ['subject', 'Need more boxes', 'Need more boxes'],
  ['subject', '', ''],
  ['subject', 'tab\tand \xd0\xa0', 'tab\tand \xd0\xa0'],
  ['supported', '', []],
  ['supported', '100rel,path', ['100rel', 'path']],
  ['timestamp', '54', { sent: '54', delay: undefined }],
  ['timestamp', '54.21 .5', { sent: '54.21', delay: '.5' }],
  ['timestamp', '54. 0.', { sent: '54.', delay: '0.' }],
  [
    'to',
    'The Operator <sip:operator@cs.columbia.edu>;tag=287447',
    'The Operator <sip:operator@cs.columbia.edu>;tag=287447',
  ],
  ['unsupported', 'foo', ['foo']],
  [
    'user-agent',
    'Softphone/Beta1.5 (curses (all))',
    [
      { kind: 'product', name: 'Softphone', version: 'Beta1.5' },
      { kind: 'comment', text: '(curses (all))' },
    ],
  ],
  [
    'via',
    'SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7, SIP / 2.0 / TCP [2001:db8::9:1]',
    ['SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7', 'SIP / 2.0 / TCP [2001:db8::9:1]'],
  ],
  [
    'warning',
    '307 isi.edu "Session parameter \'foo\' not understood"',
    [{ code: 307, agent: 'isi.edu', text: "Session parameter 'foo' not understood" }],
  ],
  [
    'warning',
    '301 [2001:db8::1]:5060 "a \\"b\\", c", 399 x ""',
    [
      { code: 301, agent: '[2001:db8::1]:5060', text: 'a "b", c' },
      { code: 399, agent: 'x', text: '' },
    ],
  ],
  [
    'www-authenticate',
    'Digest realm="atlanta.com"',
    { scheme: 'Digest', params: 'realm="atlanta.com"', token68: undefined },
  ],
];

const refused: readonly (readonly [name: KnownHeader, value: string, why: string])[] = [
  ['accept', 'application', 'no subtype'],
  ['accept', 'application/', 'an empty subtype'],
  ['accept', 'text/html,', 'a comma at the end'],
  ['accept', 'text/html;', 'a semicolon at the end'],
  ['accept', 'text/html;=1', 'a parameter without a name'],
  ['accept', 'text/html;a="b', 'a quote that is not closed'],
  ['accept-encoding', 'gzip deflate', 'a missing comma'],
  ['accept-language', 'abcdefghi', 'a subtag of nine letters'],
  ['accept-language', 'en-', 'an empty subtag'],
  ['accept-language', '1en', 'a first subtag with a digit'],
  ['alert-info', 'http://example.com', 'no angle brackets'],
  ['alert-info', '<http://example.com', 'a bracket that is not closed'],
  ['alert-info', '<moo.wav>', 'no scheme'],
  ['alert-info', '', 'nothing'],
  ['allow', 'INVITE,,ACK', 'an empty place'],
  ['allow', 'INV(ITE)', 'no token'],
  ['authorization', '', 'nothing'],
  ['call-id', '', 'nothing'],
  ['call-id', 'a@', 'an empty host'],
  ['call-id', '@a', 'an empty word'],
  ['call-id', 'a@b@c', 'two hosts'],
  ['call-id', 'a b', 'a blank'],
  ['call-id', 'a,b', 'a comma, which is no word character'],
  ['contact', '*, <sip:a@b>', '"*" among others'],
  ['contact', '<sip:a@b', 'a bracket that is not closed'],
  ['contact', 'sip:user@example.com?Route=%3Csip:sip.example.com%3E', 'a header without brackets (RFC 4475 §3.1.2.13)'],
  ['contact', '<sip:>', 'no host (decision 31)'],
  ['contact', '<sip:a@b>;q=2', 'a q above 1'],
  ['contact', '', 'nothing'],
  ['content-disposition', ';handling=optional', 'no type'],
  ['content-encoding', '', 'nothing'],
  ['content-language', 'en_US', 'an underscore'],
  ['content-length', '', 'nothing'],
  ['content-length', '-999', 'a sign (RFC 4475 §3.1.2.3)'],
  ['content-length', '13 5', 'two numbers'],
  ['content-length', '0x10', 'a hexadecimal number'],
  ['content-type', '', 'nothing'],
  ['content-type', 'application/sdp, text/plain', 'two types'],
  ['content-type', 'application/sdp;charset=', 'an empty value'],
  ['cseq', '36893488147419103232 REGISTER', 'a number over 2^31 (RFC 4475 §3.1.2.4)'],
  ['cseq', '1', 'no method'],
  ['date', 'Fri, 01 Jan 2010 16:00:00 EST', 'another zone (RFC 4475 §3.1.2.12)'],
  ['expires', 'Thu, 01 Dec 1994 16:00:00 GMT', 'a date, which RFC 2543 allowed'],
  [
    'from',
    'Bell, Alexander <sip:a.g.bell@example.com>;tag=43',
    'a comma in a name without quotes (RFC 4475 §3.1.2.15)',
  ],
  ['to', '"Mr. J. User <sip:j.user@example.com>', 'a quote that is not closed (RFC 4475 §3.1.2.6)'],
  ['to', '"Watson, Thomas" < sip:t.watson@example.org >', 'blanks inside of the brackets (RFC 4475 §3.1.2.14)'],
  ['in-reply-to', '', 'nothing'],
  ['max-forwards', '', 'nothing'],
  ['max-forwards', '256', 'a number over 255'],
  ['max-forwards', '36893488147419103232', 'a number over any'],
  ['max-forwards', '-1', 'a sign'],
  ['mime-version', '1', 'no minor number'],
  ['mime-version', '1 .0', 'a blank inside'],
  ['min-expires', 'soon', 'no number'],
  ['path', 'sip:p1.example.com;lr', 'no angle brackets'],
  ['path', '<sip:p1.example.com;lr>,', 'a comma at the end'],
  ['priority', 'very urgent', 'two tokens'],
  ['proxy-require', '', 'nothing'],
  ['retry-after', 'later', 'no number'],
  ['retry-after', '5 (soon', 'a comment that is not closed'],
  ['server', '', 'nothing'],
  ['server', 'Foo/', 'an empty version'],
  ['subject', 'a\0b', 'a NUL'],
  ['timestamp', '.5', 'no digit before the point'],
  ['timestamp', '1.2.3', 'two points'],
  ['timestamp', '1 x', 'no delay'],
  ['user-agent', '(a', 'a comment that is not closed'],
  ['via', 'SIP/2.0/UDP 192.0.2.15;;,;,,', 'separators without a parameter (RFC 4475 §3.1.2.1)'],
  ['via', 'SIP/2.0 192.0.2.15', 'no transport'],
  ['warning', '1812 overture "In Progress"', 'a code of four digits (RFC 4475 §3.1.2.5)'],
  ['warning', '307 isi.edu', 'no text'],
  ['warning', '307 isi.edu text', 'a text without quotes'],
];

/** The lazy classes by their text, so that a table can say what a value is. */
function plain(value: unknown): unknown {
  if (value instanceof Params || value instanceof AuthParams) return value.toString();
  if (value instanceof NameAddr || value instanceof Via) return value.text;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

describe('the grammar of every header (RFC 3261 §20, §25.1)', () => {
  for (const [name, value, expected] of accepted) {
    it(`${name}: "${value}" is read`, () => {
      const parsed = parseHeader(name, value);
      assert.ok(!isSipError(parsed), isSipError(parsed) ? parsed.message : '');
      assert.deepEqual(plain(parsed), expected);
    });
  }

  for (const [name, value] of accepted) {
    it(`${name}: what is written for "${value}" is read as the same value`, () => {
      const parsed = parseHeader(name, value);
      assert.ok(!isSipError(parsed));
      const again = parseHeader(name, formatHeader(name, parsed));
      assert.deepEqual(plain(again), plain(parsed));
    });
  }

  for (const [name, value, why] of refused) {
    it(`${name}: "${value}" is refused: ${why}`, () => {
      const parsed = parseHeader(name, value);
      assert.ok(isSipError(parsed));
      assert.ok(parsed.offset >= 0 && parsed.offset <= value.length);
    });
  }

  it('every header of the table has a value that is read and formatted', () => {
    const tried = new Set(accepted.map(([name]) => name));
    assert.deepEqual(
      knownHeaders.filter((name) => !tried.has(name)),
      [],
    );
  });

  it('RFC 3261 §20: every header of the RFC is known, and no property of every object is', () => {
    for (const name of ['accept', 'via', 'www-authenticate', 'in-reply-to']) assert.ok(isKnownHeader(name));
    for (const name of ['constructor', '__proto__', 'toString', 'x-unknown', '']) assert.ok(!isKnownHeader(name));
  });

  it('limits: a list of more than 256 values is refused', () => {
    assert.ok(!isSipError(parseHeader('allow', Array(256).fill('A').join())));
    const crossed = parseHeader('allow', Array(257).fill('A').join());
    assert.ok(isSipError(crossed));
    assert.equal(crossed.code, 'SIP_TOO_MANY');
  });
});
