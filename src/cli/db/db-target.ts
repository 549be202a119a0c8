import type { StoreUrl } from '../../location/persistence/store-url.ts';
import { databaseOptions } from '../../server/database-options.ts';
import type { AortaOptions } from '../../server/options.ts';
import { resolveOptions } from '../../server/options.ts';
import { configError } from '../../server/problem.ts';
import type { DatabaseOptions } from '../../stores/open-database.ts';
import { loadCfgFile, optionsOfCfg } from '../cfg-file.ts';
import { isScriptFile, loadScriptFile } from '../config-file.ts';
import { mergedOptions } from '../merged-options.ts';
import type { AorForm } from './aor-problem.ts';
import type { DbArguments } from './arguments.ts';

/** The database of a command. */
export interface DbTarget {
  readonly url: Exclude<StoreUrl, { kind: 'memory' }>;
  readonly options: DatabaseOptions;
  /** Tables that the configuration names beside `location`. */
  readonly tables: readonly string[];
  readonly aorForm: AorForm;
}

/**
 * The database that `aorta start` would use with the same configuration and options, whatever its `db_mode`.
 *
 * @throws AortaError `CONFIG_INVALID`, `CONFIG_NOT_FOUND`
 */
export async function targetOf({ config, options, lenient }: DbArguments): Promise<DbTarget> {
  const file = config === undefined ? {} : await optionsOf(config, lenient);
  const resolved = resolveOptions({ ...mergedOptions(file, options), dbMode: 'write-through' });
  const { url, tables } = resolved.store;
  if (url.kind === 'memory') {
    throw configError([{ place: 'db', message: 'memory: is no database; name one, as in --db sqlite:location.db' }]);
  }
  const { useDomain, caseSensitive } = resolved.modules.registrar;
  return { url, options: databaseOptions(resolved), tables, aorForm: { useDomain, caseSensitive } };
}

async function optionsOf(file: string, lenient: boolean): Promise<AortaOptions> {
  return isScriptFile(file) ? loadScriptFile(file) : optionsOfCfg(loadCfgFile(file, { lenient }));
}
