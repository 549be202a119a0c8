import { readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { maxFileCharacters } from '../script/limits.ts';
import type { ReadFile } from '../script/read-file.ts';

/** Reads a configuration or what it includes; a device or a pipe would be read for ever, so only files are. */
export const readSystemFile: ReadFile = (path) => {
  try {
    const { size } = statSync(path);
    if (!statSync(path).isFile()) return { problem: 'it is no file' };
    if (size > maxFileCharacters) return { problem: `it has more than ${maxFileCharacters} bytes` };
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { problem: message };
  }
};

/** The addresses of this machine that a name in `listen` stands for: those of an interface, or of `localhost`. */
export function addressesOfInterface(name: string): readonly string[] {
  if (name === 'localhost') return ['127.0.0.1'];
  // An address of a link means nothing without the link, which a listen address cannot name.
  const addresses = networkInterfaces()[name] ?? [];
  return addresses.filter(({ scopeid }) => !scopeid).map(({ address }) => address);
}
