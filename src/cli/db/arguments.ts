import type { AortaOptions } from '../../server/options.ts';
import { didYouMean, type Problem } from '../../server/problem.ts';
import { parse, text, texts } from '../parse-arguments.ts';

/** What `aorta db` can do. */
export const dbVerbs = ['schema', 'export', 'import', 'check'] as const;

/** The arguments of `aorta db`. */
export interface DbArguments {
  readonly verb: (typeof dbVerbs)[number];
  /** A configuration whose usrloc parameters count. */
  readonly config: string | undefined;
  /** Options of the command line; they win over the configuration's. */
  readonly options: AortaOptions;
  readonly lenient: boolean;
  /** `schema`, `export`, `check`: undefined for those that there are. */
  readonly tables: readonly string[] | undefined;
  /** `export`: expired bindings too. */
  readonly all: boolean;
  /** `import`: the file; undefined for stdin. */
  readonly input: string | undefined;
  /** `import`: nothing is written. */
  readonly dryRun: boolean;
}

export const dbUsage = `       aorta db schema|export|check [FILE] [--db URL] [--table T]… [--set …] [--lenient]; export: [--all]
       aorta db import [DUMP.ndjson] [--config FILE] [--db URL] [--set …] [--lenient] [--dry-run]`;

const everywhere = {
  db: { type: 'string' },
  set: { type: 'string', multiple: true },
  lenient: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const optionsOfVerb = {
  schema: { table: { type: 'string', multiple: true }, ...everywhere },
  export: { table: { type: 'string', multiple: true }, all: { type: 'boolean' }, ...everywhere },
  import: { config: { type: 'string' }, 'dry-run': { type: 'boolean' }, ...everywhere },
  check: { table: { type: 'string', multiple: true }, ...everywhere },
} as const;

/** Reads what follows `aorta db`. */
export function readDb(
  args: readonly string[],
):
  | { readonly name: 'db'; readonly db: DbArguments }
  | { readonly name: 'help' }
  | { readonly name: 'wrong'; readonly problems: readonly Problem[] } {
  const [word = '', ...rest] = args;
  if (word === '--help' || word === '-h') return { name: 'help' };
  const verb = dbVerbs.find((known) => known === word);
  if (verb === undefined) {
    const message =
      word === '' ? `needs one of ${dbVerbs.join(', ')}` : `there is no such command${didYouMean(word, dbVerbs)}`;
    return { name: 'wrong', problems: [{ place: `db ${word}`.trim(), message: `${message}; see aorta --help` }] };
  }
  const { values, positionals, problems } = parse(rest, optionsOfVerb[verb]);
  if (values.help) return { name: 'help' };
  if (positionals.length > 1) problems.push({ place: positionals.join(' '), message: 'only one FILE can be read' });
  if (problems.length > 0) return { name: 'wrong', problems };
  const isImport = verb === 'import';
  const options = { db: text(values.db), set: texts(values.set) };
  return {
    name: 'db',
    db: {
      verb,
      config: isImport ? text(values.config) : positionals[0],
      options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
      lenient: values.lenient === true,
      tables: texts(values.table),
      all: values.all === true,
      input: isImport ? positionals[0] : undefined,
      dryRun: values['dry-run'] === true,
    },
  };
}
