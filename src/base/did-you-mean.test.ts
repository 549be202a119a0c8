import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean } from './did-you-mean.ts';

const names = ['max_contacts', 'max_expires', 'min_expires', 'use_domain', 'save', 'lookup'];

const table: readonly (readonly [string, string | undefined])[] = [
  ['max_contact', 'max_contacts'],
  ['MAX_CONTACTS', 'max_contacts'],
  ['max_conatcts', 'max_contacts'],
  ['mn_expires', 'min_expires'],
  ['use-domain', 'use_domain'],
  ['sav', 'save'],
  ['lokoup', 'lookup'],
  ['xy', undefined],
  ['registered', undefined],
  ['', undefined],
];

for (const [word, meant] of table) {
  test(`issue 4, did you mean: '${word}' is ${meant === undefined ? 'nothing known' : `'${meant}'`}`, () => {
    assert.equal(didYouMean(word, names), meant);
  });
}

test('of two names that are as near, the first one wins', () => {
  assert.equal(didYouMean('m_expires', ['max_expires', 'min_expires']), 'max_expires');
});
