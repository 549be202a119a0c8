import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { ownKeyHash, SecretKeyHash } from './key-hash.ts';

test('the secret hash is equal for equal keys, also when others were asked for meanwhile', () => {
  const hash = new SecretKeyHash(new FakeRandom());
  const first = hash.of('a');
  assert.notEqual(hash.of('b'), first);
  assert.equal(hash.of('a'), first);
  assert.equal(hash.of('a'), first);
});

test('the secret hash of one instance says nothing about that of another', () => {
  const random = new FakeRandom();
  assert.notEqual(new SecretKeyHash(random).of('a'), new SecretKeyHash(random).of('a'));
});

test('the hash of own keys spreads tokens that differ in one digit over the chains', () => {
  const digits = '0123456789abcdef';
  const chains = new Set<number>();
  for (let place = 0; place < 18; place++) {
    for (const digit of digits) {
      const token = `${'0'.repeat(place)}${digit}${'0'.repeat(17 - place)}`;
      chains.add(ownKeyHash.of(`z9hG4bK${token}.0123456789abcdef\nMESSAGE`) & 0x3fff);
    }
  }
  assert.ok(chains.size > 250, `${chains.size} of 271 keys have a chain of their own`);
});
