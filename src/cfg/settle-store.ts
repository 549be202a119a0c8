import { parseStoreUrl } from '../location/persistence/store-url.ts';
import type { ParameterValue } from '../routing/parameter.ts';
import type { ModuleParameter } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import type { Report } from './report.ts';

/** A text of a configuration, and where it stands. */
export interface WrittenText {
  readonly text: string;
  readonly span: Span;
}

/** What a configuration says of the database, when all of it has been read. */
export interface WrittenStore {
  /** Options of usrloc by their names in TypeScript. */
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** What was written last for a parameter of usrloc, under whatever name. */
  readonly written: (name: string) => ModuleParameter | undefined;
  /** The modules that are loaded: among them drivers. */
  readonly drivers: readonly string[];
  /** OpenSIPS' `db_default_url`. */
  readonly defaultDbUrl: WrittenText | undefined;
  readonly report: Report;
}

/** Where and when bindings are written: what depends on several parameters, whatever their order. */
export function settleStore(store: WrittenStore): Record<string, ParameterValue> {
  const { values, written, report } = store;
  const settled = { ...values };
  const mode = written('db_mode');
  // SER 0.8: with an interval the timer writes (cfg-modules §4).
  const isFlushed = written('timer_interval')?.name.value === 'flush_interval' && mode?.name.value === 'use_database';
  if (isFlushed && settled.dbMode !== 'none') settled.dbMode = 'write-back';
  const url = urlOf(store);
  if (url === undefined) {
    if (mode !== undefined && settled.dbMode !== 'none') reportNoUrl(mode.span, report);
    return settled;
  }
  settled.dbUrl = url.text;
  const parsed = parseStoreUrl(url.text);
  if (!('problem' in parsed)) return settled;
  // With db_mode 0 nobody opens it, so it may be of a kind that there is not here.
  if (settled.dbMode === 'none') {
    const { dbUrl: _, ...others } = settled;
    return others;
  }
  report.error('bad-parameter', `'db_url' of usrloc: ${parsed.problem}`, url.span, {
    hint: 'or keep bindings in memory only, by modparam("usrloc", "db_mode", 0)',
  });
  return settled;
}

function urlOf({ values: { dbUrl }, written, drivers, defaultDbUrl }: WrittenStore): WrittenText | undefined {
  const place = written('db_url')?.value.span;
  const own = typeof dbUrl === 'string' && dbUrl !== '' && place !== undefined;
  const url = own ? { text: dbUrl, span: place } : defaultDbUrl;
  if (url === undefined || !url.text.startsWith('sql:')) return url;
  // SER 0.8: whatever database there is a driver of.
  const scheme = drivers.includes('db_mysql') ? 'mysql' : drivers.includes('db_postgres') ? 'postgres' : 'sql';
  return { ...url, text: scheme + url.text.slice('sql'.length) };
}

// OpenSER had a default for it, and those who relied on that would not find their bindings.
function reportNoUrl(span: Span, report: Report): void {
  const where = 'bindings go to the file location.db in the working folder, or where --db says';
  report.warning('no-db-url', `usrloc has a db_mode and no db_url: ${where}`, span, {
    hint: 'write modparam("usrloc", "db_url", "…"), also where it is the default of another server',
  });
}
