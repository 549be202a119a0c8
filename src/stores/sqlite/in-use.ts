import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's result code for what another connection has locked. */
const busy = 5;

/**
 * Whether another program has an SQLite file open. A file with a write-ahead log, as ours are, is locked by everybody
 * who has it open, so that nobody can have it alone; of other files nobody can tell.
 *
 * @returns true when it is sure
 */
export function isInUse(file: string): boolean {
  const path = resolve(file);
  if (!existsSync(path)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    // Whatever else is wrong with it, whoever opens it says so.
    return ((error as { errcode?: number }).errcode ?? 0) % 256 === busy;
  } finally {
    database?.close();
  }
}
