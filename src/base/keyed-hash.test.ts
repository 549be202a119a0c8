import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { type HashRounds, KeyedHash, proofRounds } from './keyed-hash.ts';

function keyed(k0: number, k1: number, rounds?: HashRounds): KeyedHash {
  const keys = [k0, k1];
  return new KeyedHash({ token: () => '', integer: () => keys.shift() ?? 0 }, rounds);
}

test('the hash depends on every character, on the length, and on both words of the key', () => {
  const hash = keyed(1, 2);
  const text = 'user123456@example.com';
  const seen = new Set([hash.of(text), keyed(3, 2).of(text), keyed(1, 3).of(text)]);
  for (let i = 0; i < text.length; i++) seen.add(hash.of(`${text.slice(0, i)}~${text.slice(i + 1)}`));
  for (let i = 1; i < text.length; i++) seen.add(hash.of(text.slice(0, i)));
  for (let i = 1; i < 6; i++) seen.add(hash.of(text + '\0'.repeat(i)));
  assert.equal(seen.size, 3 + text.length + (text.length - 1) + 5);
});

test('the leading bits, which choose a segment, and the last ones, which choose a slot, are both even', () => {
  const hash = new KeyedHash(new FakeRandom());
  const high = new Int32Array(64);
  const low = new Int32Array(64);
  for (let i = 0; i < 64_000; i++) {
    const value = hash.of(`user${i}`);
    high[value >>> 26] = (high[value >>> 26] ?? 0) + 1;
    low[value & 63] = (low[value & 63] ?? 0) + 1;
  }
  // 1000 are expected in each; six standard deviations are 190.
  for (const counts of [high, low]) for (const count of counts) assert.ok(Math.abs(count - 1000) < 190, `${count}`);
});

test('a text of one byte a character has the hash of its bytes, wherever these stand', () => {
  const hash = keyed(1, 2);
  for (let length = 0; length < 12; length++) {
    const text = 'z9hG4bK-\xe9\xff17'.slice(0, length);
    for (const before of ['', 'x', 'xyz']) {
      const bytes = Buffer.from(`${before}${text}behind`, 'latin1');
      assert.equal(hash.ofBytes(bytes, before.length, before.length + length), hash.of(text));
    }
  }
});

test('a seed makes another hash, and characters beyond Latin-1 count with all of their bits', () => {
  const hash = keyed(1, 2);
  const long = 'l'.repeat(5_000);
  const values = [hash.of('a'), hash.of('a', 1), hash.of('a', 2), hash.of('\u0161'), hash.of('\u0261')];
  values.push(hash.of(long), hash.of(`${long}l`), hash.of(long, 1));
  assert.equal(new Set(values).size, values.length);
});

// The authors' test vectors for HalfSipHash-2-4 with 32 bits of output: key 00 01 … 07, message 00 01 … n-1.
const vectors = [0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a, 0x89466e2a, 0x69b6fac5, 0x23fc6358, 0xc563cf8b];

test('HalfSipHash-2-4 gives the published values', () => {
  const hash = keyed(0x03020100, 0x07060504, proofRounds);
  const computed = vectors.map(
    (_, length) => hash.of(String.fromCharCode(...Array.from({ length }, (_byte, index) => index))) >>> 0,
  );
  assert.deepEqual(computed, vectors);
});

test('HalfSipHash-2-4 depends on both words of its key', () => {
  const hashes = [keyed(1, 2, proofRounds), keyed(1, 3, proofRounds), keyed(2, 2, proofRounds)];
  assert.equal(new Set(hashes.map((hash) => hash.of('x'))).size, 3);
});
