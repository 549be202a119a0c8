import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AvpName, Avps, type AvpValue } from './avps.ts';

describe('companions 1.3: AVPs', () => {
  test('the value added last is found first, and numbers and strings are separate names', () => {
    const avps = new Avps();
    avps.add(7, 'a');
    avps.add(7, 2);
    avps.add('7', 'text');
    assert.equal(avps.get(7), 2);
    assert.deepEqual(avps.all(7), [2, 'a']);
    assert.deepEqual(
      [avps.at(7, 0), avps.at(7, 1), avps.at(7, 2), avps.at(7, -1), avps.at(7, -3)],
      [2, 'a', undefined, 'a', undefined],
    );
    assert.equal(avps.get('7'), 'text');
    assert.deepEqual([avps.count(7), avps.count('7'), avps.count(8)], [2, 1, 0]);
    assert.deepEqual(avps.entries(), [
      { name: 7, value: 2 },
      { name: 7, value: 'a' },
      { name: '7', value: 'text' },
    ]);
  });

  test('one value is replaced or removed by its place, or all of a name, or all', () => {
    const avps = new Avps();
    for (const value of ['a', 'b', 'c']) avps.add('x', value);
    assert.equal(avps.replace('x', 1, 'B'), true);
    assert.equal(avps.replace('x', 3, 'D'), false);
    assert.equal(avps.replace('y', 0, 'D'), false);
    assert.deepEqual(avps.all('x'), ['c', 'B', 'a']);
    assert.equal(avps.deleteAt('x'), true);
    assert.equal(avps.deleteAt('x', -1), true);
    assert.equal(avps.deleteAt('x', 5), false);
    assert.deepEqual(avps.all('x'), ['B']);
    assert.equal(avps.deleteAt('x'), true);
    assert.equal(avps.deleteAt('x'), false);
    avps.add('x', 1);
    assert.deepEqual([avps.delete('x'), avps.delete('x'), avps.clear()], [true, false, false]);
    avps.add('x', 1);
    assert.deepEqual([avps.clear(), avps.entries().length], [true, 0]);
  });

  test('trees are made when they are first asked for', () => {
    const avps = new Avps();
    assert.equal(avps.hasTrees, false);
    assert.equal(avps.trees, avps.trees);
    assert.equal(avps.hasTrees, true);
  });

  test('any sequence of changes leaves what a list with the newest in front would have', () => {
    const name = fc.constantFrom<AvpName>(1, 2, '1', 'x');
    const change = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), name, value: fc.oneof(fc.integer(), fc.string()) }),
      fc.record({ kind: fc.constant('delete' as const), name }),
      fc.record({ kind: fc.constant('deleteAt' as const), name, place: fc.integer({ min: -3, max: 3 }) }),
      fc.record({
        kind: fc.constant('replace' as const),
        name,
        place: fc.integer({ min: -3, max: 3 }),
        value: fc.integer(),
      }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const avps = new Avps();
        const model = new Map<AvpName, AvpValue[]>();
        for (const step of changes) {
          const values = model.get(step.name) ?? [];
          model.set(step.name, values);
          if (step.kind === 'add') {
            avps.add(step.name, step.value);
            values.unshift(step.value);
          } else if (step.kind === 'delete') assert.equal(avps.delete(step.name), values.splice(0).length > 0);
          else {
            const at = step.place < 0 ? values.length + step.place : step.place;
            const isThere = at >= 0 && at < values.length;
            if (step.kind === 'deleteAt') {
              assert.equal(avps.deleteAt(step.name, step.place), isThere);
              if (isThere) values.splice(at, 1);
            } else {
              assert.equal(avps.replace(step.name, step.place, step.value), isThere);
              if (isThere) values[at] = step.value;
            }
          }
          assert.deepEqual(avps.all(step.name), values);
          assert.equal(avps.get(step.name), values[0]);
          assert.equal(avps.at(step.name, -1), values.at(-1));
          assert.equal(avps.count(step.name), values.length);
        }
      }),
    );
  });
});
