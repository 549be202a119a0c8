import { readdirSync, readFileSync } from 'node:fs';

/** A configuration of `test/cfg/files`. */
export interface CfgFile {
  readonly name: string;
  readonly text: string;
}

const folder = new URL('./files/', import.meta.url);

/** All of them, by name. */
export const cfgFiles: readonly CfgFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.cfg'))
  .toSorted()
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
