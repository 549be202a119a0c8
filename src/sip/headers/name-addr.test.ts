import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quote } from '../quoted-string.ts';
import { isSipError } from '../sip-error.ts';
import { NameAddr, parseNameAddr } from './name-addr.ts';

function nameAddr(text: string): NameAddr {
  const parsed = parseNameAddr(text);
  assert(parsed instanceof NameAddr, `${text}: ${JSON.stringify(parsed)}`);
  return parsed;
}

const readable: readonly (readonly [string, string, string | undefined, string, string])[] = [
  [
    '§20.20',
    '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s',
    'A. G. Bell',
    'sip:agb@bell-telephone.com',
    ';tag=a48s',
  ],
  [
    '§20.20',
    'sip:+12125551212@server.phone2net.com;tag=887s',
    undefined,
    'sip:+12125551212@server.phone2net.com',
    ';tag=887s',
  ],
  [
    '§20.20',
    'Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8',
    'Anonymous',
    'sip:c8oqz84zk7z@privacy.org',
    ';tag=hyh8',
  ],
  ['§20.10', '"Mr. Watson" <sip:watson@example.com> ;q=0.7', 'Mr. Watson', 'sip:watson@example.com', ';q=0.7'],
  ['RFC 4475 §3.1.1.6', 'caller<sip:caller@example.com>;tag=323', 'caller', 'sip:caller@example.com', ';tag=323'],
  [
    'quoted pairs',
    String.raw`"J Rosenberg \\\"" <sip:jdrosen@example.com>`,
    String.raw`J Rosenberg \"`,
    'sip:jdrosen@example.com',
    '',
  ],
  ['no blank after the quote', '"a"<sip:a@b>', 'a', 'sip:a@b', ''],
  ['an empty quoted name', '"" <sip:a@b>', '', 'sip:a@b', ''],
  ['brackets and commas in quotes', '"<sip:x@y>, \\"" <sip:a@b>', '<sip:x@y>, "', 'sip:a@b', ''],
  ['several tokens', 'Bell  A. G. <sip:a@b>', 'Bell  A. G.', 'sip:a@b', ''],
  ['bytes of UTF-8 without quotes', 'Jos\u00c3\u00a9 <sip:a@b>', 'Jos\u00c3\u00a9', 'sip:a@b', ''],
  ['parameters of the URI', '<sip:a@b;lr;x=1?y=z>;lr', undefined, 'sip:a@b;lr;x=1?y=z', ';lr'],
  ['another scheme', '<tel:+1-2;ext=3>', undefined, 'tel:+1-2;ext=3', ''],
];
for (const [why, text, name, uri, params] of readable) {
  test(`${why}: ${text}`, () => {
    const value = nameAddr(text);
    assert.deepEqual([value.displayName, value.uriText, value.params.toString()], [name, uri, params]);
    assert(!isSipError(value.uri));
    assert.equal(value.text, text);
  });
}

test('§19.3: an empty tag is none', () => {
  assert.equal(nameAddr('<sip:a@b>;tag=').tag, undefined);
  assert.equal(nameAddr('<sip:a@b>;TAG=x').tag, 'x');
});

test('a malformed URI in brackets is a failure of the URI, not of the value', () => {
  assert(isSipError(nameAddr('<sip:a b@c>').uri));
  assert(isSipError(nameAddr('<>').uri));
});

for (const [why, text] of [
  ['nothing', ''],
  ['RFC 4475 §3.1.2.15: a comma in a name without quotes', 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43'],
  ['RFC 4475 §3.1.2.6: a quote that is not closed', '"Mr. J. User <sip:j.user@example.com>'],
  ['RFC 4475 §3.1.2.13: "?" in a bare URI', 'sip:user@example.com?Route=%3Csip:sip.example.com%3E'],
  ['registrar 6.1: a name before a bare URI', 'Bob sip:q@1'],
  ['registrar 6.1: text between ">" and ";"', '<sip:a@3> foo;x=1'],
  ['registrar 6.1: a ";" with nothing after it', '<sip:a@b>;'],
  ['no ">"', '<sip:a@b'],
  ['a quoted name alone', '"a"'],
  ['a quoted name and a bare URI', '"a" sip:a@b'],
  ['no URI', 'alice'],
  ['a bracket inside of a bare URI', 'sip:a<b@c'],
  ['two of them', '<sip:a@b> <sip:c@d>'],
  ['a name with other characters', 'a(b) <sip:a@b>'],
] as const) {
  test(`${why} is malformed: ${JSON.stringify(text)}`, () => assert(isSipError(parseNameAddr(text))));
}

test('property: any display name survives quoting', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (name) => {
      assert.equal(nameAddr(`${quote(name)} <sip:a@b>;tag=1`).displayName, name);
    }),
  );
});

test('property: no text makes parseNameAddr throw', () => {
  const near = fc.stringMatching(/^("a"|a)? ?<?[sip:a@b;= "\\>?,]{0,30}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      const value = parseNameAddr(text);
      if (!isSipError(value)) assert.equal(value.text, text);
    }),
    { numRuns: 2000 },
  );
});
