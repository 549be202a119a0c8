import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleBinding } from '../testing/sample-binding.ts';
import type { Binding } from './binding.ts';
import { areDistinct, changesBetween } from './changes.ts';

test('changes name what is gone first, in the old order, then what is new or differs, in the new order', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((ruid) => sampleBinding(ruid));
  assert.ok(a && b && c && d);
  const newB = sampleBinding('b', { cseq: 2 });
  assert.deepEqual(changesBetween([a, b, c], [d, newB]), [
    { before: a, after: undefined },
    { before: c, after: undefined },
    { before: undefined, after: d },
    { before: b, after: newB },
  ]);
});

test('a change of order alone is no change', () => {
  const list = ['a', 'b', 'c'].map((ruid) => sampleBinding(ruid));
  assert.deepEqual(changesBetween(list, list.toReversed()), []);
});

const lists = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 25 });

test('the changes applied to the old list as a set give the new one, for short lists and long', () => {
  fc.assert(
    fc.property(lists, lists, fc.integer({ min: 1, max: 3 }), (before, after, cseq) => {
      const old = before.map((n) => sampleBinding(`r${n}`));
      const wanted = after.map(
        (n) => old.find((b) => b.ruid === `r${n}` && cseq === 1) ?? sampleBinding(`r${n}`, { cseq }),
      );
      const set = new Map<string, Binding>(old.map((binding) => [binding.ruid, binding]));
      for (const { before: gone, after: come } of changesBetween(old, wanted)) {
        assert.notEqual(gone, come);
        if (gone !== undefined) assert.ok(set.delete(gone.ruid));
        if (come !== undefined) set.set(come.ruid, come);
      }
      assert.deepEqual([...set.values()].sort(byRuid), [...wanted].sort(byRuid));
    }),
  );
});

test('a list is distinct when no ruid occurs twice, for short lists and long', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 14 }), (numbers) => {
      const bindings = numbers.map((n) => sampleBinding(`r${n}`));
      assert.equal(areDistinct(bindings), new Set(numbers).size === numbers.length);
    }),
  );
});

function byRuid(a: Binding, b: Binding): number {
  return a.ruid < b.ruid ? -1 : 1;
}
