import { maxPvDepth } from './limits.ts';

// Pseudo-variables and the texts they stand in, as data. Which names exist, and what takes an argument, an index or a
// transformation, is not known here.

/** `$ru`, `$avp(s:foo)`, `$(hdr(Via)[0]{s.len})`. */
export interface PvSpec {
  /** As written, with the dollar. */
  readonly text: string;
  /** `ru`, `avp`, `hdr`, `?`. */
  readonly name: string;
  /** What stands in the parentheses after the name. */
  readonly argument: PvText | undefined;
  readonly index: PvIndex | undefined;
  /** Applied from left to right. */
  readonly transformations: readonly Transformation[];
}

/** A text that may have variables in it. */
export interface PvText {
  readonly text: string;
  readonly pieces: readonly FormatPiece[];
}

/** `[0]`, `[-1]`, `[*]`, `[$var(i)]`. */
export type PvIndex =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'variable'; readonly pv: PvSpec };

/** `{s.select,1,:}`: class `s`, name `select`, parameters `1` and `:`. */
export interface Transformation {
  /** What stands in the braces. */
  readonly text: string;
  readonly class: string;
  readonly name: string;
  readonly parameters: readonly PvText[];
}

/** A piece of a format string. Offsets count in the string's value, after its escapes. */
export type FormatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly pv: PvSpec; readonly start: number; readonly end: number }
  | FormatProblem;

/** A malformed variable. The text may still be right: in a regular expression, `$` is the end of a line. */
export interface FormatProblem {
  readonly kind: 'problem';
  readonly text: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a variable, and the offset where that was noticed. */
export interface PvProblem {
  readonly problem: string;
  readonly at: number;
}

/** Takes a text apart at its variables. `$$` is a dollar, and so is a `$` that begins no variable. */
export function parseFormat(text: string): readonly FormatPiece[] {
  return readFormat(text, 0);
}

/** Reads a text that is one variable and nothing else. */
export function parsePv(text: string): PvSpec | PvProblem {
  const reader = new PvReader(text, 0, 0);
  const pv = reader.variable();
  if ('problem' in pv || reader.at === text.length) return pv;
  return { problem: `'${text.slice(reader.at)}' does not belong to the variable`, at: reader.at };
}

function readFormat(text: string, depth: number): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let literal = '';
  let at = 0;
  const flush = (): void => {
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
  };
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) break;
    literal += text.slice(at, dollar);
    if (!beginsVariable(text, dollar)) {
      literal += '$';
      at = dollar + (text[dollar + 1] === '$' ? 2 : 1);
      continue;
    }
    flush();
    const reader = new PvReader(text, dollar, depth);
    const pv = reader.variable();
    at = reader.at;
    if ('problem' in pv) {
      pieces.push({ kind: 'problem', text: text.slice(dollar, at), message: pv.problem, start: dollar, end: at });
    } else {
      pieces.push({ kind: 'variable', pv, start: dollar, end: at });
    }
  }
  literal += text.slice(at);
  flush();
  return pieces;
}

function beginsVariable(text: string, dollar: number): boolean {
  if (text[dollar] !== '$') return false;
  const next = text[dollar + 1] ?? '';
  return next === '(' || next === '?' || isNameStart(next);
}

/** Reads one variable; `at` is where it ends, or where reading can go on after a problem. */
class PvReader {
  readonly #text: string;
  readonly #start: number;
  readonly #depth: number;
  /** Where brackets are looked for: the text, or what stands inside `$( ... )`. */
  #end: number;
  at: number;

  constructor(text: string, start: number, depth: number) {
    this.#text = text;
    this.#start = start;
    this.#depth = depth;
    this.#end = text.length;
    this.at = start;
  }

  variable(): PvSpec | PvProblem {
    if (this.#depth > maxPvDepth) return this.#problem('variables are nested too deep');
    if (!beginsVariable(this.#text, this.at)) return this.#problem("expected a variable's name after '$'");
    this.at++;
    return this.#text[this.at] === '(' ? this.#parenthesised() : this.#plain();
  }

  /** `$name`, `$name(argument)`. */
  #plain(): PvSpec | PvProblem {
    const name = this.#name();
    if (this.#text[this.at] !== '(') return this.#spec(name, undefined, undefined, []);
    const argument = this.#enclosed('(', ')');
    if (argument === undefined) return this.#unclosed('(', ')');
    return this.#withArgument(name, argument, undefined, []);
  }

  /** `$(name(argument)[index]{transformation}...)`. */
  #parenthesised(): PvSpec | PvProblem {
    const inside = this.#enclosed('(', ')');
    if (inside === undefined) return this.#unclosed('$(', ')');
    const behind = this.at;
    this.#end = behind - 1;
    this.at = this.#end - inside.length;
    const pv = this.#inside();
    this.at = behind;
    return pv;
  }

  #inside(): PvSpec | PvProblem {
    this.#blanks();
    if (!isNameStart(this.#text[this.at] ?? '') && this.#text[this.at] !== '?') {
      return this.#problem("expected a variable's name after '$('");
    }
    const name = this.#name();
    let argument: string | undefined;
    if (this.#text[this.at] === '(') {
      argument = this.#enclosed('(', ')');
      if (argument === undefined) return this.#unclosed('(', ')');
    }
    this.#blanks();
    let index: PvIndex | undefined;
    if (this.#text[this.at] === '[') {
      const read = this.#index(this.#enclosed('[', ']'));
      if ('problem' in read) return read;
      index = read;
    }
    const transformations = this.#transformations();
    if ('problem' in transformations) return transformations;
    if (this.at !== this.#end) {
      return this.#problem(`did not expect '${this.#text.slice(this.at, this.#end)}' in a variable`);
    }
    return this.#withArgument(name, argument, index, transformations);
  }

  #transformations(): readonly Transformation[] | PvProblem {
    const transformations: Transformation[] = [];
    this.#blanks();
    while (this.#text[this.at] === '{') {
      const text = this.#enclosed('{', '}');
      if (text === undefined) return this.#unclosed('{', '}');
      const transformation = this.#transformation(text);
      if ('problem' in transformation) return transformation;
      transformations.push(transformation);
      this.#blanks();
    }
    return transformations;
  }

  #transformation(text: string): Transformation | PvProblem {
    const [head = '', ...parameters] = splitParameters(text);
    const dot = head.indexOf('.');
    const family = head.slice(0, dot).trim();
    const name = head.slice(dot + 1).trim();
    if (dot < 0 || !isName(family) || !isName(name.replaceAll('.', ''))) {
      return this.#problem(`'{${text}}' is no transformation: expected '{class.name}' or '{class.name,parameter}'`);
    }
    return { text, class: family, name, parameters: parameters.map((parameter) => this.#nested(parameter)) };
  }

  #index(text: string | undefined): PvIndex | PvProblem {
    if (text === undefined) return this.#unclosed('[', ']');
    return (
      readIndex(text.trim(), this.#depth) ??
      this.#problem(`'[${text}]' is no index: expected a number, '*' or a variable`)
    );
  }

  /** OpenSER 1.0 wrote the index inside: `$hdr(Via[0])`, `$avp(i:7[*])`. */
  #withArgument(
    name: string,
    argument: string | undefined,
    index: PvIndex | undefined,
    transformations: readonly Transformation[],
  ): PvSpec {
    const open = argument?.lastIndexOf('[') ?? -1;
    if (
      argument === undefined ||
      open <= 0 ||
      !argument.endsWith(']') ||
      argument.includes('=>') ||
      index !== undefined
    ) {
      return this.#spec(name, argument, index, transformations);
    }
    const inner = readIndex(argument.slice(open + 1, -1).trim(), this.#depth);
    return this.#spec(name, inner === undefined ? argument : argument.slice(0, open), inner, transformations);
  }

  #spec(
    name: string,
    argument: string | undefined,
    index: PvIndex | undefined,
    transformations: readonly Transformation[],
  ): PvSpec {
    const text = this.#text.slice(this.#start, this.#endOfSpec());
    return {
      text,
      name,
      argument: argument === undefined ? undefined : this.#nested(argument),
      index,
      transformations,
    };
  }

  /** Inside `$( ... )` the closing parenthesis belongs to the text too. */
  #endOfSpec(): number {
    return this.#text[this.#start + 1] === '(' ? this.at + 1 : this.at;
  }

  #nested(text: string): PvText {
    return { text, pieces: readFormat(text, this.#depth + 1) };
  }

  #name(): string {
    const from = this.at;
    if (this.#text[this.at] === '?') this.at++;
    else while (isNameCharacter(this.#text[this.at] ?? '')) this.at++;
    return this.#text.slice(from, this.at);
  }

  /** What stands between a bracket and its partner; moves behind the partner. Undefined when it has none. */
  #enclosed(open: string, close: string): string | undefined {
    const from = this.at + 1;
    const end = findPartner(this.#text, this.at, this.#end, open, close);
    if (end === undefined) return undefined;
    this.at = end + 1;
    return this.#text.slice(from, end);
  }

  #blanks(): void {
    while (this.#text[this.at] === ' ' || this.#text[this.at] === '\t') this.at++;
  }

  /** The rest of the text lies in the bracket, so reading ends here. */
  #unclosed(open: string, close: string): PvProblem {
    const at = this.at;
    this.at = this.#end;
    return { problem: `'${open}' is not closed: expected '${close}'`, at };
  }

  #problem(problem: string): PvProblem {
    const at = this.at;
    if (this.at === this.#start) this.at = Math.min(this.at + 1, this.#text.length);
    return { problem, at };
  }
}

function readIndex(text: string, depth: number): PvIndex | undefined {
  if (text === '*') return { kind: 'all' };
  if (/^[+-]?\d{1,9}$/.test(text)) return { kind: 'number', value: Number(text) };
  if (!text.startsWith('$')) return undefined;
  const reader = new PvReader(text, 0, depth + 1);
  const pv = reader.variable();
  return 'problem' in pv || reader.at !== text.length ? undefined : { kind: 'variable', pv };
}

/** Offset of the bracket before `to` that closes the one at `from`. */
export function findPartner(text: string, from: number, to: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let i = from; i < to; i++) {
    if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
  }
  return undefined;
}

/** Splits at commas outside of brackets. `,,` at the end is a comma as the last parameter: `{s.select,0,,}`. */
function splitParameters(text: string): readonly string[] {
  if (text.endsWith(',,')) return [...splitParameters(text.slice(0, -2)), ','];
  const parameters: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if ('({['.includes(c)) depth++;
    else if (')}]'.includes(c)) depth--;
    else if (c === ',' && depth <= 0) {
      parameters.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parameters.push(text.slice(from));
  return parameters;
}

function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

function isNameStart(c: string): boolean {
  return /^[A-Za-z_]$/.test(c);
}

function isNameCharacter(c: string): boolean {
  return /^[A-Za-z0-9_]$/.test(c);
}
