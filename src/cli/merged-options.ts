import type { AortaOptions } from '../server/options.ts';

/**
 * The options of a command: command line over file, where lists replace and `--set` adds. A server of its own keeps its
 * bindings, unless it is told otherwise.
 */
export function mergedOptions(file: AortaOptions, commandLine: AortaOptions): AortaOptions {
  const set = [...(file.set ?? []), ...(commandLine.set ?? [])];
  const options = { ...file, ...commandLine, ...(set.length > 0 && { set }) };
  const saysWhere = options.usrloc?.dbUrl || set.some((text) => text.startsWith('usrloc.db_url='));
  return options.db === undefined && !saysWhere ? { ...options, db: 'sqlite:location.db' } : options;
}
