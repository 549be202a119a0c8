import { StoreError, type StoreErrorCode } from '../../location/store-error.ts';
import type { WorkerFailure } from './protocol.ts';

/** SQLite's result codes that have a meaning of their own for an operator. */
const meanings: Readonly<Record<number, readonly [StoreErrorCode, string]>> = {
  5: ['STORE_UNAVAILABLE', 'another program holds it locked; end that program, or its transaction'],
  6: ['STORE_UNAVAILABLE', 'another program holds a table locked; end that program, or its transaction'],
  8: ['STORE_UNAVAILABLE', 'it may only be read; give this user the right to write it and its folder'],
  10: ['STORE_UNAVAILABLE', 'the disk does not do what it is asked for; look at the log of the system'],
  11: [
    'STORE_CORRUPT',
    'the file is damaged; restore it from a backup, or save what can be read with "sqlite3 FILE .dump"',
  ],
  13: ['STORE_UNAVAILABLE', 'the disk is full; make room'],
  14: ['STORE_CANNOT_OPEN', 'the file cannot be opened; look at its path and its rights'],
  26: ['STORE_CORRUPT', 'the file is no SQLite database; name another one, or move it away'],
};

/** What SQLite says, as an error of a store. */
export function sqliteError(place: string, { message, errcode, code }: WorkerFailure): StoreError {
  if (code !== undefined) return new StoreError(code as StoreErrorCode, `${place}: ${message}`);
  const [known, remedy] = (errcode === undefined ? undefined : meanings[errcode & 0xff]) ?? [];
  if (known === undefined) return new StoreError('STORE_UNAVAILABLE', `${place}: ${message}`);
  return new StoreError(known, `${place}: ${remedy} (${message})`);
}
