import { StoreError } from '../../location/store-error.ts';
import { type ColumnKey, columnKeys, layoutVersion } from './columns.ts';

/** Versions of the table in OpenSER 1.0 to 1.3, and in Kamailio before 5. */
export function isOld(version: number): boolean {
  return (version >= 1001 && version <= 1004) || (version >= 1 && version < layoutVersion);
}

/**
 * Which layout a table has that is there already.
 *
 * @param version what the `version` table says of it; undefined when it says nothing
 * @param columns the names that it has
 * @param names the names that columns are to have
 * @returns `old`: it has to be migrated
 * @throws StoreError `STORE_VERSION`
 */
export function layoutOf(
  table: string,
  version: number | undefined,
  columns: ReadonlySet<string>,
  names: Readonly<Record<string, string>>,
): 'present' | 'old' {
  const missing = columnKeys.map((key: ColumnKey) => names[key] ?? key).filter((name) => !columns.has(name));
  if (version === layoutVersion || version === undefined) {
    if (missing.length === 0) return 'present';
    const what = version === undefined ? 'has no row in table version, and' : `says that its layout is ${version}, but`;
    throw new StoreError('STORE_VERSION', `table ${table} ${what} lacks the columns ${missing.join(', ')}; ${remedy}`);
  }
  if (isOld(version)) return 'old';
  throw new StoreError(
    'STORE_VERSION',
    `table ${table} has layout ${version}, which this version does not know (it knows ${layoutVersion}, and migrates those of ` +
      `OpenSER 1.x and of Kamailio up to 8); ${remedy}`,
  );
}

const remedy = 'use another database or table, or bring it to that layout with the tools of the program that made it';
