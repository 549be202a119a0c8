import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, type SipUri } from '../sip/uri.ts';
import { addContactAlias, needsContactAlias, takeAlias } from './contact-alias.ts';
import type { Source } from './source.ts';
import { messageWith } from './testing/message-with.ts';

const udp: Source = { transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 5060 };

function uri(text: string): SipUri {
  const parsed = parseUri(text);
  assert(!isSipError(parsed) && isSipUri(parsed));
  return parsed;
}

describe('nathelper: contact aliases', () => {
  for (const [title, contact, source, expected] of [
    ['another address', '<sip:a@10.0.0.1>', udp, '<sip:a@10.0.0.1;alias=198.51.100.7~5060~1>'],
    ['another port', '<sip:a@198.51.100.7:5062>', udp, '<sip:a@198.51.100.7:5062;alias=198.51.100.7~5060~1>'],
    [
      'another transport',
      '<sip:a@198.51.100.7>',
      { ...udp, transport: 'tcp' },
      '<sip:a@198.51.100.7;alias=198.51.100.7~5060~2>',
    ],
    [
      'an IPv6 source',
      '<sip:a@10.0.0.1>;expires=60',
      { transport: 'wss', remoteAddress: '2001:db8::1', remotePort: 40000 },
      '<sip:a@10.0.0.1;alias=[2001:db8::1]~40000~6>;expires=60',
    ],
    [
      'an alias of its own',
      '<sip:a@10.0.0.1;alias=1.2.3.4~1~1;ob>',
      udp,
      '<sip:a@10.0.0.1;ob;alias=198.51.100.7~5060~1>',
    ],
    ['a URI with headers', '<sip:a@10.0.0.1?x=y>', udp, '<sip:a@10.0.0.1;alias=198.51.100.7~5060~1?x=y>'],
    [
      'several contacts',
      '<sip:a@10.0.0.1>, <sip:b@10.0.0.2>',
      udp,
      '<sip:a@10.0.0.1;alias=198.51.100.7~5060~1>, <sip:b@10.0.0.2>',
    ],
  ] as const) {
    it(`cfg-modules §20 set_contact_alias: ${title}`, () => {
      const message = messageWith(`Contact: ${contact}`);
      assert.equal(needsContactAlias(message, source), 'added');
      assert.equal(addContactAlias(message, source), 'added');
      assert.equal(message.header('contact'), expected);
    });
  }

  for (const [contact, source] of [
    ['<sip:a@198.51.100.7>', udp],
    ['<sip:a@198.51.100.7:5060;transport=UDP>', udp],
    ['<sip:a@198.51.100.7;transport=tls>', { transport: 'tls', remoteAddress: '198.51.100.7', remotePort: 5061 }],
  ] as const) {
    it(`cfg-modules §20 set_contact_alias: ${contact} names its true address`, () => {
      const message = messageWith(`Contact: ${contact}`);
      assert.equal(addContactAlias(message, source), 'same');
      assert.equal(message.header('contact'), contact);
    });
  }

  for (const contact of ['*', '<tel:+12>', '<sip:@@>']) {
    it(`cfg-modules §20 set_contact_alias: ${contact} cannot be marked`, () => {
      const message = messageWith(`Contact: ${contact}`);
      assert.equal(needsContactAlias(message, udp), 'none');
      assert.equal(addContactAlias(message, udp), 'none');
    });
  }

  it('cfg-modules §20 handle_ruri_alias: what was marked comes back as it was', () => {
    const message = messageWith('Contact: <sip:a@10.0.0.1;ob>');
    addContactAlias(message, { ...udp, transport: 'tcp' });
    const { contacts } = message;
    assert(Array.isArray(contacts) && contacts[0]);
    assert.deepEqual(takeAlias(uri(contacts[0].uriText)), {
      uri: 'sip:a@10.0.0.1;ob',
      destination: 'sip:198.51.100.7:5060;transport=tcp',
    });
  });

  for (const alias of [
    '',
    '198.51.100.7',
    '198.51.100.7~5060',
    '198.51.100.7~65536~1',
    'host~5060~1',
    '1.2.3.4~5060~4',
  ]) {
    it(`cfg-modules §20 handle_ruri_alias: '${alias}' names no place`, () => {
      const parameter = alias === '' ? ';alias' : `;alias=${alias}`;
      assert.equal(takeAlias(uri(`sip:a@10.0.0.1${parameter}`)), 'malformed');
    });
  }
});
