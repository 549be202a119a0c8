import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowsMethod, methodMask } from './method-mask.ts';

test('RFC 3840 §10: the methods parameter becomes a mask; names without a bit are passed over', () => {
  assert.equal(methodMask('INVITE,ACK, BYE'), 1 + 4 + 8);
  assert.equal(methodMask('INVITE,XYZZY'), 1);
  assert.equal(methodMask('XYZZY'), undefined);
  assert.equal(methodMask(''), undefined);
  assert.equal(methodMask('constructor,__proto__'), undefined);
});

test('methods are case-sensitive (RFC 3261 §7.1)', () => {
  assert.equal(methodMask('invite'), undefined);
});

test('decision 17: a contact takes what it names, and anything when it names nothing', () => {
  const mask = methodMask('INVITE,BYE');
  assert.equal(allowsMethod(mask, 'INVITE'), true);
  assert.equal(allowsMethod(mask, 'MESSAGE'), false);
  assert.equal(allowsMethod(undefined, 'MESSAGE'), true);
  assert.equal(allowsMethod(mask, 'XYZZY'), true);
});

test('ACK and CANCEL go where their INVITE went', () => {
  assert.equal(allowsMethod(methodMask('INVITE'), 'ACK'), true);
  assert.equal(allowsMethod(methodMask('INVITE'), 'CANCEL'), true);
  assert.equal(allowsMethod(methodMask('MESSAGE'), 'CANCEL'), false);
});
