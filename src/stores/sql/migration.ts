import { type ColumnKey, type ColumnNames, columnKeys } from './columns.ts';

/** What a database system says differently. */
export interface MigrationDialect {
  /** A name of a column as a statement has it. */
  readonly quoted: (name: string) => string;
  /** An expression that is another text of 18 characters or so for each row. */
  readonly newRuid: string;
}

/** What stands in a column that may not be NULL, when the old one has none. */
const absent: Partial<Record<ColumnKey, string>> = {
  username: "''",
  contact: "''",
  q: '-1',
  callid: "''",
  cseq: '0',
  flags: '0',
  cflags: '0',
  user_agent: "''",
  reg_id: '0',
  server_id: '0',
  connection_id: '-1',
  expires: "'2000-01-01 00:00:00'",
  last_modified: "'2000-01-01 00:00:00'",
};

/**
 * How the columns of an old layout become those of layout 9, for `INSERT INTO new (targets) SELECT sources FROM old`.
 *
 * @param present the names of the columns that the old table has
 */
export function migratedColumns(
  present: ReadonlySet<string>,
  names: ColumnNames,
  dialect: MigrationDialect,
): { readonly targets: readonly string[]; readonly sources: readonly string[] } {
  const isOpenSer = !present.has(names.ruid);
  const known = columnKeys.filter((key) => present.has(names[key]));
  const targets = known.map((key) => dialect.quoted(names[key]));
  const sources = known.map((key) => {
    const value = isOpenSer ? valueOfOpenSer(key, dialect.quoted(names[key])) : dialect.quoted(names[key]);
    const instead = absent[key];
    return instead === undefined ? value : `coalesce(${value}, ${instead})`;
  });
  if (isOpenSer) {
    targets.push(dialect.quoted(names.ruid));
    sources.push(dialect.newRuid);
  }
  return { targets, sources };
}

/** OpenSER's flags have NAT in another bit, and two that no longer mean anything; its sockets have no transport. */
function valueOfOpenSer(key: ColumnKey, column: string): string {
  if (key === 'flags') return `(${column} - (${column} & 7) + (${column} & 1) * 65536)`;
  if (key !== 'socket') return column;
  return (
    `CASE WHEN position(':' IN ${column}) = 0 AND position('_' IN ${column}) > 0 ` +
    `THEN concat('udp:', replace(${column}, '_', ':')) ELSE ${column} END`
  );
}
