import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Blocks } from './blocks.ts';
import { Slabs, slabBytes, wordOf } from './slabs.ts';

/** Blocks that carry their owner's number in the first word and its size in the second. */
class Owners {
  readonly slabs = new Slabs();
  readonly refs = new Map<number, number>();
  readonly blocks = new Blocks(this.slabs, (from, to) => {
    const owner = this.#first(to);
    assert.equal(this.refs.get(owner), from, 'who is told to have moved was there');
    this.refs.set(owner, to);
  });
  #made = 0;

  add(bytes: number): void {
    const ref = this.blocks.allocate(bytes);
    const { words } = this.slabs.of(ref);
    const start = wordOf(ref);
    const owner = this.#made++;
    for (let i = 0; i < bytes >>> 2; i++) words[start + i] = owner;
    this.refs.set(owner, ref);
  }

  remove(index: number): void {
    const entry = [...this.refs][index % Math.max(1, this.refs.size)];
    if (entry === undefined) return;
    this.refs.delete(entry[0]);
    this.blocks.free(entry[1]);
  }

  check(): void {
    const { blocks, blockBytes, vacantBytes, tailBytes } = this.blocks.report();
    assert.equal(blocks, this.refs.size);
    assert.equal(blockBytes + vacantBytes + tailBytes + this.slabs.reserveBytes, this.slabs.bytes);
    for (const [owner, ref] of this.refs) assert.equal(this.#first(ref), owner);
  }

  #first(ref: number): number {
    return this.slabs.of(ref).words[wordOf(ref)] ?? -1;
  }
}

const size = fc.oneof(fc.integer({ min: 8, max: 600 }), fc.integer({ min: 8, max: 20_000 }));
const steps = fc.array(
  fc.oneof(
    size.map((bytes) => bytes & ~3),
    fc.nat(1000).map((index) => -index - 1),
  ),
  { maxLength: 300 },
);

test('whatever comes and goes, every block keeps its bytes, moved or not, and every byte of the slabs is named', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const owners = new Owners();
      for (const step of list) {
        if (step > 0) owners.add(step);
        else owners.remove(-step - 1);
      }
      owners.check();
    }),
    { numRuns: 60 },
  );
});

test('free places of a class fit into one slab after nine of ten blocks have gone, and slabs go back', () => {
  const owners = new Owners();
  for (let i = 0; i < 4000; i++) owners.add(160);
  const full = owners.slabs.bytes;
  for (let i = 0; i < 3600; i++) owners.remove(i * 7);
  owners.check();
  assert.ok(owners.blocks.report().vacantBytes < slabBytes);
  assert.ok(owners.slabs.bytes <= full * 0.2 + 5 * slabBytes);
});

test('a block larger than any class has a slab of its own, and small growth stays in place', () => {
  const slabs = new Slabs();
  const blocks = new Blocks(slabs, () => assert.fail('nothing can move'));
  const ref = blocks.allocate(1_000_000);
  assert.ok(blocks.fits(ref, 1_040_000));
  assert.ok(!blocks.fits(ref, 1_200_000));
  assert.ok(!blocks.fits(ref, 100));
  blocks.free(ref);
  assert.equal(slabs.bytes, 0);
});
