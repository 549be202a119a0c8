import type { Missing } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import type { DialectMarks } from './dialect.ts';
import { type Span, spanAfter, spanBetween } from './source.ts';
import { describeToken, isWritten, type Token, type TokenKind } from './token.ts';

/** Most tokens of a line that are looked at for wrong text. */
const longestLine = 50;

/** What `fail` adds to a message. */
export type More = Pick<Diagnostic, 'hint' | 'related'>;

/**
 * The place in the row of tokens, and what all parts of the parser do there: look, go on, complain. After a complaint
 * nothing more is said until a token was used, so that one mistake gives one diagnostic.
 */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #report: DiagnosticList;
  readonly #end: Token;
  readonly marks: DialectMarks;
  #index: number;
  #failedAt: number;
  /** Blocks that are open here. */
  blockDepth: number;
  /** Expressions that are open here. */
  expressionDepth: number;
  /** `switch` and `while` that are open here: what `break` leaves. */
  breakable: number;
  /** The first block whose closing brace stands further left than it began: the likely owner of a missing one. */
  misaligned: Span | undefined;

  constructor(tokens: readonly Token[], end: Token, report: DiagnosticList, marks: DialectMarks) {
    this.#tokens = tokens;
    this.#end = end;
    this.#report = report;
    this.marks = marks;
    this.#index = 0;
    this.#failedAt = -1;
    this.blockDepth = 0;
    this.expressionDepth = 0;
    this.breakable = 0;
    this.misaligned = undefined;
  }

  get token(): Token {
    return this.#tokens[this.#index] ?? this.#end;
  }

  get index(): number {
    return this.#index;
  }

  /** The token used last; at the beginning, the first one. */
  get previous(): Token {
    return this.#tokens[this.#index - 1] ?? this.token;
  }

  peek(distance: number): Token {
    return this.#tokens[this.#index + distance] ?? this.#end;
  }

  /** Uses a token. */
  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** Passes a token without using it. On the same line, what was reported before it still stands. */
  skip(): void {
    if (this.token.kind === 'end') return;
    if (this.#failedAt === this.#index && !this.peek(1).first) this.#failedAt++;
    this.#index++;
  }

  /** Whether an operator or a word stands here. */
  at(text: string): boolean {
    return isWritten(this.token, text);
  }

  atAny(texts: readonly string[]): boolean {
    return texts.some((text) => this.at(text));
  }

  atKind(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  atEnd(): boolean {
    return this.token.kind === 'end';
  }

  accept(text: string): Token | undefined {
    return this.at(text) ? this.take() : undefined;
  }

  /** Reports a syntax error, unless it follows from one that was reported already. */
  fail(code: string, message: string, span: Span, more: More = {}): void {
    const follows = this.#failedAt === this.#index || this.#lineIsSuspect();
    this.#failedAt = this.#index;
    if (!follows) this.#report.error(code, message, span, more);
  }

  /** `fail` for something that is not where it should be; it points behind what was read last. */
  failMissing(code: string, what: string, more: More = {}): void {
    const at = this.#index === 0 ? this.token : spanAfter(this.previous);
    this.fail(code, `expected ${what}, found ${describeToken(this.token)}`, at, more);
  }

  /** `fail` for the token that stands here. */
  failHere(code: string, expected: string, more: More = {}): void {
    this.fail(code, `expected ${expected}, found ${describeToken(this.token)}`, this.token, more);
  }

  /** Reports something that is wrong whatever stands around it. */
  error(code: string, message: string, span: Span, more: More = {}): void {
    this.#report.error(code, message, span, more);
  }

  /** Whether the last thing here was a complaint. */
  hasFailedHere(): boolean {
    return this.#failedAt === this.#index;
  }

  missing(): Missing {
    return { kind: 'missing', span: spanAfter(this.previous) };
  }

  /** From a token or a node to the token used last. */
  spanFrom(first: Span): Span {
    return spanBetween(first, this.previous);
  }

  /** Whether the text around this place was wrong already: the token before, or one on the rest of the line. */
  #lineIsSuspect(): boolean {
    if (this.previous.suspect) return true;
    for (let distance = 0; distance < longestLine; distance++) {
      const token = this.peek(distance);
      if (token.suspect) return true;
      if (distance > 0 && token.first) return false;
    }
    return false;
  }
}
