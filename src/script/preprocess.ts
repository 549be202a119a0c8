import { didYouMean } from '../base/did-you-mean.ts';
import { Definitions, lexPart } from './definitions.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { Lexer } from './lexer.ts';
import { maxIncludeDepth, maxIncludes, maxTokens } from './limits.ts';
import { includePaths, normalPath, type ReadFile } from './read-file.ts';
import { SourceFile, type Span } from './source.ts';
import { readSubstitution, type Substitution, splitSubstitution, substitute } from './substitution.ts';
import { isText } from './text-check.ts';
import { describeToken, type Token } from './token.ts';

/** A configuration as one row of tokens, ready for the parser. */
export interface Preprocessed {
  readonly tokens: readonly Token[];
  /** All files, in the order in which they were opened. */
  readonly files: readonly SourceFile[];
  /** The first directive: its file is of Kamailio's family. */
  readonly directive: Span | undefined;
  readonly definitions: ReadonlyMap<string, string>;
}

/** An `#!ifdef` whose `#!endif` is still to come. */
interface Condition {
  readonly span: Span;
  /** Whether the part after `#!else` counts; undefined once that began. */
  readonly elseCounts: boolean | undefined;
}

/** Directives that name a dialect on the first line, and do nothing. */
const dialectNames: readonly string[] = ['KAMAILIO', 'SER', 'OPENSER', 'MAXCOMPAT', 'ALL'];

const shortNames: ReadonlyMap<string, string> = new Map([
  ['def', 'define'],
  ['trydefine', 'trydef'],
  ['redef', 'redefine'],
  ['undefine', 'undef'],
]);

const directiveNames: readonly string[] = [
  ...['define', 'trydef', 'redefine', 'undef', 'ifdef', 'ifndef', 'else', 'endif'],
  ...['subst', 'substdef', 'substdefs', 'include_file', 'import_file'],
];

/** Directives that would change the configuration in a way that is not known here. */
const unsupported: readonly string[] = ['ifexp', 'defexp', 'defexps', 'defenv', 'defenvs', 'trydefenv', 'trydefenvs'];

const isInclude = (word: string): boolean => word === 'include_file' || word === 'import_file';

/** Follows includes, conditions, definitions and substitutions from the root file on. */
export function preprocess(
  root: SourceFile,
  readFile: ReadFile,
  defines: Readonly<Record<string, string>>,
  report: DiagnosticList,
): Preprocessed {
  const preprocessor = new Preprocessor(readFile, report);
  for (const [name, value] of Object.entries(defines)) preprocessor.define(name, value);
  return preprocessor.run(root);
}

class Preprocessor {
  readonly #readFile: ReadFile;
  readonly #report: DiagnosticList;
  readonly #tokens: Token[];
  readonly #files: SourceFile[];
  readonly #open: SourceFile[];
  readonly #definitions: Definitions;
  readonly #substitutions: Substitution[];
  #directive: Span | undefined;
  #isFull: boolean;

  constructor(readFile: ReadFile, report: DiagnosticList) {
    this.#readFile = readFile;
    this.#report = report;
    this.#tokens = [];
    this.#files = [];
    this.#open = [];
    this.#definitions = new Definitions();
    this.#substitutions = [];
    this.#directive = undefined;
    this.#isFull = false;
  }

  /** A definition of the command line. */
  define(name: string, value: string): void {
    this.#definitions.setText(name, new SourceFile(`<definition of ${name}>`, value), this.#report);
  }

  run(root: SourceFile): Preprocessed {
    this.#file(root);
    const definitions = this.#definitions.texts();
    return { tokens: this.#tokens, files: this.#files, directive: this.#directive, definitions };
  }

  #file(file: SourceFile): void {
    this.#files.push(file);
    if (!isText(file, this.#report)) return;
    this.#open.push(file);
    const lexer = new Lexer(file, this.#report);
    const conditions: Condition[] = [];
    for (let token = lexer.next(); token.kind !== 'end' && !this.#isFull; token = lexer.next()) {
      if (token.kind === 'directive') this.#runDirective(token, lexer, conditions);
      else if (token.kind === 'word' && isInclude(token.text)) this.#include(token, lexer.next());
      else if (token.kind !== 'word' || !this.#definitions.expand(token, (part) => this.#push(part))) this.#push(token);
    }
    this.#open.pop();
    if (this.#isFull) return;
    for (const { span } of conditions) this.#report.error('unclosed-condition', "expected an '#!endif' for this", span);
  }

  /** False when there is no room for more. */
  #push(token: Token): boolean {
    if (this.#isFull) return false;
    if (this.#tokens.length >= maxTokens) {
      this.#report.error('too-long', `the configuration has more than ${maxTokens} tokens`, token);
      this.#isFull = true;
      // Half a configuration would only lead to messages about its end.
      this.#tokens.length = 0;
      return false;
    }
    this.#tokens.push(token.kind === 'string' ? this.#substituted(token) : token);
    return true;
  }

  #substituted(token: Token): Token {
    if (this.#substitutions.length === 0) return token;
    return { ...token, text: this.#substitutions.reduce(substitute, token.text) };
  }

  #runDirective(token: Token, lexer: Lexer, conditions: Condition[]): void {
    const name = shortNames.get(token.text) ?? token.text;
    if (directiveNames.includes(name) || dialectNames.includes(name)) this.#directive ??= token;
    const rest = lexer.restOfLine();
    switch (name) {
      case 'define':
      case 'trydef':
      case 'redefine':
        this.#define(name, token, rest);
        break;
      case 'undef':
        this.#definitions.delete(this.#name(token, rest)?.text ?? '');
        break;
      case 'ifdef':
      case 'ifndef':
        this.#condition(name, token, rest, lexer, conditions);
        break;
      case 'ifexp':
        this.#unknownDirective(token);
        conditions.push({ span: token, elseCounts: false });
        break;
      case 'else':
      case 'endif':
        this.#endOfPart(name, token, lexer, conditions);
        break;
      case 'subst':
      case 'substdef':
      case 'substdefs':
        this.#substitution(name, token, rest);
        break;
      case 'include_file':
      case 'import_file':
        this.#include({ ...token, text: name }, lexPart(rest, this.#report)[0] ?? { ...token, kind: 'end' });
        break;
      default:
        if (!dialectNames.includes(name)) this.#unknownDirective(token);
    }
  }

  #unknownDirective(token: Token): void {
    if (unsupported.includes(token.text)) {
      this.#report.error('unsupported-directive', `'#!${token.text}' is not supported`, token);
      return;
    }
    const meant = didYouMean(token.text, directiveNames);
    const hint = meant === undefined ? {} : { hint: `did you mean '#!${meant}'?` };
    this.#report.warning('unknown-directive', `'#!${token.text}' is no directive; the line is a comment`, token, hint);
  }

  #define(how: 'define' | 'trydef' | 'redefine', token: Token, rest: Span): void {
    const tokens = lexPart(rest, this.#report);
    const word = this.#nameToken(token, tokens[0]);
    if (word === undefined) return;
    const before = this.#definitions.get(word.text);
    if (before !== undefined && how === 'trydef') return;
    if (before !== undefined && how === 'define') {
      this.#report.warning('defined-twice', `'${word.text}' is defined a second time; this value counts`, word, {
        hint: "'#!redefine' says that it is meant, '#!trydef' keeps the first value",
        related: [{ message: 'the first definition', span: before.span }],
      });
    }
    this.#definitions.set({ name: word.text, tokens: tokens.slice(1), span: word });
  }

  #name(directive: Token, rest: Span): Token | undefined {
    return this.#nameToken(directive, lexPart(rest, this.#report)[0]);
  }

  #nameToken(directive: Token, word: Token | undefined): Token | undefined {
    if (word?.kind === 'word') return word;
    this.#report.error('bad-directive', `expected a name after '#!${directive.text}'`, word ?? directive);
    return undefined;
  }

  #condition(kind: 'ifdef' | 'ifndef', token: Token, rest: Span, lexer: Lexer, conditions: Condition[]): void {
    const word = this.#name(token, rest);
    const counts = word !== undefined && this.#definitions.has(word.text) === (kind === 'ifdef');
    conditions.push({ span: token, elseCounts: !counts });
    if (!counts) this.#skip(lexer, conditions);
  }

  #endOfPart(kind: 'else' | 'endif', token: Token, lexer: Lexer, conditions: Condition[]): void {
    const condition = conditions.pop();
    if (condition === undefined) {
      this.#report.error(`stray-${kind}`, `'#!${kind}' has no '#!ifdef' before it`, token);
    } else if (kind === 'else') {
      if (condition.elseCounts === undefined) this.#secondElse(token, condition);
      conditions.push({ span: condition.span, elseCounts: undefined });
      if (condition.elseCounts !== true) this.#skip(lexer, conditions);
    }
  }

  #secondElse(token: Token, condition: Condition): void {
    this.#report.error('stray-else', "a second '#!else' for the same condition", token, {
      related: [{ message: 'the condition is here', span: condition.span }],
    });
  }

  /** Goes over a part that does not count, to its `#!else` or `#!endif`; conditions inside are only counted. */
  #skip(lexer: Lexer, conditions: Condition[]): void {
    const inner: Condition[] = [];
    for (let token = lexer.skipToDirective(); token !== undefined; token = lexer.skipToDirective()) {
      if (token.text === 'ifdef' || token.text === 'ifndef' || token.text === 'ifexp') {
        inner.push({ span: token, elseCounts: undefined });
      } else if (token.text === 'endif' && inner.pop() === undefined) {
        conditions.pop();
        return;
      } else if (token.text === 'else' && inner.length === 0) {
        const condition = conditions.pop();
        if (condition === undefined) return;
        if (condition.elseCounts === undefined) this.#secondElse(token, condition);
        conditions.push({ span: condition.span, elseCounts: undefined });
        if (condition.elseCounts === true) return;
      }
    }
    conditions.push(...inner);
  }

  /** `substdef` defines its name too; `substdefs` defines it as a string. */
  #substitution(kind: 'subst' | 'substdef' | 'substdefs', token: Token, rest: Span): void {
    const raw = rest.file.text.slice(rest.start, rest.end);
    const open = raw.search(/["']/);
    const close = open < 0 ? -1 : raw.lastIndexOf(raw[open] ?? '');
    const parts = close > open ? splitSubstitution(raw.slice(open + 1, close)) : undefined;
    if (parts === undefined) {
      this.#report.error('bad-substitution', `expected "/pattern/replacement/flags" after '#!${kind}'`, token);
      return;
    }
    const substitution = readSubstitution(parts);
    if (typeof substitution === 'string') {
      this.#report.error('bad-substitution', substitution, rest);
      return;
    }
    this.#substitutions.push(substitution);
    if (kind === 'subst') return;
    const value = kind === 'substdef' ? parts.replacement : JSON.stringify(parts.replacement);
    this.#definitions.setText(parts.pattern, new SourceFile(rest.file.path, value), this.#report);
  }

  #include(keyword: Token, name: Token): void {
    if (name.kind !== 'string') {
      const message = `expected a file's name in quotes after '${keyword.text}', found ${describeToken(name)}`;
      this.#report.error('bad-include', message, keyword);
      return;
    }
    const path = this.#substituted(name).text;
    const from = this.#open.at(-1)?.path ?? '';
    const file = this.#openFile(path, from, keyword, name);
    if (file === undefined) return;
    if (this.#open.some((open) => normalPath(open.path) === file.path)) {
      this.#includeLoop(file, name);
    } else if (this.#open.length >= maxIncludeDepth) {
      this.#report.error('include-depth', `files are included more than ${maxIncludeDepth} deep`, name);
    } else if (this.#files.length >= maxIncludes) {
      this.#report.error('too-many-includes', `more than ${maxIncludes} files are included`, name);
    } else {
      this.#file(file);
    }
  }

  #openFile(path: string, from: string, keyword: Token, name: Token): SourceFile | undefined {
    const paths = includePaths(path, from);
    for (const candidate of paths) {
      const text = this.#readFile(candidate);
      if (typeof text === 'string') return new SourceFile(candidate, text);
      if (text !== undefined) {
        this.#report.error('include-unreadable', `cannot read '${candidate}': ${text.problem}`, name);
        return undefined;
      }
    }
    if (keyword.text === 'include_file') {
      this.#report.error('include-missing', `there is no file '${path}'`, name, {
        hint: `looked for ${paths.map((candidate) => `'${candidate}'`).join(' and ')}; import_file accepts a missing file`,
      });
    }
    return undefined;
  }

  #includeLoop(file: SourceFile, name: Token): void {
    const chain = this.#open.map((open) => open.path).join(' -> ');
    this.#report.error('include-loop', `'${file.path}' includes itself: ${chain} -> ${file.path}`, name);
  }
}
