import assert from 'node:assert/strict';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { LocationEntry, LocationTable } from '../location/location.ts';

/** What a location in memory is asked is there at once: the value, which must not be a promise. */
export function atOnce<T>(value: MaybePromise<T>): T {
  assert.ok(!isPromise(value), 'nothing has to be waited for');
  return value;
}

/** All entries of a table in memory. */
export function entriesAtOnce(table: LocationTable, now: () => number): readonly LocationEntry[] {
  const entries = table.entries(now);
  assert.ok(Symbol.iterator in entries, 'nothing has to be waited for');
  return [...entries];
}
