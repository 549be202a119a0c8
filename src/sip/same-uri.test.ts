import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSipError } from './sip-error.ts';
import { parseUri, sameUri, type Uri } from './uri.ts';

function uri(text: string): Uri {
  const parsed = parseUri(text);
  assert(!isSipError(parsed), text);
  return parsed;
}

const equal: readonly (readonly [string, string, string])[] = [
  ['§19.1.4 example', 'sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
  ['§19.1.4 example', 'sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
  ['§19.1.4 example', 'sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
  ['§19.1.4 example', 'sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
  [
    '§19.1.4 example',
    'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
    'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
  ],
  [
    '§19.1.4 example',
    'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
    'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
  ],
  ['the scheme has no case', 'SIP:a@b', 'sip:a@b'],
  ['header names have no case', 'sip:a@b?Subject=x', 'sip:a@b?subject=x'],
  ['hex digits of an escape have no case', 'sip:a%3a@b', 'sip:a%3A@b'],
  ['lr in one only', 'sip:a@b;lr', 'sip:a@b'],
  ['RFC 5954 §4.2: IPv6 by value', 'sip:a@[2001:db8::1]', 'sip:a@[2001:DB8:0:0:0:0:0:1]'],
  ['RFC 5954 §4.2: IPv6 with an IPv4 tail', 'sip:a@[::ffff:192.0.2.1]', 'sip:a@[::FFFF:c000:201]'],
  ['RFC 3966 §4: visual separators', 'tel:+1-212-555', 'tel:+1(212)555'],
  ['RFC 3966 §4: order of parameters', 'tel:1;ext=2;phone-context=+44', 'tel:1;phone-context=+4-4;EXT=2'],
  ['RFC 3966 §4: hex digits', 'tel:a1;phone-context=EXAMPLE.com', 'tel:A1;phone-context=example.com'],
  ['the scheme of any URI has no case', 'MAILTO:x@y', 'mailto:x@y'],
];

const different: readonly (readonly [string, string, string])[] = [
  [
    '§19.1.4 example: different usernames',
    'SIP:ALICE@AtLanTa.CoM;Transport=udp',
    'sip:alice@AtLanTa.CoM;Transport=UDP',
  ],
  ['§19.1.4 example: can resolve to different ports', 'sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
  ['§19.1.4 example: can resolve to different transports', 'sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
  [
    '§19.1.4 example: can resolve to different port and transports',
    'sip:bob@biloxi.com',
    'sip:bob@biloxi.com:6000;transport=tcp',
  ],
  [
    '§19.1.4 example: different header component',
    'sip:carol@chicago.com',
    'sip:carol@chicago.com?Subject=next%20meeting',
  ],
  ['§19.1.4 example: even though that is what it resolves to', 'sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
  [
    '§19.1.4 example: equality is not transitive',
    'sip:carol@chicago.com;security=on',
    'sip:carol@chicago.com;security=off',
  ],
  ['a SIP and a SIPS URI are never the same', 'sip:a@b', 'sips:a@b'],
  ['with and without a user', 'sip:a@b', 'sip:b'],
  ['with and without a password', 'sip:a:p@b', 'sip:a@b'],
  ['passwords have a case', 'sip:a:p@b', 'sip:a:P@b'],
  ['user in one only', 'sip:a@b;user=ip', 'sip:a@b'],
  ['ttl in one only', 'sip:a@b', 'sip:a@b;ttl=1'],
  ['method in one only, even with the default', 'sip:a@b;method=INVITE', 'sip:a@b'],
  ['maddr in one only', 'sip:a@b', 'sip:a@b;maddr=192.0.2.1'],
  ['a reserved character and its escape', 'sip:a;b@c', 'sip:a%3bb@c'],
  ['an escaped percent sign', 'sip:%2561@c', 'sip:%61@c'],
  ['a header more', 'sip:a@b?x=1', 'sip:a@b?x=1&y=2'],
  ['the same header twice', 'sip:a@b?x=1&x=1&y=2', 'sip:a@b?x=1&y=2&y=2'],
  ['IPv6 and a name', 'sip:a@[::1]', 'sip:a@localhost'],
  ['two IPv6 addresses', 'sip:a@[::1]', 'sip:a@[::2]'],
  ['global and local numbers', 'tel:+1', 'tel:1;phone-context=+44'],
  ['phone contexts', 'tel:1;phone-context=+44', 'tel:1;phone-context=+45'],
  ['an extension in one only', 'tel:+1;ext=5', 'tel:+1'],
  ['other schemes byte by byte', 'mailto:x@y', 'mailto:x@Y'],
];

for (const [why, a, b] of equal) {
  test(`${why}: ${a} = ${b}`, () => {
    assert(sameUri(uri(a), uri(b)));
    assert(sameUri(uri(b), uri(a)));
  });
}
for (const [why, a, b] of different) {
  test(`${why}: ${a} ≠ ${b}`, () => {
    assert(!sameUri(uri(a), uri(b)));
    assert(!sameUri(uri(b), uri(a)));
  });
}
