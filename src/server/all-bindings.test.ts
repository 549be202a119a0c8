import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asAor } from '../location/aor.ts';
import type { LocationEntry, LocationTable } from '../location/location.ts';
import { sampleBinding, sampleNow } from '../testing/sample-binding.ts';
import { allBindings } from './all-bindings.ts';

type Table = Pick<LocationTable, 'entries'>;

function entriesOf(table: string, ruids: readonly string[]): readonly LocationEntry[] {
  return ruids.map((ruid) => ({ table, aor: asAor(ruid), bindings: [sampleBinding(ruid), sampleBinding(`${ruid}2`)] }));
}

function inMemory(name: string, ...ruids: readonly string[]): Table {
  return { entries: () => entriesOf(name, ruids).values() };
}

/** A table whose entries have to be waited for; it notes when somebody leaves it. */
function inDatabase(left: string[], name: string, ...ruids: readonly string[]): Table {
  return {
    async *entries() {
      try {
        yield* entriesOf(name, ruids);
      } finally {
        left.push(name);
      }
    },
  };
}

const now = () => sampleNow;

test('companions 3: the bindings of all tables in memory are there at once', () => {
  const bindings = allBindings([inMemory('location', 'a'), inMemory('aliases', 'b')], now);
  assert.ok(Symbol.iterator in bindings);
  assert.deepEqual(
    [...bindings].map(({ ruid }) => ruid),
    ['a', 'a2', 'b', 'b2'],
  );
});

test('companions 3: as soon as one table has to be waited for, all bindings are, in the same order', async () => {
  const bindings = allBindings([inMemory('location', 'a'), inDatabase([], 'aliases', 'b')], now);
  const seen: string[] = [];
  for await (const { ruid } of bindings) seen.push(ruid);
  assert.ok(Symbol.asyncIterator in bindings);
  assert.deepEqual(seen, ['a', 'a2', 'b', 'b2']);
});

test('companions 3: who leaves the bindings leaves the table that they are read from', async () => {
  const left: string[] = [];
  for await (const { ruid } of allBindings([inDatabase(left, 'location', 'a', 'b')], now)) if (ruid === 'a2') break;
  assert.deepEqual(left, ['location']);
});
