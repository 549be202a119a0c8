import type { TableCount } from '../../location/persistence/database.ts';
import { type ColumnLimit, ColumnLimits } from '../sql/column-limits.ts';
import { type ColumnKey, type ColumnNames, columnAt, columnKeys, type Row } from '../sql/columns.ts';
import { byKeyRanges } from '../sql/key-ranges.ts';
import type { LocalTime } from '../sql/local-time.ts';
import type { RefreshRow, RowCodec } from '../sql/row-codec.ts';
import type { Key, ServerTable } from '../sql/server-database.ts';
import type { AnswerRow } from '../sql/server-session.ts';
import { type MysqlTable, quoted } from './mysql-schema.ts';
import type { MysqlSession } from './mysql-session.ts';
import { lackingIn, literal, literalIn, textLiteral } from './text-literal.ts';

/** Rows of one batch of a walk: some milliseconds of the event loop. */
const batchRows = 2_000;

/** How long a count may take, for which the server sees every row. */
const countMs = 60_000;

/** Rows that one statement writes, if they are long: some millions of bytes, which every server takes. */
const maxRows = 250;

/** The greatest values of integer columns. */
const greatest: Readonly<Record<string, number>> = {
  tinyint: 0x7f,
  smallint: 0x7fff,
  mediumint: 0x7f_ffff,
  int: 0x7fff_ffff,
};

/** What the statements of a table are made of. */
export interface TableParts {
  readonly table: string;
  readonly columns: ColumnNames;
  readonly layout: MysqlTable;
  readonly useDomain: boolean;
  readonly codec: RowCodec;
  readonly time: LocalTime;
}

/** The statements of one table. */
export class MysqlTableStatements implements ServerTable<MysqlSession, string> {
  readonly limits: ColumnLimits;
  readonly maxRows = maxRows;
  readonly #parts: TableParts;
  readonly #table: string;
  /** Of every column, in the order of a row. */
  readonly #read: string;
  readonly #written: string;
  readonly #overwritten: string;
  /** A row that does not expire. */
  readonly #isPermanent: string;

  constructor(parts: TableParts) {
    this.#parts = parts;
    const { columns, codec, time } = parts;
    this.limits = new ColumnLimits(codec, columns, limitsOf(parts));
    this.#table = quoted(parts.table);
    this.#read = columnKeys.map((key) => `t.${this.#column(key)}`).join(', ');
    this.#written = columnKeys.map((key) => this.#column(key)).join(', ');
    this.#overwritten = columnKeys
      .filter((key) => key !== 'ruid')
      .map((key) => `${this.#column(key)} = VALUES(${this.#column(key)})`)
      .join(', ');
    this.#isPermanent = `(t.${this.#column('expires')} <= '${time.text(0)}' OR (t.${this.#column('flags')} & 128) <> 0)`;
  }

  put(rows: readonly Row[]): string {
    const values = rows.map((row) => this.#valuesOf(row)).join(', ');
    return `INSERT INTO ${this.#table} (${this.#written}) VALUES ${values} ON DUPLICATE KEY UPDATE ${this.#overwritten}`;
  }

  /** Of the ways to write other values into each row, the one by which a server works the least. */
  refresh(rows: readonly RefreshRow[]): string {
    const { layout, columns, time } = this.#parts;
    const ruid = layout.columns.get(columns.ruid);
    const charset = ruid?.charset ?? 'utf8mb4';
    // The first one says of what collation all are: of another one, the server could not use the index.
    const first = (name: string) =>
      `CONVERT(${textLiteral(name)} USING ${charset}) COLLATE ${ruid?.collation ?? 'utf8mb4_bin'}`;
    const selects = rows.map(([expires, cseq, lastModified, name], at) =>
      at === 0
        ? `SELECT ${first(name)} AS ruid, '${time.text(expires)}' AS expires, ${cseq} AS cseq, '${time.text(lastModified)}' AS modified`
        : `SELECT ${textLiteral(name)}, '${time.text(expires)}', ${cseq}, '${time.text(lastModified)}'`,
    );
    return (
      `UPDATE (${selects.join(' UNION ALL ')}) n ` +
      `STRAIGHT_JOIN ${this.#table} t FORCE INDEX (${quoted(layout.ruidIndex)}) ON t.${this.#column('ruid')} = n.ruid ` +
      `SET t.${this.#column('expires')} = n.expires, t.${this.#column('cseq')} = n.cseq, ` +
      `t.${this.#column('last_modified')} = n.modified`
    );
  }

  remove(ruids: readonly string[]): string {
    return `DELETE FROM ${this.#table} WHERE ${this.#column('ruid')} IN (${ruids.map(textLiteral)})`;
  }

  present(ruids: readonly string[]): string {
    return `SELECT ${this.#column('ruid')} FROM ${this.#table} WHERE ${this.#column('ruid')} IN (${ruids.map(textLiteral)})`;
  }

  read(keys: readonly Key[]): string {
    const order = this.#parts.layout.idIndex === undefined ? '' : ' ORDER BY t.id';
    return `SELECT ${this.#read} FROM ${this.#table} t WHERE ${this.#isOneOf(keys)}${order}`;
  }

  lockAndRead(keys: readonly Key[]): readonly string[] {
    return [`${this.read(keys)} FOR UPDATE`];
  }

  async removeExpired(session: MysqlSession, now: number, limit: number): Promise<readonly AnswerRow[]> {
    const expired =
      `SELECT ${this.#read} FROM ${this.#table} t WHERE t.${this.#column('expires')} <= '${this.#text(now)}' ` +
      `AND NOT ${this.#isPermanent} AND t.${this.#column('ruid')} IS NOT NULL LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
    return session.transaction([expired], async ([found]) => {
      const value = found?.rows ?? [];
      const last: string[] = [];
      for (let at = 0; at < value.length; at += maxRows) {
        last.push(this.remove(value.slice(at, at + maxRows).map((row) => String(row[columnAt.ruid]))));
      }
      return { value, last };
    });
  }

  async count(session: MysqlSession, now: number): Promise<TableCount> {
    const { useDomain } = this.#parts;
    const text =
      'SELECT COUNT(*), COALESCE(SUM(contacts), 0) FROM (' +
      `SELECT COUNT(*) AS contacts FROM ${this.#table} t ` +
      `WHERE t.${this.#column('expires')} > '${this.#text(now)}' OR ${this.#isPermanent} ` +
      `GROUP BY t.${this.#column('username')}${useDomain ? `, t.${this.#column('domain')}` : ''}) u`;
    const { rows } = await session.unhurried(() => session.one(text, countMs));
    const [users, contacts] = rows[0] ?? [];
    return { users: Number(users), contacts: Number(contacts) };
  }

  /** In the order of `id`, or of `ruid` where there is none. */
  walk(session: MysqlSession, at: number | undefined): AsyncIterable<readonly AnswerRow[]> {
    const { layout } = this.#parts;
    const key = layout.idIndex === undefined ? this.#column('ruid') : 'id';
    const index = quoted(layout.idIndex ?? layout.ruidIndex);
    const isValid =
      at === undefined ? '' : ` AND (t.${this.#column('expires')} > '${this.#text(at)}' OR ${this.#isPermanent})`;
    const ask = async (after: string | number | null | undefined): Promise<readonly AnswerRow[]> => {
      const isNext = after === undefined ? 'TRUE' : `t.${key} > ${literal(after ?? '')}`;
      const text =
        `SELECT ${this.#read}, t.${key} FROM ${this.#table} t FORCE INDEX (${index}) ` +
        `WHERE ${isNext}${isValid} ORDER BY t.${key} LIMIT ${batchRows}`;
      return (await session.one(text)).rows;
    };
    return byKeyRanges(ask, (row) => row[columnKeys.length] ?? null, batchRows);
  }

  #column(key: ColumnKey): string {
    return quoted(this.#parts.columns[key]);
  }

  #text(seconds: number): string {
    return this.#parts.time.text(seconds);
  }

  #valuesOf(row: Row): string {
    let values = '';
    for (const [at, value] of row.entries()) {
      const isInstant = at === columnAt.expires || at === columnAt.last_modified;
      values += `${at === 0 ? '' : ', '}${literal(isInstant ? this.#text(value as number) : value)}`;
    }
    return `(${values})`;
  }

  #isOneOf(keys: readonly Key[]): string {
    const { useDomain } = this.#parts;
    const users = keys.map(([user]) => this.#literalOf('username', user));
    const username = `t.${this.#column('username')}`;
    if (!useDomain) {
      const known = users.filter((user) => user !== undefined);
      return known.length === 0 ? 'FALSE' : `${username} IN (${known.join(', ')})`;
    }
    const domains = keys.map(([, domain]) => this.#literalOf('domain', domain));
    const pairs = users.flatMap((user, at) => {
      const domain = domains[at];
      if (user === undefined || domain === undefined) return [];
      return [`(${username} = ${user} AND t.${this.#column('domain')} = ${domain})`];
    });
    return pairs.length === 0 ? 'FALSE' : `(${pairs.join(' OR ')})`;
  }

  #literalOf(key: ColumnKey, text: string): string | undefined {
    const { layout, columns } = this.#parts;
    return literalIn(layout.columns.get(columns[key])?.charset ?? 'utf8mb4', text);
  }
}

function limitsOf({ layout, columns }: TableParts): { readonly [Key in ColumnKey]?: ColumnLimit } {
  return Object.fromEntries(
    columnKeys.map((key) => {
      const column = layout.columns.get(columns[key]);
      const max = greatest[column?.type ?? ''];
      return [
        key,
        {
          maxLength: column?.maxLength,
          max: max !== undefined && column?.isUnsigned ? 2 * max + 1 : max,
          lacking: lackingIn(column?.charset ?? 'utf8mb4'),
        },
      ];
    }),
  );
}
