import { StoreError } from '../../location/store-error.ts';
import { type ColumnKey, type ColumnNames, foldedNames, layoutVersion } from '../sql/columns.ts';
import { migratedColumns } from '../sql/migration.ts';
import { ServerError } from '../sql/server-error.ts';
import type { AnswerRow } from '../sql/server-session.ts';
import { type LayoutSteps, longMs, prepareTable, type ServerColumn, type TableDemand } from '../sql/table-layout.ts';
import { numberOf } from './mysql-error.ts';
import type { MysqlSession } from './mysql-session.ts';
import { textLiteral } from './text-literal.ts';

/** A column as the server describes it. */
export interface MysqlColumn extends ServerColumn {
  readonly isUnsigned: boolean;
  /** Of a text. */
  readonly charset: string;
  readonly collation: string;
}

/** A table that is ready. */
export interface MysqlTable {
  readonly columns: ReadonlyMap<string, MysqlColumn>;
  /** The unique index of the column `ruid`. */
  readonly ruidIndex: string;
  /** The unique index of an integer `id`, which grows and says in which order rows were inserted. */
  readonly idIndex: string | undefined;
}

interface Index {
  readonly name: string;
  readonly isUnique: boolean;
  readonly columns: readonly string[];
}

/** Texts are compared by bytes: other collations hold `A` and `a`, or `a` and `ä`, for the same. */
const tableOptions = 'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin';

/** The table that says which layout another one has. */
export const versionTable =
  'CREATE TABLE IF NOT EXISTS version (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL, table_name VARCHAR(64) NOT NULL, ' +
  `table_version INT UNSIGNED DEFAULT 0 NOT NULL, CONSTRAINT table_name_idx UNIQUE (table_name)) ${tableOptions}`;

/** A name of a table or column in a statement. It has only letters, digits and `_`: see `identifierProblem`. */
export function quoted(name: string): string {
  return `\`${name}\``;
}

/**
 * The statement that makes a table of layout 9. Widths are what messages may have, as far as rows (65,535 bytes) and
 * keys (3,072 bytes, four for a character) allow that.
 */
export function mysqlSchema(table: string, names: ColumnNames): string {
  const columns = foldedNames(names);
  const name = (key: ColumnKey): string => quoted(columns[key]);
  return `CREATE TABLE ${quoted(table)} (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  ${name('ruid')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('username')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('domain')} VARCHAR(255) DEFAULT NULL,
  ${name('contact')} VARCHAR(2048) DEFAULT '' NOT NULL,
  ${name('received')} VARCHAR(2048) DEFAULT NULL,
  ${name('path')} VARCHAR(2048) DEFAULT NULL,
  ${name('expires')} DATETIME DEFAULT '2030-05-28 21:32:15' NOT NULL,
  ${name('q')} FLOAT DEFAULT 1.0 NOT NULL,
  ${name('callid')} VARCHAR(512) DEFAULT 'Default-Call-ID' NOT NULL,
  ${name('cseq')} INT DEFAULT 1 NOT NULL,
  ${name('last_modified')} DATETIME DEFAULT '2000-01-01 00:00:01' NOT NULL,
  ${name('flags')} INT DEFAULT 0 NOT NULL,
  ${name('cflags')} INT DEFAULT 0 NOT NULL,
  ${name('user_agent')} VARCHAR(255) DEFAULT '' NOT NULL,
  ${name('socket')} VARCHAR(255) DEFAULT NULL,
  ${name('methods')} INT DEFAULT NULL,
  ${name('instance')} VARCHAR(255) DEFAULT NULL,
  ${name('reg_id')} INT DEFAULT 0 NOT NULL,
  ${name('server_id')} INT DEFAULT 0 NOT NULL,
  ${name('connection_id')} INT DEFAULT 0 NOT NULL,
  keepalive INT DEFAULT 0 NOT NULL,
  \`partition\` INT DEFAULT 0 NOT NULL,
  UNIQUE KEY ruid_idx (${name('ruid')}),
  KEY account_contact_idx (${name('username')}, ${name('domain')}, ${name('contact')}(191))
) ${tableOptions}`;
}

/**
 * Makes a table ready: creates it, migrates an old one, adds the indices that are needed. Each step is durable by
 * itself, and whoever comes after a crash goes on.
 *
 * @throws StoreError `STORE_VERSION`
 */
export async function prepareMysqlTable(session: MysqlSession, demand: TableDemand): Promise<MysqlTable> {
  // Two servers that start at the same time do not both create it.
  const name = "SHA1(CONCAT('aorta: layout of tables in ', DATABASE()))";
  const { rows } = await session.one(`SELECT GET_LOCK(${name}, 5)`);
  if (rows[0]?.[0] !== 1) {
    throw new StoreError('STORE_UNAVAILABLE', 'another program is making tables in this database; wait for its end');
  }
  try {
    return await session.unhurried(() => new Preparation(session, demand).run());
  } finally {
    if (session.failure === undefined) await session.one(`DO RELEASE_LOCK(${name})`);
  }
}

class Preparation implements LayoutSteps<MysqlColumn> {
  readonly instantType = 'datetime';
  readonly #session: MysqlSession;
  readonly #demand: TableDemand;

  constructor(session: MysqlSession, demand: TableDemand) {
    this.#session = session;
    this.#demand = demand;
  }

  async run(): Promise<MysqlTable> {
    const columns = await prepareTable(this.#demand, this);
    const indices = await this.#indices();
    await this.#checkEngine();
    this.#checkUnique(indices);
    const ruidIndex = uniqueIndex(indices, this.#demand.columns.ruid) ?? '';
    const isId = columns.get('id')?.type.endsWith('int') === true;
    return { columns, ruidIndex, idIndex: isId ? uniqueIndex(indices, 'id') : undefined };
  }

  async columnsOf(table: string): Promise<ReadonlyMap<string, MysqlColumn>> {
    const rows = await this.#ask(
      "SELECT LOWER(COLUMN_NAME), LOWER(DATA_TYPE), COLUMN_TYPE LIKE '%unsigned%', CHARACTER_MAXIMUM_LENGTH, " +
        'CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLUMNS ' +
        `WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${textLiteral(table)}`,
    );
    return new Map(
      rows.map(([name, type, isUnsigned, length, charset, collation]) => [
        String(name),
        {
          type: String(type),
          isUnsigned: isUnsigned === 1,
          maxLength: length === null ? undefined : Number(length),
          charset: String(charset ?? 'utf8mb4'),
          collation: String(collation ?? 'utf8mb4_bin'),
        },
      ]),
    );
  }

  async #indices(): Promise<readonly Index[]> {
    const rows = await this.#ask(
      'SELECT INDEX_NAME, NON_UNIQUE, LOWER(COLUMN_NAME), SUB_PART FROM information_schema.STATISTICS ' +
        `WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${textLiteral(this.#demand.table)} ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    );
    return [...Map.groupBy(rows, ([name]) => String(name))].map(([name, parts]) => ({
      name,
      isUnique: Number(parts[0]?.[1]) === 0 && parts.every((part) => part[3] === null),
      columns: parts.map((part) => String(part[2])),
    }));
  }

  async hasIndex(column: string, isUnique: boolean): Promise<boolean> {
    const indices = await this.#indices();
    if (isUnique) return uniqueIndex(indices, column) !== undefined;
    return indices.some(({ columns }) => columns[0] === column);
  }

  async version(): Promise<number | undefined> {
    await this.#do(versionTable);
    const rows = await this.#ask(
      `SELECT table_version FROM version WHERE table_name = ${textLiteral(this.#demand.table)}`,
    );
    const version = rows[0]?.[0];
    return version === undefined || version === null ? undefined : Number(version);
  }

  setVersion(): Promise<void> {
    const name = textLiteral(this.#demand.table);
    return this.#session.transaction([], async () => ({
      value: undefined,
      last: [
        `DELETE FROM version WHERE table_name = ${name}`,
        `INSERT INTO version (table_name, table_version) VALUES (${name}, ${layoutVersion})`,
      ],
    }));
  }

  async create(): Promise<void> {
    const { table, columns } = this.#demand;
    await this.#do(mysqlSchema(table, columns));
    await this.setVersion();
  }

  /** The new table is made under another name, and then both get their names in one step. */
  async migrate(old: string, present: ReadonlySet<string>): Promise<void> {
    const { table, columns } = this.#demand;
    const unfinished = `${table}_layout_new`;
    await this.#do(`DROP TABLE IF EXISTS ${quoted(unfinished)}`);
    await this.#do(mysqlSchema(unfinished, columns));
    const newRuid = `SUBSTR(SHA1(CONCAT_WS(' ', RAND(), UUID(), ${quoted(columns.contact)})), 1, 18)`;
    const { targets, sources } = migratedColumns(present, columns, { quoted, newRuid });
    const order = present.has('id') ? ' ORDER BY id' : '';
    await this.#do(
      `INSERT INTO ${quoted(unfinished)} (${targets}) SELECT ${sources} FROM ${quoted(table)}${order}`,
      longMs,
    );
    await this.#do(`RENAME TABLE ${quoted(table)} TO ${quoted(old)}, ${quoted(unfinished)} TO ${quoted(table)}`);
    await this.setVersion();
  }

  async addIndex(column: string, isUnique: boolean): Promise<void> {
    const kind = isUnique ? 'UNIQUE INDEX' : 'INDEX';
    const name = quoted(`aorta_${column}_idx`.slice(0, 64));
    await this.#do(`CREATE ${kind} ${name} ON ${quoted(this.#demand.table)} (${quoted(column)})`, longMs);
  }

  isDuplicate(error: unknown): boolean {
    return error instanceof ServerError && numberOf(error.cause) === 1062;
  }

  retyped(column: string): string {
    return `ALTER TABLE ${this.#demand.table} MODIFY ${column} DATETIME NOT NULL DEFAULT '2000-01-01 00:00:01'`;
  }

  /** Other engines have no transactions. A view has none. */
  async #checkEngine(): Promise<void> {
    const { table } = this.#demand;
    const [row] = await this.#ask(
      `SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${textLiteral(table)}`,
    );
    const engine = row?.[0];
    if (typeof engine !== 'string' || engine.toLowerCase() === 'innodb') return;
    const remedy = `ALTER TABLE ${table} ENGINE=InnoDB`;
    throw new StoreError('STORE_VERSION', `table ${table} is of engine ${engine}, without transactions; ${remedy}`);
  }

  /** A row that is equal in any unique index would be overwritten instead of inserted. */
  #checkUnique(indices: readonly Index[]): void {
    const { table, columns: names } = this.#demand;
    const other = indices.find(
      ({ isUnique, columns }) => isUnique && !columns.includes(names.ruid) && !columns.includes('id'),
    );
    if (other === undefined) return;
    const text = `index ${other.name} of table ${table} allows one row only for each ${other.columns.join(', ')}; drop it`;
    throw new StoreError('STORE_VERSION', text);
  }

  async #ask(text: string): Promise<readonly AnswerRow[]> {
    return (await this.#session.one(text)).rows;
  }

  async #do(text: string, limitMs?: number): Promise<void> {
    await this.#session.one(text, limitMs);
  }
}

/** The name of a unique index of that column alone. */
function uniqueIndex(indices: readonly Index[], column: string): string | undefined {
  return indices.find(({ isUnique, columns }) => isUnique && columns.length === 1 && columns[0] === column)?.name;
}
