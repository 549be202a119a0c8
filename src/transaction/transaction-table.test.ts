import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRandom } from '../testing/fake-random.ts';
import { type KeyHash, ownKeyHash, SecretKeyHash } from './key-hash.ts';
import { TableEntry, TransactionTable } from './transaction-table.ts';

const hashes: Readonly<Record<string, KeyHash>> = {
  'a secret hash': new SecretKeyHash(new FakeRandom()),
  'the hash of own keys': ownKeyHash,
  'one hash for all keys': { of: () => -1 },
};

for (const [name, hash] of Object.entries(hashes)) {
  test(`what is added is found by its key until it is removed, wherever it stands: ${name}`, () => {
    const table = new TransactionTable<TableEntry>(hash);
    const entries = Array.from({ length: 200 }, (_, number) => new TableEntry(`z9hG4bKbranch-${number}\nMESSAGE`));
    for (const entry of entries) table.add(entry);
    assert.equal(table.size, 200);
    for (const [number, entry] of entries.entries()) {
      assert.equal(table.get(entry.key), entry);
      if (number % 3 > 0) table.remove(entry);
    }
    for (const [number, entry] of entries.entries()) {
      assert.equal(table.get(entry.key), number % 3 > 0 ? undefined : entry);
      assert.equal(entry.isHeld, number % 3 === 0);
      if (number % 3 > 0) assert.deepEqual([entry.before, entry.after], [undefined, undefined]);
    }
    assert.equal(table.size, 67);
    const cleared: TableEntry[] = [];
    table.clear((entry) => cleared.push(entry));
    assert.equal(cleared.length, 67);
    assert.equal(table.size, 0);
    assert.equal(table.get('z9hG4bKbranch-0\nMESSAGE'), undefined);
  });
}

test('a programmer is told who adds twice or removes what is not there', () => {
  const table = new TransactionTable<TableEntry>(ownKeyHash);
  const entry = new TableEntry('a');
  table.add(entry);
  assert.throws(() => table.add(entry), /in no table/);
  table.remove(entry);
  assert.throws(() => table.remove(entry), /in the table/);
});
