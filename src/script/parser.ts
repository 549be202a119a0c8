import type { Script } from './ast.ts';
import { Cursor } from './cursor.ts';
import type { Diagnostic } from './diagnostic.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { type DetectedDialect, DialectMarks } from './dialect.ts';
import { parseTopLevel } from './parse-top-level.ts';
import { preprocess } from './preprocess.ts';
import type { ReadFile } from './read-file.ts';
import { SourceFile } from './source.ts';
import type { Token } from './token.ts';

/** What a parser is told besides the text. */
export interface ParseOptions {
  /** Reads included files; without it there are none. */
  readonly readFile?: ReadFile;
  /** Definitions of the command line: `{ WITH_NAT: '' }`. */
  readonly defines?: Readonly<Record<string, string>>;
}

/** A configuration, as far as it could be read, and everything that is wrong with its syntax. */
export interface ParsedScript {
  readonly script: Script;
  /** In the order of the text. Without an error among them, the script has no `missing` nodes. */
  readonly diagnostics: readonly Diagnostic[];
  /** The root file first, then those that it includes. */
  readonly files: readonly SourceFile[];
  readonly dialect: DetectedDialect;
  /** What `#!define` and the command line have defined, by name. */
  readonly definitions: ReadonlyMap<string, string>;
}

/** Parses a configuration's text. Never throws; all problems are reported in one run. */
export function parseScript(path: string, text: string, options: ParseOptions = {}): ParsedScript {
  const { readFile = () => undefined, defines = {} } = options;
  const report = new DiagnosticList();
  const root = new SourceFile(path, text);
  const { tokens, files, directive, definitions } = preprocess(root, readFile, defines, report);
  const marks = new DialectMarks();
  if (directive !== undefined) marks.add('kamailio', directive);
  const cursor = new Cursor(tokens, endToken(root), report, marks);
  const items = parseTopLevel(cursor);
  const script: Script = { kind: 'script', span: { file: root, start: 0, end: text.length }, items };
  return { script, diagnostics: report.sorted(files), files, dialect: marks.detect(), definitions };
}

function endToken(file: SourceFile): Token {
  const end = file.text.length;
  return { kind: 'end', text: '', value: 0, file, start: end, end, first: true, glued: false, suspect: false };
}
