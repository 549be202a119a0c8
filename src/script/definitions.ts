import type { DiagnosticList } from './diagnostic-list.ts';
import { Lexer } from './lexer.ts';
import { maxDefineDepth } from './limits.ts';
import type { SourceFile, Span } from './source.ts';
import type { Token } from './token.ts';

/** `#!define NAME value`. */
export interface Definition {
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly span: Span;
}

/** The tokens of a part of a file that has no directives. */
export function lexPart(part: Span, report: DiagnosticList): readonly Token[] {
  const lexer = new Lexer(part.file, report, part.start, part.end);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    if (token.kind !== 'directive') tokens.push(token);
  }
  return tokens;
}

/** What `#!define` and the command line have defined so far. */
export class Definitions {
  readonly #byName: Map<string, Definition>;

  constructor() {
    this.#byName = new Map();
  }

  get(name: string): Definition | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Every name with the text that it stands for. */
  texts(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const [name, { tokens }] of this.#byName) texts.set(name, tokens.map(({ text }) => text).join(' '));
    return texts;
  }

  set(definition: Definition): void {
    this.#byName.set(definition.name, definition);
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }

  /** Defines a name as if the file said it. */
  setText(name: string, file: SourceFile, report: DiagnosticList): void {
    const span = { file, start: 0, end: file.text.length };
    this.set({ name, tokens: lexPart(span, report), span });
  }

  /**
   * Gives `push` the tokens that a word stands for, all of them where the word is. A name within its own value is left
   * as it is.
   *
   * @returns false when the word is not defined
   */
  expand(word: Token, push: (token: Token) => boolean): boolean {
    const definition = this.#byName.get(word.text);
    if (definition === undefined) return false;
    this.#expand(word, definition, [], push);
    return true;
  }

  #expand(
    word: Token,
    definition: Definition,
    within: readonly Definition[],
    push: (token: Token) => boolean,
  ): boolean {
    const inside = [...within, definition];
    for (const [index, part] of definition.tokens.entries()) {
      const { file, start, end } = word;
      const first = index === 0 && word.first;
      const glued = index === 0 ? word.glued : part.glued;
      const token: Token = { ...part, file, start, end, first, glued, suspect: word.suspect };
      const inner = part.kind === 'word' ? this.#byName.get(part.text) : undefined;
      const isExpanded = inner !== undefined && !inside.includes(inner) && inside.length < maxDefineDepth;
      if (isExpanded ? !this.#expand(token, inner, inside, push) : !push(token)) return false;
    }
    return true;
  }
}
