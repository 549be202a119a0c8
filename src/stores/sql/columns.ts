/**
 * The columns that a binding is kept in: those of Kamailio's `location` table, version 9 (usrloc 11), in the order of a
 * `Row`.
 */
export const columnKeys = [
  'ruid',
  'username',
  'domain',
  'contact',
  'received',
  'path',
  'expires',
  'q',
  'callid',
  'cseq',
  'last_modified',
  'flags',
  'cflags',
  'user_agent',
  'socket',
  'methods',
  'instance',
  'reg_id',
  'server_id',
  'connection_id',
] as const;

/** What a column is for. */
export type ColumnKey = (typeof columnKeys)[number];

/** Where a column stands in a `Row`. */
export const columnAt = Object.fromEntries(columnKeys.map((key, at) => [key, at])) as {
  readonly [Key in ColumnKey]: number;
};

/** The names of the columns, which usrloc's `*_column` parameters may change. */
export type ColumnNames = { readonly [Key in ColumnKey]: string };

/** The names that every program of the family has by default. */
export const defaultColumnNames = Object.fromEntries(columnKeys.map((key) => [key, key])) as ColumnNames;

/**
 * Names as servers know them: other programs of the family write them without quotes, so they are in lower case or in
 * whatever case they are asked for. With quotes, a name may be a reserved word.
 */
export function foldedNames(names: ColumnNames): ColumnNames {
  return Object.fromEntries(columnKeys.map((key) => [key, names[key].toLowerCase()])) as ColumnNames;
}

/** A row: values in the order of `columnKeys`; instants are seconds since the epoch. */
export type Row = readonly (string | number | null)[];

/** The version of the layout, as the `version` table has it. */
export const layoutVersion = 9;
