import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleBinding } from '../testing/sample-binding.ts';
import type { Binding } from './binding.ts';
import { insertByQ, insertByTime, replaceByQ, replaceByTime } from './list-order.ts';

const ruids = (list: readonly Binding[]) => list.map((binding) => binding.ruid).join(' ');

test('decision 7: bindings stand in descending q, equal q oldest first, unspecified q last', () => {
  const list: Binding[] = [];
  for (const [ruid, q] of [
    ['none', -1],
    ['half', 500],
    ['zero', 0],
    ['half2', 500],
    ['one', 1000],
    ['none2', -1],
  ] as const) {
    insertByQ(list, sampleBinding(ruid, { q }));
  }
  assert.equal(ruids(list), 'one half half2 zero none none2');
});

test('decision 7: a refresh with the same q keeps its place, a changed q moves behind its equals', () => {
  const list = [sampleBinding('a', { q: 500 }), sampleBinding('b', { q: 500 }), sampleBinding('c', { q: 100 })];
  replaceByQ(list, 0, sampleBinding('a', { q: 500, cseq: 2 }));
  assert.equal(ruids(list), 'a b c');
  replaceByQ(list, 2, sampleBinding('c', { q: 500 }));
  assert.equal(ruids(list), 'a b c');
  replaceByQ(list, 2, sampleBinding('c', { q: 501 }));
  assert.equal(ruids(list), 'c a b');
  replaceByQ(list, 0, sampleBinding('c', { q: -1 }));
  assert.equal(ruids(list), 'a b c');
});

test('decision 6: with desc_time_order new and refreshed bindings go first, those of one request as written', () => {
  const list = [sampleBinding('a'), sampleBinding('b')];
  insertByTime(list, 0, sampleBinding('c'));
  insertByTime(list, 1, sampleBinding('d'));
  assert.equal(ruids(list), 'c d a b');
  replaceByTime(list, 3, 0, sampleBinding('b'));
  assert.equal(ruids(list), 'b c d a');
  replaceByTime(list, 1, 1, sampleBinding('c'));
  assert.equal(ruids(list), 'b c d a');
  replaceByTime(list, 0, 2, sampleBinding('b', { cseq: 9 }));
  assert.equal(ruids(list), 'b c d a');
});

const step = fc.record({ who: fc.integer({ min: 0, max: 9 }), q: fc.constantFrom(-1, 0, 1, 500, 999, 1000) });

test('decision 7: any sequence of inserts and refreshes leaves q descending and equals in order of arrival at that q', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list: Binding[] = [];
      const arrival = new Map<string, number>();
      steps.forEach(({ who, q }, at) => {
        const ruid = `r${who}`;
        const index = list.findIndex((binding) => binding.ruid === ruid);
        if (list[index]?.q !== q) arrival.set(ruid, at);
        if (index === -1) insertByQ(list, sampleBinding(ruid, { q }));
        else replaceByQ(list, index, sampleBinding(ruid, { q }));
      });
      const expected = [...list].sort((a, b) => b.q - a.q || (arrival.get(a.ruid) ?? 0) - (arrival.get(b.ruid) ?? 0));
      assert.equal(ruids(list), ruids(expected));
      assert.equal(new Set(list.map((binding) => binding.ruid)).size, list.length);
    }),
  );
});
