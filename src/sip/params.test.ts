import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from './limits.ts';
import { Params, parseHeaderParams } from './params.ts';
import { isSipError } from './sip-error.ts';

function params(text: string): Params {
  const parsed = parseHeaderParams(text, 0);
  assert(parsed instanceof Params, JSON.stringify(parsed));
  return parsed;
}

test('§7.3.1: names have no case, the order is kept, the text is verbatim', () => {
  const list = params(';Tag = abc ;lr; q=0.5;+sip.instance="<urn:uuid:1>"');
  assert.equal(list.get('tag'), 'abc');
  assert.equal(list.get('TAG'), 'abc');
  assert.equal(list.get('lr'), '');
  assert.equal(list.has('lr'), true);
  assert.equal(list.has('l'), false);
  assert.equal(list.get('+sip.instance'), '<urn:uuid:1>');
  assert.equal(list.raw('+sip.instance'), '"<urn:uuid:1>"');
  assert.equal(list.size, 4);
  assert.deepEqual(list.entries()[1], { name: 'lr', value: undefined });
  assert.equal(list.toString(), ';Tag = abc ;lr; q=0.5;+sip.instance="<urn:uuid:1>"');
});

test('§25.1 quoted-pair: a value loses its quotes and backslashes, raw keeps them', () => {
  const list = params(String.raw`;a="x\"y\\z;,=";b=""`);
  assert.equal(list.get('a'), String.raw`x"y\z;,=`);
  assert.equal(list.raw('a'), String.raw`"x\"y\\z;,="`);
  assert.equal(list.get('b'), '');
  assert.equal(list.raw('b'), '""');
});

test('registrar 6.1: of a repeated parameter the last one counts, "name=" is an empty value', () => {
  assert.equal(params(';expires=100;EXPIRES=200').get('expires'), '200');
  assert.equal(params(';q=').get('q'), '');
  assert.equal(params(';q=;x=1').get('q'), '');
});

test('§25.1 gen-value: a host is a value', () => {
  assert.equal(params(';received=[2001:db8::1];maddr=2001:db8::2').get('received'), '[2001:db8::1]');
});

test('no parameters at all are the one empty list', () => {
  assert.equal(params(''), Params.none);
  assert.equal(params('  '), Params.none);
});

for (const text of [
  ';',
  ';a;',
  ';;a',
  ';=a',
  'a',
  ';a b',
  ';a=b c',
  ';a="b',
  ';a="b"c',
  ';a=b,c',
  ';a=<b>',
  ';a="\\',
]) {
  test(`§25.1: ${text} is malformed`, () => {
    const error = parseHeaderParams(text, 0);
    assert(isSipError(error));
    assert.equal(error.code, 'SIP_BAD_PARAMETER');
  });
}

test('limit maxParams: a header value with more parameters is refused', () => {
  assert.equal(params(';x'.repeat(limits.maxParams)).size, limits.maxParams);
  assert(isSipError(parseHeaderParams(';x'.repeat(limits.maxParams + 1), 0)));
});
