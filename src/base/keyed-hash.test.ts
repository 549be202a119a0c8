import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { KeyedHash } from './keyed-hash.ts';

function keyed(k0: number, k1: number): KeyedHash {
  const keys = [k0, k1];
  return new KeyedHash({ token: () => '', integer: () => keys.shift() ?? 0 });
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
