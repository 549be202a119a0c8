import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixNatedContact } from './fix-nated-contact.ts';
import type { Source } from './source.ts';
import { messageWith } from './testing/message-with.ts';

const source: Source = { transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 40000 };
const source6: Source = { ...source, remoteAddress: '2001:db8::7' };

const rewritten: readonly (readonly [title: string, contact: string, expected: string])[] = [
  ['host and port', '<sip:bob@10.0.0.1:5062>', '<sip:bob@198.51.100.7:40000>'],
  ['a port is added', '<sip:bob@10.0.0.1>', '<sip:bob@198.51.100.7:40000>'],
  ['no brackets', 'sip:bob@10.0.0.1;expires=60', 'sip:bob@198.51.100.7:40000;expires=60'],
  [
    'parameters stay',
    '<sip:bob@10.0.0.1;ob;transport=udp>;q=0.5;expires=60',
    '<sip:bob@198.51.100.7:40000;ob;transport=udp>;q=0.5;expires=60',
  ],
  ['URI headers stay', '<sip:bob@10.0.0.1?Subject=x>', '<sip:bob@198.51.100.7:40000?Subject=x>'],
  ['no user', '<sip:10.0.0.1:5062>', '<sip:198.51.100.7:40000>'],
  ['a password stays', '<sip:bob:secret@10.0.0.1>', '<sip:bob:secret@198.51.100.7:40000>'],
  ['sips and its case', '<SIPS:bob@10.0.0.1>', '<SIPS:bob@198.51.100.7:40000>'],
  ['an IPv6 host', '<sip:bob@[fd00::1]:5062;x=y>', '<sip:bob@198.51.100.7:40000;x=y>'],
  ['a host name', '<sip:bob@phone.invalid>', '<sip:bob@198.51.100.7:40000>'],
  [
    'a display name that looks like the URI',
    '"sip:bob@10.0.0.1 \\" <sip:bob@10.0.0.1>" <sip:bob@10.0.0.1>',
    '"sip:bob@10.0.0.1 \\" <sip:bob@10.0.0.1>" <sip:bob@198.51.100.7:40000>',
  ],
  [
    'every contact',
    '<sip:bob@10.0.0.1>;q=1, <sip:bob@10.0.0.2:5070>;q=0.1',
    '<sip:bob@198.51.100.7:40000>;q=1, <sip:bob@198.51.100.7:40000>;q=0.1',
  ],
  [
    'other schemes stay',
    '<tel:+1234>, <sip:bob@10.0.0.2>, <mailto:bob@example.org>',
    '<tel:+1234>, <sip:bob@198.51.100.7:40000>, <mailto:bob@example.org>',
  ],
];

for (const [title, contact, expected] of rewritten) {
  test(`fix_nated_contact: ${title}`, () => {
    const message = messageWith(`Contact: ${contact}`);
    assert.equal(fixNatedContact(message, source), true);
    assert.equal(message.header('contact'), expected);
    assert.equal(fixNatedContact(message, source), false, 'the second call has no effect');
    assert.equal(message.header('contact'), expected);
  });
}

test('fix_nated_contact: an IPv6 source is written in brackets (RFC 3261 §25.1)', () => {
  const message = messageWith('Contact: <sip:bob@10.0.0.1:5062>');
  assert.equal(fixNatedContact(message, source6), true);
  assert.equal(message.header('contact'), '<sip:bob@[2001:db8::7]:40000>');
});

test('fix_nated_contact: contacts of several header lines are rewritten, in their order', () => {
  const message = messageWith('Contact: <sip:a@10.0.0.1>', 'm: <sip:b@10.0.0.2>', 'Contact: <sip:c@10.0.0.3>');
  assert.equal(fixNatedContact(message, source), true);
  const expected = ['a', 'b', 'c'].map((user) => `<sip:${user}@198.51.100.7:40000>`);
  assert.deepEqual(message.values('contact'), expected);
});

test('fix_nated_contact: what save reads afterwards is the rewritten URI', () => {
  const message = messageWith('Contact: <sip:bob@10.0.0.1>');
  assert.ok(Array.isArray(message.contacts));
  fixNatedContact(message, source);
  assert.ok(Array.isArray(message.contacts));
  assert.equal(message.contacts[0].uriText, 'sip:bob@198.51.100.7:40000');
});

for (const [title, lines] of [
  ['no Contact', []],
  ['"*"', ['Contact: *']],
  ['a Contact that cannot be read', ['Contact: <sip:bob@10.0.0.1']],
  ['only other schemes', ['Contact: <tel:+1234>']],
  ['a URI that cannot be read', ['Contact: <sip:bob@>']],
  ['the source already', ['Contact: <sip:bob@198.51.100.7:40000>']],
] as const) {
  test(`fix_nated_contact: nothing to rewrite with ${title}`, () => {
    const message = messageWith(...lines);
    const before = message.toWire();
    assert.equal(fixNatedContact(message, source), false);
    assert.equal(message.toWire(), before);
  });
}
