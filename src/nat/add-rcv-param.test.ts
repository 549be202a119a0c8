import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRcvParam } from './add-rcv-param.ts';
import { messageWith } from './testing/message-with.ts';

const uri = 'sip:198.51.100.7:40000;transport=TCP';
const added = `;received="${uri}"`;

const table: readonly (readonly [title: string, contact: string, expected: string])[] = [
  ['after the parameters', '<sip:bob@10.0.0.1>;q=0.5', `<sip:bob@10.0.0.1>;q=0.5${added}`],
  ['without brackets it is a header parameter', 'sip:bob@10.0.0.1', `sip:bob@10.0.0.1${added}`],
  ['after each contact', '<sip:a@h>, <sip:b@h>;q=1', `<sip:a@h>${added}, <sip:b@h>;q=1${added}`],
  [
    'RFC 3261 §7.3.1: in place of one that was there',
    '<sip:bob@10.0.0.1>;q=0.5;Received="sip:192.0.2.1";expires=60;x="a;b"',
    `<sip:bob@10.0.0.1>;q=0.5;expires=60;x="a;b"${added}`,
  ],
  ['a bare parameter stays bare', '<sip:b@h>;received=x;ob', `<sip:b@h>;ob${added}`],
];

for (const [title, contact, expected] of table) {
  test(`add_rcv_param: ${title}`, () => {
    const message = messageWith(`Contact: ${contact}`);
    assert.equal(addRcvParam(message, uri), true);
    assert.equal(message.header('contact'), expected);
    assert.equal(addRcvParam(message, uri), true);
    assert.equal(message.header('contact'), expected, 'the second call changes nothing');
    assert.ok(Array.isArray(message.contacts));
    for (const parsed of message.contacts) assert.equal(parsed.params.get('received'), uri);
  });
}

test('add_rcv_param: the original of a forwarded copy stays as it is', () => {
  const original = messageWith('Contact: <sip:bob@10.0.0.1>');
  const copy = original.clone();
  addRcvParam(copy, uri);
  assert.equal(original.header('contact'), '<sip:bob@10.0.0.1>');
});

for (const lines of [[], ['Contact: *'], ['Contact: <sip:bob@10.0.0.1']]) {
  test(`add_rcv_param: no contact to mark in ${JSON.stringify(lines)}`, () => {
    const message = messageWith(...lines);
    const before = message.toWire();
    assert.equal(addRcvParam(message, uri), false);
    assert.equal(message.toWire(), before);
  });
}
