import type { TableCount } from '../../location/persistence/database.ts';
import { type ColumnLimit, ColumnLimits } from '../sql/column-limits.ts';
import { type ColumnKey, type ColumnNames, columnAt, columnKeys, type Row } from '../sql/columns.ts';
import { byKeyRanges } from '../sql/key-ranges.ts';
import type { LocalTime } from '../sql/local-time.ts';
import type { RefreshRow, RowCodec } from '../sql/row-codec.ts';
import type { Key, ServerTable } from '../sql/server-database.ts';
import type { AnswerRow } from '../sql/server-session.ts';
import { numberArray, textArray } from './array-literal.ts';
import { type PostgresTable, quoted } from './postgres-schema.ts';
import type { PostgresSession, Statement } from './postgres-session.ts';

/** Columns that are instants; those that are numbers; all others are texts. */
const instants: ReadonlySet<ColumnKey> = new Set(['expires', 'last_modified']);
const numbers: ReadonlySet<ColumnKey> = new Set([
  ...(['q', 'cseq', 'flags', 'cflags', 'methods', 'reg_id', 'server_id', 'connection_id'] as const),
]);

/** Rows of one batch of a walk: some milliseconds of the event loop. */
const batchRows = 2_000;

/** How long a count may take, for which the server sees every row. */
const countMs = 60_000;

/** The greatest values of integer columns. */
const greatest: Readonly<Record<string, number>> = { int2: 0x7fff, int4: 0x7fff_ffff };

/** What the statements of a table are made of. */
export interface StatementParts {
  readonly table: string;
  /** A number of its own, for the names of prepared statements: a table's name may be as long as those. */
  readonly number: number;
  readonly columns: ColumnNames;
  readonly layout: PostgresTable;
  readonly useDomain: boolean;
  readonly codec: RowCodec;
  readonly time: LocalTime;
}

/** The statements of one table. What is written is passed as arrays: one statement for any number of rows. */
export class TableStatements implements ServerTable<PostgresSession, Statement> {
  readonly limits: ColumnLimits;
  readonly maxRows = Number.POSITIVE_INFINITY;
  readonly #hasId: boolean;
  readonly #useDomain: boolean;
  readonly #time: LocalTime;
  readonly #prefix: string;
  readonly #texts: Readonly<Record<keyof ReturnType<typeof statementTexts>, string>>;

  constructor(parts: StatementParts) {
    this.limits = new ColumnLimits(parts.codec, parts.columns, limitsOf(parts));
    this.#hasId = parts.layout.hasId;
    this.#useDomain = parts.useDomain;
    this.#time = parts.time;
    this.#prefix = `aorta_${parts.number}_`;
    this.#texts = statementTexts(parts);
  }

  put(rows: readonly Row[]): Statement {
    const values = columnKeys.map((key) => {
      const at = columnAt[key];
      if (numbers.has(key)) return numberArray(rows.map((row) => row[at] as number | null));
      if (!instants.has(key)) return textArray(rows.map((row) => row[at] as string | null));
      return textArray(rows.map((row) => this.#time.text(row[at] as number)));
    });
    return this.#named('put', values);
  }

  refresh(rows: readonly RefreshRow[]): Statement {
    return this.#named('refresh', [
      textArray(rows.map(([, , , ruid]) => ruid)),
      textArray(rows.map(([expires]) => this.#time.text(expires))),
      numberArray(rows.map(([, cseq]) => cseq)),
      textArray(rows.map(([, , lastModified]) => this.#time.text(lastModified))),
    ]);
  }

  remove(ruids: readonly string[]): Statement {
    return this.#named('remove', [textArray(ruids)]);
  }

  /** Which of these rows are there. */
  present(ruids: readonly string[]): Statement {
    return this.#named('present', [textArray(ruids)]);
  }

  read(keys: readonly Key[]): Statement {
    return this.#named('read', this.#keys(keys));
  }

  lockAndRead(keys: readonly Key[]): readonly Statement[] {
    return [this.#named('lock', this.#keys(keys.toSorted(inOrder))), this.read(keys)];
  }

  async removeExpired(session: PostgresSession, now: number, limit: number): Promise<readonly AnswerRow[]> {
    // By itself it is a transaction of its own.
    return (await session.one(this.#named('removeExpired', [this.#time.text(now), String(limit)]))).rows;
  }

  async count(session: PostgresSession, now: number): Promise<TableCount> {
    await session.one({ text: 'SET statement_timeout = 0; SET enable_seqscan = on' });
    const { rows } = await session.one(this.#named('count', [this.#time.text(now)]), countMs);
    const [users, contacts] = rows[0] ?? [];
    return { users: Number(users), contacts: Number(contacts) };
  }

  /** In the order of `id`, or in which rows lie where there is none. */
  walk(session: PostgresSession, at: number | undefined): AsyncIterable<readonly AnswerRow[]> {
    return this.#hasId ? this.#walkById(session, at) : this.#walkByCursor(session);
  }

  #walkById(session: PostgresSession, at: number | undefined): AsyncIterable<readonly AnswerRow[]> {
    const first = String(-(2n ** 63n));
    const ask = async (after = first): Promise<readonly AnswerRow[]> => (await session.one(this.#page(after, at))).rows;
    return byKeyRanges(ask, (row) => String(row[columnKeys.length]), batchRows);
  }

  async *#walkByCursor(session: PostgresSession): AsyncIterable<readonly AnswerRow[]> {
    // Whoever walks may take a rest.
    const settings = { text: 'SET enable_seqscan = on; SET idle_in_transaction_session_timeout = 0' };
    await session.ask([settings, { text: 'BEGIN READ ONLY' }, { text: this.#texts.cursor }]);
    const fetch = { text: `FETCH ${batchRows} FROM ${cursorName}` };
    yield* byKeyRanges(
      async () => (await session.one(fetch)).rows,
      () => undefined,
      batchRows,
    );
  }

  /** The rows whose `id` is greater, each before its `id`. */
  #page(after: string, validAt: number | undefined): Statement {
    const limit = String(batchRows);
    if (validAt === undefined) return this.#named('page', [after, limit]);
    return this.#named('validPage', [after, limit, this.#time.text(validAt)]);
  }

  #named(name: keyof ReturnType<typeof statementTexts>, values: readonly string[]): Statement {
    return { name: this.#prefix + name, text: this.#texts[name], values };
  }

  #keys(keys: readonly Key[]): readonly string[] {
    const users = textArray(keys.map(([user]) => user));
    return this.#useDomain ? [users, textArray(keys.map(([, domain]) => domain))] : [users];
  }
}

/** The cursor of a walk. */
const cursorName = 'aorta_walk';

function statementTexts({ table: name, columns, layout, useDomain, time }: StatementParts) {
  const table = quoted(name);
  const typeOf = (key: ColumnKey): string => layout.columns.get(columns[key])?.type ?? 'text';
  const column = (key: ColumnKey): string => quoted(columns[key]);
  // A char(n) comes with blanks up to its length, unless it is read as a text.
  const read = columnKeys.map((key) => `t.${column(key)}${typeOf(key) === 'bpchar' ? '::text' : ''}`).join(', ');
  const all = columnKeys.map(column).join(', ');
  const arrays = columnKeys.map((key, at) => `$${at + 1}::${typeOf(key)}[]`).join(', ');
  const overwritten = columnKeys
    .filter((key) => key !== 'ruid')
    .map((key) => `${column(key)} = excluded.${column(key)}`);
  const ruids = `$1::${typeOf('ruid')}[]`;
  const order = layout.hasId ? 't.id' : 't.ctid';
  const keyNames = useDomain ? 'k(username, domain, place)' : 'k(username, place)';
  const keyArrays = `$1::${typeOf('username')}[]${useDomain ? `, $2::${typeOf('domain')}[]` : ''}`;
  const keys = `unnest(${keyArrays}) WITH ORDINALITY AS ${keyNames}`;
  const isOfKey = `t.${column('username')} = k.username${useDomain ? ` AND t.${column('domain')} = k.domain` : ''}`;
  const isPermanent = `(t.${column('expires')} <= '${time.text(0)}' OR (t.${column('flags')} & 128) <> 0)`;
  const page = (condition: string): string =>
    `SELECT ${read}, t.id FROM ${table} t WHERE t.id > $1::int8 ${condition}ORDER BY t.id LIMIT $2::int8`;
  return {
    put:
      `INSERT INTO ${table} (${all}) SELECT * FROM unnest(${arrays}) ` +
      `ON CONFLICT (${column('ruid')}) DO UPDATE SET ${overwritten.join(', ')}`,
    refresh:
      `UPDATE ${table} t SET ${column('expires')} = n.expires, ${column('cseq')} = n.cseq, ` +
      `${column('last_modified')} = n.modified ` +
      `FROM unnest(${ruids}, $2::timestamp[], $3::${typeOf('cseq')}[], $4::timestamp[]) n(ruid, expires, cseq, modified) ` +
      `WHERE t.${column('ruid')} = n.ruid`,
    remove: `DELETE FROM ${table} WHERE ${column('ruid')} = ANY (${ruids})`,
    present: `SELECT ${column('ruid')}::text FROM ${table} WHERE ${column('ruid')} = ANY (${ruids})`,
    read: `SELECT ${read} FROM ${keys} JOIN ${table} t ON ${isOfKey} ORDER BY k.place, ${order}`,
    lock: `SELECT count(*) FROM (SELECT 1 FROM ${keys} JOIN ${table} t ON ${isOfKey} ORDER BY k.place FOR UPDATE OF t) l`,
    removeExpired:
      `DELETE FROM ${table} t WHERE t.ctid = ANY (ARRAY(SELECT t.ctid FROM ${table} t ` +
      `WHERE t.${column('expires')} <= $1::timestamp AND NOT ${isPermanent} LIMIT $2::int8 FOR UPDATE SKIP LOCKED)) ` +
      `RETURNING ${read}`,
    count:
      'SELECT count(*), coalesce(sum(contacts), 0) FROM (' +
      `SELECT count(*) AS contacts FROM ${table} t WHERE t.${column('expires')} > $1::timestamp OR ${isPermanent} ` +
      `GROUP BY t.${column('username')}${useDomain ? `, t.${column('domain')}` : ''}) u`,
    page: page(''),
    validPage: page(`AND (t.${column('expires')} > $3::timestamp OR ${isPermanent}) `),
    cursor: `DECLARE ${cursorName} NO SCROLL CURSOR FOR SELECT ${read} FROM ${table} t`,
  };
}

function inOrder(a: Key, b: Key): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

function limitsOf({ layout, columns }: StatementParts): { readonly [Key in ColumnKey]?: ColumnLimit } {
  return Object.fromEntries(
    columnKeys.map((key) => {
      const column = layout.columns.get(columns[key]);
      return [key, { maxLength: column?.maxLength, max: greatest[column?.type ?? ''] }];
    }),
  );
}
