import { StoreError } from '../../location/store-error.ts';
import type { FoundTable, LocationReader } from '../../stores/location-reader.ts';
import { layoutVersion } from '../../stores/sql/columns.ts';
import { isOld } from '../../stores/sql/layout-version.ts';

/** What a table that was found is to this version. */
export type TableState =
  /** Its rows can be read. */
  | 'present'
  /** `aorta start` migrates it. */
  | 'old'
  /** What a migration has left. */
  | 'left'
  /** Nobody here knows it. */
  | 'foreign';

/** Says what a table is, as `layoutOf` does when it is opened. */
export function stateOf({ name, version, missing }: FoundTable): TableState {
  if (/_layout_\d+$/.test(name) && version === undefined) return 'left';
  if (version === layoutVersion || version === undefined) return missing.length === 0 ? 'present' : 'foreign';
  return isOld(version) ? 'old' : 'foreign';
}

/**
 * The tables that a command is about: those that were named, else all that are there.
 *
 * @throws StoreError when one that was named is not there
 */
export async function tablesOf(
  reader: LocationReader,
  named: readonly string[] | undefined,
): Promise<readonly FoundTable[]> {
  const found = await reader.tables();
  if (named === undefined) return found;
  return [...new Set(named)].map((name) => {
    const table = found.find((other) => other.name === name);
    if (table !== undefined) return table;
    const names = found.map((other) => other.name).join(', ') || 'none';
    throw new StoreError(
      'STORE_CANNOT_OPEN',
      `${reader.place}: there is no table of bindings ${JSON.stringify(name)}; those that are there: ${names}`,
    );
  });
}
