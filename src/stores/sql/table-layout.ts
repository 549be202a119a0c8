import { StoreError } from '../../location/store-error.ts';
import { type ColumnNames, columnKeys } from './columns.ts';
import { layoutOf } from './layout-version.ts';

/** What a table is to be. */
export interface TableDemand {
  readonly table: string;
  /** Folded, as in `foldedNames`. */
  readonly columns: ColumnNames;
  /** Whether expired rows are looked for: an index that makes every refresh dearer. */
  readonly expiresIndex: boolean;
}

/** A column as a server describes it. */
export interface ServerColumn {
  /** `varchar`, `int4` … */
  readonly type: string;
  /** Characters of a text; undefined: any number. */
  readonly maxLength: number | undefined;
}

/** How long a migration or a new index may take: the server must see every row. */
export const longMs = 900_000;

/** What a server does to bring a table to the present layout. */
export interface LayoutSteps<C extends ServerColumn> {
  /** By their names; empty when there is no such table. */
  columnsOf(table: string): Promise<ReadonlyMap<string, C>>;
  /** What the `version` table says, which is made when it is missing. */
  version(): Promise<number | undefined>;
  setVersion(): Promise<void>;
  /** Makes the table, and sets its version. */
  create(): Promise<void>;
  /**
   * Makes a new table of an old one, which stays beside it under another name, and sets its version.
   *
   * @param old the other name, which is free
   */
  migrate(old: string, present: ReadonlySet<string>): Promise<void>;
  /** Whether there is an index whose first column, for a unique one its only column, is that. */
  hasIndex(column: string, isUnique: boolean): Promise<boolean>;
  addIndex(column: string, isUnique: boolean): Promise<void>;
  /** Whether an error says that rows are equal which a unique index is to tell apart. */
  isDuplicate(error: unknown): boolean;
  /** The type of instants without a time zone, and a statement that gives it to a column. */
  readonly instantType: string;
  retyped(column: string): string;
}

/**
 * Makes a table ready: creates it, migrates an old one, adds the indices that are needed.
 *
 * @throws StoreError `STORE_VERSION`
 */
export async function prepareTable<C extends ServerColumn>(
  { table, columns: names, expiresIndex }: TableDemand,
  steps: LayoutSteps<C>,
): Promise<ReadonlyMap<string, C>> {
  const present = new Set((await steps.columnsOf(table)).keys());
  const version = await steps.version();
  if (present.size === 0) {
    await steps.create();
  } else if (layoutOf(table, version, present, names) === 'old') {
    await migrate(`${table}_layout_${version}`, table, present, names, steps);
  } else if (version === undefined) {
    await steps.setVersion();
  }
  if (!(await steps.hasIndex(names.ruid, true))) await indexRuids(table, names.ruid, steps);
  if (expiresIndex && !(await steps.hasIndex(names.expires, false))) await steps.addIndex(names.expires, false);
  const columns = await steps.columnsOf(table);
  for (const name of [names.expires, names.last_modified]) {
    const type = columns.get(name)?.type;
    if (type === steps.instantType) continue;
    const text = `column ${name} of table ${table} is of type ${type}; ${steps.retyped(name)}`;
    throw new StoreError('STORE_VERSION', text);
  }
  return columns;
}

async function migrate<C extends ServerColumn>(
  old: string,
  table: string,
  present: ReadonlySet<string>,
  names: ColumnNames,
  steps: LayoutSteps<C>,
): Promise<void> {
  if ((await steps.columnsOf(old)).size === 0) return steps.migrate(old, present);
  // All that an earlier start did not come to is to say that it is done.
  if (columnKeys.every((key) => present.has(names[key]))) return steps.setVersion();
  throw new StoreError('STORE_VERSION', `table ${old} is in the way of the migration of ${table}; rename or drop it`);
}

async function indexRuids<C extends ServerColumn>(table: string, ruid: string, steps: LayoutSteps<C>): Promise<void> {
  try {
    await steps.addIndex(ruid, true);
  } catch (error) {
    if (!steps.isDuplicate(error)) throw error;
    const text = `table ${table} has rows with the same ${ruid}; remove them, or give each its own`;
    throw new StoreError('STORE_VERSION', text, { cause: error });
  }
}
