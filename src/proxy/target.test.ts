import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupTargets, targetOf } from './target.ts';

const a = targetOf('sip:a@192.0.2.11', { q: 500 });
const b = targetOf('sip:b@192.0.2.12', { q: 900 });
const c = targetOf('sip:c@192.0.2.13', { q: 500 });
const d = targetOf('sip:d@192.0.2.14');
const e = targetOf('sip:e@192.0.2.15', { q: 0 });

test('§16.6: in parallel all targets are one group, in the order of the list', () => {
  assert.deepEqual(groupTargets([a, b, c], 'parallel'), [[a, b, c]]);
});

test('§16.6: in serial order equal q makes a group, and the highest q goes first', () => {
  assert.deepEqual(groupTargets([a, b, c], 'serial'), [[b], [a, c]]);
});

test('§16.6: a target without q goes with those of 1.0, one of q 0 goes last', () => {
  const full = targetOf('sip:f@192.0.2.16', { q: 1000 });
  assert.deepEqual(groupTargets([e, a, d, full], 'serial'), [[d, full], [a], [e]]);
});

test('no targets make no group', () => {
  assert.deepEqual(groupTargets([], 'serial'), []);
  assert.deepEqual(groupTargets([], 'parallel'), []);
});

test('§16.6 step 2, §19.1.1: a Request-URI is a contact without what belongs to contacts only', () => {
  for (const [contact, requestUri] of [
    ['sip:bob@192.0.2.4', 'sip:bob@192.0.2.4'],
    ['sip:bob@192.0.2.4;transport=tcp?Route=%3Csip:evil%3E&Subject=x', 'sip:bob@192.0.2.4;transport=tcp'],
    ['sip:bob@192.0.2.4;Method=INVITE;ob;x=1', 'sip:bob@192.0.2.4;ob;x=1'],
    ['sip:bob@192.0.2.4;lr;method=BYE?Replaces=1', 'sip:bob@192.0.2.4;lr'],
    ['sip:who?me@192.0.2.4?a=b?c', 'sip:who?me@192.0.2.4'],
    ['sip:bob;method=x@192.0.2.4', 'sip:bob;method=x@192.0.2.4'],
    ['tel:+1-201;method=x', 'tel:+1-201;method=x'],
    ['not a URI?a=b', 'not a URI?a=b'],
  ] as const) {
    assert.equal(targetOf(contact).uri, requestUri);
  }
});
