import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RefIndex } from './ref-index.ts';
import { scrambled } from './scrambled.ts';
import { Slabs, slabBytes } from './slabs.ts';

/** An index whose references are their own keys. */
function makeIndex(slabs = new Slabs()): RefIndex<number> {
  return new RefIndex<number>(slabs, (ref, key) => ref === key);
}

const entry = fc.record({ add: fc.boolean(), ref: fc.integer({ min: 1, max: 60 }) });
/** Hashes that collide in all bits, in the slot, at the end of a segment, or not at all. */
const hashings: readonly ((ref: number) => number)[] = [
  () => -1,
  (ref) => (ref << 13) | 0x1fff,
  (ref) => ref % 4,
  scrambled,
];

test('the index does what a Map does, also when all hashes are one', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), fc.constantFrom(...hashings), (entries, hashOf) => {
      const index = makeIndex();
      const model = new Set<number>();
      for (const { add, ref } of entries) {
        if (add && !model.has(ref)) {
          index.insert(hashOf(ref), ref);
          model.add(ref);
        } else if (!add && model.delete(ref)) {
          index.remove(hashOf(ref), ref);
        }
      }
      assert.equal(index.size, model.size);
      for (let ref = 1; ref <= 60; ref++) assert.equal(index.find(hashOf(ref), ref), model.has(ref) ? ref : 0);
    }),
  );
});

test('a reference under two hashes is two entries: each is moved and removed by its own', () => {
  const index = new RefIndex<number>(new Slabs(), () => true);
  index.insert(8, 77);
  index.insert(8 + 8192, 77);
  index.replace(8 + 8192, 77, 99);
  assert.deepEqual([index.find(8, 0), index.find(8 + 8192, 0)], [77, 99]);
  index.remove(8, 77);
  assert.deepEqual([index.find(8, 0), index.find(8 + 8192, 0)], [0, 99]);
});

test('it grows one segment at a time and shrinks again; its load stays between bounds', () => {
  const slabs = new Slabs();
  const index = makeIndex(slabs);
  const most = 100_000;
  let before = index.report().bytes;
  for (let ref = 1; ref <= most; ref++) {
    index.insert(scrambled(ref), ref);
    const { bytes } = index.report();
    assert.ok(bytes - before <= slabBytes);
    before = bytes;
  }
  assert.ok(before <= (most * 8) / 0.35);
  for (let ref = 1; ref <= most; ref++) assert.equal(index.find(scrambled(ref), ref), ref);
  for (let ref = 1; ref <= most; ref++) index.remove(scrambled(ref), ref);
  assert.equal(index.size, 0);
  assert.ok(index.report().bytes <= 2 * slabBytes, `${index.report().bytes}`);
});

test('very many equal hashes make one segment larger and leave the others as they are', () => {
  const index = makeIndex();
  for (let ref = 1; ref <= 9000; ref++) index.insert(42, ref);
  for (let ref = 10_001; ref <= 30_000; ref++) index.insert(scrambled(ref), ref);
  assert.ok(index.report().bytes < 16 * slabBytes);
  assert.equal(index.find(42, 9000), 9000);
  for (let ref = 10_001; ref <= 30_000; ref++) assert.equal(index.find(scrambled(ref), ref), ref);
});
