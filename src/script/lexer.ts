import {
  backslash,
  commercialAt,
  dollar,
  doubleQuote,
  exclamation,
  hash,
  isBlank,
  isDigit,
  isHexDigit,
  isWordPart,
  isWordStart,
  newline,
  singleQuote,
  slash,
  star,
} from './characters.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import { findIpv4, findIpv6, isIpv6 } from './ip-text.ts';
import { findPartner } from './pv-syntax.ts';
import type { SourceFile, Span } from './source.ts';
import { unescapeString } from './string-escapes.ts';
import type { Token, TokenKind } from './token.ts';

/** cfg-language §2: these words are numbers, anywhere. The families are numbers too, those of Linux. */
const numberWords: ReadonlyMap<string, number> = new Map([
  ...['yes', 'true', 'on', 'enable'].map((word) => [word, 1] as const),
  ...['no', 'false', 'off', 'disable'].map((word) => [word, 0] as const),
  ...['inet', 'INET'].map((word) => [word, 2] as const),
  ...['inet6', 'INET6'].map((word) => [word, 10] as const),
]);

/** Words with a colon: the longest match wins. */
const colonWords: readonly string[] = ['msg:len', 'uri:host', 'uri:port'];

const operators: readonly string[] = [
  ...['==', '!=', '=~', '!~', '<=', '>=', '<<', '>>', '&&', '||'],
  ...[':=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '=>'],
  ...['=', '<', '>', '!', '&', '|', '^', '~', '+', '-', '*', '/', '%', '.'],
  ...['(', ')', '{', '}', '[', ']', ',', ';', ':'],
];

const operatorsByFirst: ReadonlyMap<string, readonly string[]> = Map.groupBy(operators, (operator) =>
  operator.charAt(0),
);

/** What may stand behind a string that spans lines; anything else says that its quote was forgotten on the first. */
const behindString = ',;)]}:+.=!<>&|#';

/**
 * Makes tokens of a file, or of a part of it, one for each `next()`. Comments and blanks are skipped; what is wrong is
 * reported and read as well as it can be.
 */
export class Lexer {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #end: number;
  readonly #report: DiagnosticList;
  #at: number;
  #first: boolean;
  #suspect: boolean;
  #afterCase: boolean;
  #commentsNest: boolean;

  constructor(file: SourceFile, report: DiagnosticList, from = 0, end: number = file.text.length) {
    this.#file = file;
    this.#text = file.text;
    this.#end = end;
    this.#report = report;
    this.#at = from;
    this.#first = true;
    this.#suspect = false;
    this.#afterCase = false;
    this.#commentsNest = true;
  }

  next(): Token {
    for (;;) {
      const before = this.#at;
      const directive = this.#skipToToken();
      if (directive !== undefined) return directive;
      const token = this.#token(this.#at === before && !this.#first);
      if (token === undefined) continue;
      this.#first = false;
      this.#suspect = false;
      this.#afterCase = token.kind === 'word' && token.text === 'case';
      return token;
    }
  }

  /** The rest of the line behind a directive, with the lines that a backslash joins to it. */
  restOfLine(): Span {
    const start = this.#at;
    let end = this.#endOfLine(start);
    while (end < this.#end && this.#isJoined(end)) end = this.#endOfLine(end + 1);
    this.#at = end;
    return { file: this.#file, start, end };
  }

  /** Goes to the next directive without a look at what lies between: text that an `#!ifdef` left out. */
  skipToDirective(): Token | undefined {
    while (this.#at < this.#end) {
      this.#first = true;
      const line = this.#skipBlanks(this.#at);
      const directive = this.#directive(line);
      if (directive !== undefined) return directive;
      this.#at = Math.min(this.#endOfLine(line) + 1, this.#end);
    }
    return undefined;
  }

  /** Undefined when what stood here was reported and skipped. */
  #token(glued: boolean): Token | undefined {
    if (this.#at >= this.#end) return this.#make('end', '', this.#end, glued);
    const code = this.#text.charCodeAt(this.#at);
    if (this.#startsIpv6(code)) {
      const ip = findIpv6(this.#text, this.#at);
      if (ip !== undefined && !isWordPart(this.#text.charCodeAt(ip.end))) {
        return this.#make('ip', ip.address, ip.end, glued);
      }
    }
    if (isWordStart(code)) return this.#word(glued);
    if (isDigit(code)) return this.#number(glued);
    if (code === doubleQuote || code === singleQuote) return this.#string(code, glued);
    if (code === dollar) return this.#variable(glued);
    if (code === slash && this.#afterCase) return this.#regex(glued);
    if (code === commercialAt && isWordStart(this.#code(this.#at + 1))) return this.#select(glued);
    const token = this.#bracketedIpv6(glued) ?? this.#operator(glued);
    if (token === undefined) this.#skipUnexpected();
    return token;
  }

  #word(glued: boolean): Token {
    let end = this.#endOfWord(this.#at);
    const word = this.#text.slice(this.#at, end);
    const longer = this.#text[end] === ':' ? colonWords.find((known) => this.#isWordAt(known)) : undefined;
    if (longer !== undefined) end = this.#at + longer.length;
    const value = numberWords.get(word);
    if (value !== undefined) return this.#make('number', word, end, glued, value);
    return this.#make('word', longer ?? word, end, glued);
  }

  #number(glued: boolean): Token {
    const ip = findIpv4(this.#text, this.#at);
    if (ip !== undefined && !this.#continuesName(ip.end)) {
      if (ip.problem !== undefined) this.#report.error('bad-ip', ip.problem, this.#span(ip.end));
      return this.#make('ip', ip.address, ip.end, glued);
    }
    let end = this.#at;
    const hex = this.#text[end] === '0' && /[xX]/.test(this.#text[end + 1] ?? '') && isHexDigit(this.#code(end + 2));
    if (hex) end += 2;
    const isOne = hex ? isHexDigit : isDigit;
    while (end < this.#end && isOne(this.#text.charCodeAt(end))) end++;
    const text = this.#text.slice(this.#at, end);
    const octal = !hex && text.length > 1 && text.startsWith('0');
    if (octal && /[89]/.test(text) && !this.#continuesName(end)) {
      this.#report.error(
        'bad-number',
        `'${text}' begins with 0, so it is octal, which has no 8 and no 9`,
        this.#span(end),
      );
    }
    const value = octal ? Number.parseInt(text, 8) : Number(text);
    if (value <= Number.MAX_SAFE_INTEGER) return this.#make('number', text, end, glued, value);
    if (!Number.isNaN(value)) this.#report.error('bad-number', `'${text}' is too large a number`, this.#span(end));
    return this.#make('number', text, end, glued, 0);
  }

  #string(quote: number, glued: boolean): Token {
    const close = this.#closingQuote(quote);
    if (close === undefined) return this.#unclosedString(quote, glued);
    const raw = this.#text.slice(this.#at + 1, close);
    return this.#make('string', quote === doubleQuote ? unescapeString(raw) : raw, close + 1, glued);
  }

  /** Offset of the quote that closes the string here, unless it looks as if it opened another one. */
  #closingQuote(quote: number): number | undefined {
    let lines = 0;
    for (let i = this.#at + 1; i < this.#end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === quote) return lines === 0 || this.#mayEndString(i + 1) ? i : undefined;
      if (code === backslash && quote === doubleQuote) i++;
      if (code === newline) lines++;
    }
    return undefined;
  }

  #mayEndString(at: number): boolean {
    const behind = this.#skipBlanks(at);
    const c = this.#text[behind] ?? '\n';
    if (c === '\n' || behindString.includes(c)) return true;
    if (c === '/') return this.#startsComment(behind);
    return /^(?:and|or|desc)\b/.test(this.#text.slice(behind, behind + 5));
  }

  /** The string ends with its line; brackets and semicolons at the end of the line are left to the parser. */
  #unclosedString(quote: number, glued: boolean): Token {
    const endOfLine = Math.min(this.#endOfLine(this.#at), this.#end);
    let end = endOfLine;
    while (end > this.#at + 1 && /[\s;(){}]/.test(this.#text[end - 1] ?? '')) end--;
    const mark = String.fromCharCode(quote);
    this.#report.error('unclosed-string', `the string is not closed: expected ${mark} on this line`, this.#span(end));
    this.#suspect = true;
    return this.#make('string', this.#text.slice(this.#at + 1, end), end, glued);
  }

  #variable(glued: boolean): Token | undefined {
    const end = this.#endOfVariable();
    const text = this.#text.slice(this.#at, end);
    if (text !== '$') return this.#make('variable', text, end, glued);
    this.#report.error('bad-variable', "expected a variable's name after '$'", this.#span(end));
    this.#suspect = true;
    this.#at = end;
    return undefined;
  }

  /** Behind `$name`, `$name(...)` or `$(...)`; a variable stays on its line. */
  #endOfVariable(): number {
    const at = this.#at + 1;
    const name = this.#text[at] === '?' ? at + 1 : this.#endOfWord(at);
    if (this.#text[name] !== '(') return name;
    const endOfLine = this.#endOfLine(name);
    const close = findPartner(this.#text, name, endOfLine, '(', ')');
    if (close !== undefined) return close + 1;
    this.#report.error('bad-variable', "the variable is not closed: expected ')'", this.#span(endOfLine));
    this.#suspect = true;
    return name > at ? name : endOfLine;
  }

  /** `case /pattern/flags:` */
  #regex(glued: boolean): Token {
    const endOfLine = this.#endOfLine(this.#at);
    let end = this.#at + 1;
    while (end < endOfLine && this.#text[end] !== '/') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= endOfLine) {
      this.#report.error('unclosed-regex', "the regular expression is not closed: expected '/'", this.#span(endOfLine));
      this.#suspect = true;
      return this.#make('regex', this.#text.slice(this.#at, endOfLine), endOfLine, glued);
    }
    end = this.#endOfWord(end + 1);
    return this.#make('regex', this.#text.slice(this.#at, end), end, glued);
  }

  /** SER 2's `@to.tag`; it is read as a word, so that what stands around it is read too. */
  #select(glued: boolean): Token {
    let end = this.#endOfWord(this.#at + 1);
    while (this.#text[end] === '.' && isWordPart(this.#code(end + 1))) end = this.#endOfWord(end + 1);
    const text = this.#text.slice(this.#at, end);
    this.#report.error('unsupported-select', `the select '${text}' is not supported`, this.#span(end), {
      hint: "use a pseudo-variable: '$tt' is the tag of To",
    });
    this.#suspect = true;
    return this.#make('word', text, end, glued);
  }

  #bracketedIpv6(glued: boolean): Token | undefined {
    if (this.#text[this.#at] !== '[') return undefined;
    const close = this.#text.indexOf(']', this.#at);
    if (close < 0 || close - this.#at > 40) return undefined;
    const address = this.#text.slice(this.#at + 1, close);
    return isIpv6(address) ? this.#make('ip', address, close + 1, glued) : undefined;
  }

  #operator(glued: boolean): Token | undefined {
    const candidates = operatorsByFirst.get(this.#text[this.#at] ?? '') ?? [];
    const operator = candidates.find((candidate) => this.#text.startsWith(candidate, this.#at));
    return operator === undefined ? undefined : this.#make('operator', operator, this.#at + operator.length, glued);
  }

  /** Skips a run of characters that begin nothing. */
  #skipUnexpected(): void {
    const start = this.#at++;
    while (this.#at < this.#end && !this.#beginsSomething(this.#text[this.#at] ?? '')) this.#at++;
    const run = this.#text.slice(start, this.#at);
    const shown = run.length > 20 ? `${run.slice(0, 20)}...` : run;
    const typographic = /[\u2018\u2019\u201c\u201d\u201e]/.test(run);
    this.#report.error(
      'unexpected-character',
      `did not expect ${JSON.stringify(shown)} here`,
      { file: this.#file, start, end: this.#at },
      typographic ? { hint: 'strings stand in straight quotes: "..."' } : {},
    );
    this.#suspect = true;
  }

  #beginsSomething(c: string): boolean {
    const code = c.charCodeAt(0);
    return isBlank(code) || isWordPart(code) || '\n"\'$#@'.includes(c) || operatorsByFirst.has(c);
  }

  /** Skips blanks, joined lines and comments; returns a directive when it meets one. */
  #skipToToken(): Token | undefined {
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === newline) {
        this.#at++;
        this.#first = true;
      } else if (isBlank(code)) {
        this.#at++;
      } else if (code === backslash && this.#joinsLines(this.#at)) {
        this.#at = this.#endOfLine(this.#at) + 1;
      } else if (code === hash || code === exclamation) {
        const directive = this.#first ? this.#directive(this.#at) : undefined;
        if (directive !== undefined) return directive;
        if (code === exclamation) return undefined;
        this.#at = this.#endOfLine(this.#at);
      } else if (code === slash && this.#startsComment(this.#at) && !this.#afterCase) {
        this.#skipSlashComment();
      } else {
        return undefined;
      }
    }
    return undefined;
  }

  /** `#!word` behind nothing but blanks, `!!word` in column 1. What does not look like a word is a comment. */
  #directive(at: number): Token | undefined {
    const mark = this.#text.slice(at, at + 2);
    const inColumn1 = at === 0 || this.#text.charCodeAt(at - 1) === newline || this.#code(at - 1) === 0xfeff;
    if (mark !== '#!' && !(mark === '!!' && inColumn1)) return undefined;
    if (at + 2 >= this.#end || !isWordStart(this.#text.charCodeAt(at + 2))) return undefined;
    this.#at = at;
    const end = this.#endOfWord(at + 2);
    return this.#make('directive', this.#text.slice(at + 2, end), end, false);
  }

  #startsComment(at: number): boolean {
    const code = this.#code(at + 1);
    return this.#code(at) === slash && (code === slash || code === star);
  }

  #skipSlashComment(): void {
    if (this.#code(this.#at + 1) === slash) {
      this.#at = this.#endOfLine(this.#at);
      return;
    }
    const end = this.#endOfComment();
    if (this.#text.slice(this.#at, end).includes('\n')) this.#first = true;
    this.#at = end;
  }

  /** Comments nest. One that is never closed ends at the first end there is, and nesting is off from then on. */
  #endOfComment(): number {
    let depth = 0;
    let inner: number | undefined;
    let firstEnd: number | undefined;
    for (let at = this.#at; at < this.#end; at++) {
      const pair = this.#text[at] === '/' || this.#text[at] === '*' ? this.#text.slice(at, at + 2) : '';
      if (pair === '/*' && (depth === 0 || this.#commentsNest)) {
        if (depth === 1) inner = at;
        depth++;
        at++;
      } else if (pair === '*/') {
        at++;
        firstEnd ??= at + 1;
        if (--depth === 0) return at + 1;
      }
    }
    this.#commentsNest = false;
    const related =
      inner === undefined || firstEnd === undefined
        ? {}
        : { related: [{ message: 'comments nest, and this one inside needs its own */', span: this.#pair(inner) }] };
    this.#report.error('unclosed-comment', 'the comment is not closed: expected */', this.#pair(this.#at), related);
    return firstEnd ?? this.#end;
  }

  #pair(at: number): Span {
    return { file: this.#file, start: at, end: at + 2 };
  }

  #startsIpv6(code: number): boolean {
    if (code === 0x3a) return this.#code(this.#at + 1) === 0x3a;
    if (!isHexDigit(code)) return false;
    let at = this.#at + 1;
    while (at - this.#at < 5 && isHexDigit(this.#code(at))) at++;
    return this.#code(at) === 0x3a;
  }

  #isWordAt(word: string): boolean {
    return this.#text.startsWith(word, this.#at) && !isWordPart(this.#code(this.#at + word.length));
  }

  /** Whether a name that began with digits goes on: `3com.example`, `1.2.3.4.in-addr.arpa`. */
  #continuesName(at: number): boolean {
    const code = this.#code(at);
    return isWordPart(code) || ((code === 0x2e || code === 0x2d) && isWordPart(this.#code(at + 1)));
  }

  #joinsLines(at: number): boolean {
    return this.#code(at + 1) === newline || (this.#code(at + 1) === 0x0d && this.#code(at + 2) === newline);
  }

  /** Whether the line that ends here ends with a backslash. */
  #isJoined(endOfLine: number): boolean {
    const last = this.#code(endOfLine - 1) === 0x0d ? endOfLine - 2 : endOfLine - 1;
    return this.#code(last) === backslash;
  }

  #skipBlanks(at: number): number {
    let end = at;
    while (end < this.#end && isBlank(this.#text.charCodeAt(end))) end++;
    return end;
  }

  #endOfWord(from: number): number {
    let end = from;
    while (end < this.#end && isWordPart(this.#text.charCodeAt(end))) end++;
    return end;
  }

  #endOfLine(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 || end > this.#end ? this.#end : end;
  }

  /** The character there, NaN behind the end. */
  #code(at: number): number {
    return at < this.#end ? this.#text.charCodeAt(at) : Number.NaN;
  }

  #span(end: number): Span {
    return { file: this.#file, start: this.#at, end };
  }

  #make(kind: TokenKind, text: string, end: number, glued: boolean, value = 0): Token {
    const token: Token = {
      kind,
      text,
      value,
      file: this.#file,
      start: this.#at,
      end,
      first: this.#first,
      glued,
      suspect: this.#suspect,
    };
    this.#at = end;
    return token;
  }
}
