import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../limits.ts';
import { isSipError } from '../sip-error.ts';
import { type Contact, parseContacts } from './contact.ts';

function contacts(...values: string[]): Contact[] {
  const parsed = parseContacts(values);
  assert(Array.isArray(parsed), JSON.stringify(parsed));
  return parsed;
}

function code(...values: string[]): string {
  const parsed = parseContacts(values);
  assert(isSipError(parsed), JSON.stringify(parsed));
  return parsed.code;
}

test('decision 5: contacts come in the order written', () => {
  assert.deepEqual(
    contacts('<sip:a@1.1.1.1>', 'sip:b@1.1.1.1', '"c, d" <sip:c@1.1.1.1>').map((contact) => contact.uriText),
    ['sip:a@1.1.1.1', 'sip:b@1.1.1.1', 'sip:c@1.1.1.1'],
  );
});

test('registrar 18 #5: name, q and unknown parameters are read', () => {
  const [contact] = contacts(String.raw`"A, \"B\"" <sip:a@10.0.0.1>;q=0.2;foo=bar;+x="y"`);
  assert.equal(contact?.displayName, 'A, "B"');
  assert.equal(contact?.q, 200);
  assert.equal(contact?.params.get('+X'), 'y');
  assert.equal(contact?.expires, undefined);
});

test('registrar 18 #6, §20.10: after a bare URI come parameters of the header', () => {
  const [contact] = contacts('sip:a@10.0.0.1;transport=tcp;expires=99');
  assert.equal(contact?.uriText, 'sip:a@10.0.0.1');
  assert.equal(contact?.expires, '99');
  assert.equal(contact?.params.get('transport'), 'tcp');
});

test('registrar 18 #7: in brackets they belong to the URI', () => {
  const [contact] = contacts('<sip:a@10.0.0.1;transport=tcp>');
  assert.equal(contact?.uriText, 'sip:a@10.0.0.1;transport=tcp');
  assert.equal(contact?.params.size, 0);
});

test('registrar 18 #57, #58, #59: expires without value is absent, the last one counts, names have no case', () => {
  assert.equal(contacts('<sip:a@1.1.1.1>;expires')[0]?.expires, undefined);
  assert.equal(contacts('<sip:a@1.1.1.1>;expires=""')[0]?.expires, undefined);
  assert.equal(contacts('<sip:a@1.1.1.1>;expires=100;expires=200')[0]?.expires, '200');
  const [contact] = contacts('<sip:a@1.1.1.1>;EXPIRES=123;Q=0.3');
  assert.deepEqual([contact?.expires, contact?.q], ['123', 300]);
});

test('registrar 18 #56, #72, #74, #75: expires may be quoted; a bad q is a failure of q alone; an empty q is none', () => {
  assert.equal(contacts('<sip:a@1.1.1.1>;expires="200"')[0]?.expires, '200');
  const [contact] = contacts('<sip:a@1.1.1.1>;q=2');
  assert(isSipError(contact?.q));
  assert.equal(contact?.q.code, 'SIP_BAD_Q');
  for (const q of ['q', 'q=', 'q=""']) assert.equal(contacts(`<sip:a@1.1.1.1>;${q}`)[0]?.q, undefined);
  assert.equal(contacts('<sip:a@1.1.1.1>;q=" 0.5"')[0]?.q, 500);
});

test('decision 31: a malformed contact URI is a failure of the URI alone', () => {
  assert(isSipError(contacts('<foo>')[0]?.uri));
  assert(isSipError(contacts('<sip:a@b_c>')[0]?.uri));
  assert(!isSipError(contacts('<tel:+123>')[0]?.uri));
});

test('decision 13: "*" is accepted alone and exactly so', () => {
  assert.equal(parseContacts(['*']), '*');
  assert.equal(code('*', '<sip:a@b>'), 'SIP_STAR_NOT_ALONE');
  assert.equal(code('<sip:a@b>', '*'), 'SIP_STAR_NOT_ALONE');
  assert.equal(code('*', '*'), 'SIP_STAR_NOT_ALONE');
  assert.equal(code('*;expires=0'), 'SIP_BAD_CONTACT');
  assert.equal(code('*foo <sip:x@y>'), 'SIP_BAD_CONTACT');
});

test('registrar 6.1: what follows a comma or a semicolon must exist', () => {
  assert.equal(code('<sip:a@b>', ''), 'SIP_BAD_CONTACT');
  assert.equal(code('<sip:a@b>;'), 'SIP_BAD_CONTACT');
  assert.equal(code(''), 'SIP_BAD_CONTACT');
  assert.equal(code('foo'), 'SIP_BAD_CONTACT');
  assert.equal(code('Bob sip:q@1.1.1.1'), 'SIP_BAD_CONTACT');
  assert.equal(code('<sip:a@3.3.3.3> foo'), 'SIP_BAD_CONTACT');
});

test('limit maxContacts: a message with more contacts is refused', () => {
  const values = Array<string>(limits.maxContacts).fill('<sip:a@b>');
  assert.equal(contacts(...values).length, limits.maxContacts);
  assert.equal(code(...values, '<sip:a@b>'), 'SIP_TOO_MANY');
});
