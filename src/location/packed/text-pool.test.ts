import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedHash } from '../../base/keyed-hash.ts';
import { FakeRandom } from '../../testing/fake-random.ts';
import { Slabs } from './slabs.ts';
import { TextPool } from './text-pool.ts';

function makePool(): TextPool {
  return new TextPool(new Slabs(), new KeyedHash(new FakeRandom()));
}

test('equal texts have one id, which goes with the last reference', () => {
  const pool = makePool();
  const id = pool.acquire('Phone');
  assert.equal(pool.acquire('Phone'), id);
  assert.notEqual(pool.acquire('Telephone'), id);
  pool.release(id);
  assert.equal(pool.text(id), 'Phone');
  assert.equal(pool.report().texts, 2);
  pool.release(id);
  assert.equal(pool.report().texts, 1);
});

test('an id that was given to another text reads as that, and ids are used again', () => {
  const pool = makePool();
  const first = pool.acquire('first');
  assert.equal(pool.text(first), 'first');
  pool.release(first);
  const second = pool.acquire('second');
  assert.equal(second, first);
  assert.equal(pool.text(second), 'second');
});

test('20,000 texts of all lengths are found while others come and go', () => {
  const pool = makePool();
  const texts = Array.from({ length: 20_000 }, (_, i) => `agent ${i} ${'x'.repeat(i % 97 === 0 ? 3000 : i % 61)}`);
  const ids = texts.map((text) => pool.acquire(text));
  for (let i = 0; i < texts.length; i += 2) pool.release(ids[i] ?? 0);
  for (let i = 1; i < texts.length; i += 2) assert.equal(pool.text(ids[i] ?? 0), texts[i]);
  for (let i = 1; i < texts.length; i += 2) assert.equal(pool.acquire(texts[i] ?? ''), ids[i]);
  const { texts: count, usedBytes } = pool.report();
  assert.equal(count, 10_000);
  const odd = texts.filter((_, i) => i % 2 === 1);
  assert.equal(
    usedBytes,
    odd.reduce((sum, { length }) => sum + 16 + length, 0),
  );
});
