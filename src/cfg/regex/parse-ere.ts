import { bothCases, type CharSet, complement, namedClasses, oneOf, union, wordSet } from './char-set.ts';
import { regexLimits } from './limits.ts';

/** A regular expression taken apart. */
export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly least: number; readonly most: number }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly number: number }
  | { readonly kind: 'back'; readonly number: number }
  | { readonly kind: 'edge'; readonly edge: Edge };

/** A place between characters. */
export type Edge =
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'word'
  | 'no-word'
  | 'word-start'
  | 'word-end';

/** What a pattern was read as. */
export interface ParsedRegex {
  readonly node: RegexNode;
  readonly groups: number;
  /** What is probably not meant as it is written. */
  readonly note: string | undefined;
}

/** What is wrong with a pattern. */
export interface RegexProblem {
  /** A sentence that says what is wrong, and where. */
  readonly problem: string;
  /** Offset in the pattern. */
  readonly at: number;
}

/** How a pattern is read. */
export interface EreOptions {
  readonly ignoreCase: boolean;
  /** Whether `.` and `[^…]` match a line feed; `^` and `$` match at lines when they do not. */
  readonly newline: 'ordinary' | 'line';
}

const emptyNode: RegexNode = { kind: 'empty' };

/** Reads a POSIX extended regular expression, with the escapes that the C library of Linux adds. */
export function parseEre(pattern: string, options: EreOptions): ParsedRegex | RegexProblem {
  if (pattern.length > regexLimits.maxPattern) {
    return { problem: `the pattern is longer than ${regexLimits.maxPattern} characters`, at: regexLimits.maxPattern };
  }
  const reader = new EreReader(pattern, options);
  const node = reader.choice(0);
  if (isProblem(node)) return node;
  return { node, groups: reader.groups, note: reader.note };
}

type Read = RegexNode | RegexProblem;

function isProblem(read: Read | CharSet | number | undefined): read is RegexProblem {
  return typeof read === 'object' && 'problem' in read;
}

class EreReader {
  readonly #pattern: string;
  readonly #ignoreCase: boolean;
  readonly #newlineIsOrdinary: boolean;
  #at: number;
  groups: number;
  note: string | undefined;

  constructor(pattern: string, { ignoreCase, newline }: EreOptions) {
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
    this.#newlineIsOrdinary = newline === 'ordinary';
    this.#at = 0;
    this.groups = 0;
    this.note = undefined;
  }

  /** `a|b|c`; an empty alternative matches nothing at all. */
  choice(depth: number): Read {
    const options: RegexNode[] = [];
    for (;;) {
      const option = this.#sequence(depth);
      if (isProblem(option)) return option;
      options.push(option);
      if (this.#next !== '|') break;
      this.#at++;
    }
    return options.length === 1 ? (options[0] ?? emptyNode) : { kind: 'choice', options };
  }

  #sequence(depth: number): Read {
    const items: RegexNode[] = [];
    while (this.#at < this.#pattern.length && this.#next !== '|' && !(this.#next === ')' && depth > 0)) {
      const atom = this.#atom(depth);
      if (isProblem(atom)) return atom;
      const item = this.#repeated(atom);
      if (isProblem(item)) return item;
      items.push(item);
    }
    if (items.length === 0) return emptyNode;
    return items.length === 1 ? (items[0] ?? emptyNode) : { kind: 'sequence', items };
  }

  #atom(depth: number): Read {
    const c = this.#take();
    switch (c) {
      case '(':
        return this.#group(depth);
      case '[':
        return this.#bracket();
      case '.':
        return { kind: 'set', set: this.#newlineIsOrdinary ? complement([]) : complement(oneOf(0x0a)) };
      case '^':
        return edge(this.#newlineIsOrdinary ? 'text-start' : 'line-start');
      case '$':
        return edge(this.#newlineIsOrdinary ? 'text-end' : 'line-end');
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#problem(`'${c}' has nothing before it to repeat; write '\\${c}' for the character`, -1);
      case '\\':
        return this.#escape();
      default:
        return this.#literal(c);
    }
  }

  #group(depth: number): Read {
    if (depth >= regexLimits.maxDepth) return this.#problem('groups are nested too deep', -1);
    if (this.groups >= regexLimits.maxGroups) return this.#problem('there are too many groups', -1);
    const number = ++this.groups;
    const opened = this.#at - 1;
    const item = this.choice(depth + 1);
    if (isProblem(item)) return item;
    if (this.#next !== ')') return { problem: "'(' is not closed", at: opened };
    this.#at++;
    return { kind: 'group', item, number };
  }

  #repeated(atom: RegexNode): Read {
    let item = atom;
    for (;;) {
      const bounds = this.#bounds();
      if (bounds === undefined) return item;
      if ('problem' in bounds) return bounds;
      if (item.kind === 'edge') return this.#problem('a place between characters cannot be repeated', -1);
      item = { kind: 'repeat', item, least: bounds[0], most: bounds[1] };
    }
  }

  #bounds(): readonly [number, number] | RegexProblem | undefined {
    switch (this.#next) {
      case '*':
        this.#at++;
        return [0, Number.POSITIVE_INFINITY];
      case '+':
        this.#at++;
        return [1, Number.POSITIVE_INFINITY];
      case '?':
        this.#at++;
        return [0, 1];
      case '{':
        return this.#interval();
      default:
        return undefined;
    }
  }

  #interval(): readonly [number, number] | RegexProblem {
    const match = /^\{(\d{0,4})(,?)(\d{0,4})\}/.exec(this.#pattern.slice(this.#at, this.#at + 12));
    const [whole = '', low = '', comma = '', high = ''] = match ?? [];
    if (low === '' && high === '') {
      return this.#problem("'{' begins no '{n}', '{n,}' or '{n,m}'; write '\\{' for the character");
    }
    const least = Number(low);
    const most = comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (least > most) return this.#problem(`'${whole}' is the wrong way round`);
    if (Math.max(least, most === Number.POSITIVE_INFINITY ? 0 : most) > regexLimits.maxRepeat) {
      return this.#problem(`'${whole}' repeats more than ${regexLimits.maxRepeat} times`);
    }
    this.#at += whole.length;
    return [least, most];
  }

  #escape(): Read {
    if (this.#at >= this.#pattern.length) return this.#problem("'\\' is the last character", -1);
    const c = this.#take();
    switch (c) {
      case 'w':
        return { kind: 'set', set: wordSet };
      case 'W':
        return { kind: 'set', set: complement(wordSet) };
      case 's':
        return { kind: 'set', set: namedClasses.space as CharSet };
      case 'S':
        return { kind: 'set', set: complement(namedClasses.space as CharSet) };
      case 'b':
        return edge('word');
      case 'B':
        return edge('no-word');
      case '<':
        return edge('word-start');
      case '>':
        return edge('word-end');
      case '`':
        return edge('text-start');
      case "'":
        return edge('text-end');
      case 'd':
      case 'D':
        this.note ??= `'\\${c}' is the letter '${c}' in a POSIX expression; a digit is '[0-9]'`;
        return this.#literal(c);
      default:
        if (c < '1' || c > '9') return this.#literal(c);
        if (Number(c) > this.groups) return this.#problem(`'\\${c}' repeats a group that is not there`, -2);
        return { kind: 'back', number: Number(c) };
    }
  }

  /** What stands behind `[`: in it a backslash is a character like others, and so is `]` at the front. */
  #bracket(): Read {
    const opened = this.#at - 1;
    const negated = this.#next === '^';
    if (negated) this.#at++;
    const ranges: number[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.#pattern.length) return { problem: "'[' is not closed", at: opened };
      if (this.#next === ']' && !first) break;
      const added = this.#bracketItem(ranges);
      if (added !== undefined) return added;
    }
    this.#at++;
    const set = this.#ignoreCase ? bothCases(union(ranges)) : union(ranges);
    if (!negated) return { kind: 'set', set };
    return { kind: 'set', set: complement(this.#newlineIsOrdinary ? set : union([...set, 0x0a, 0x0a])) };
  }

  #bracketItem(ranges: number[]): RegexProblem | undefined {
    if (this.#pattern.startsWith('[:', this.#at)) {
      const end = this.#pattern.indexOf(':]', this.#at + 2);
      const name = end < 0 ? '' : this.#pattern.slice(this.#at + 2, end);
      const set = Object.hasOwn(namedClasses, name) ? namedClasses[name] : undefined;
      if (set === undefined) {
        return this.#problem(`there is no class '[:${name}:]'; there are ${Object.keys(namedClasses).join(', ')}`);
      }
      ranges.push(...set);
      this.#at = end + 2;
      return undefined;
    }
    const first = this.#bracketCode();
    if (isProblem(first)) return first;
    if (this.#next !== '-' || this.#pattern[this.#at + 1] === ']' || this.#at + 1 >= this.#pattern.length) {
      ranges.push(first, first);
      return undefined;
    }
    this.#at++;
    const last = this.#bracketCode();
    if (isProblem(last)) return last;
    if (last < first) return this.#problem('a range goes from a higher to a lower character', -1);
    ranges.push(first, last);
    return undefined;
  }

  /** One character, plain or as `[.-.]` or `[=a=]`. */
  #bracketCode(): number | RegexProblem {
    const opener = this.#pattern.slice(this.#at, this.#at + 2);
    if (opener !== '[.' && opener !== '[=') return this.#take().charCodeAt(0);
    const end = this.#pattern.indexOf(`${opener[1]}]`, this.#at + 2);
    if (end !== this.#at + 3) return this.#problem(`'${opener}' must name one character`);
    const code = this.#pattern.charCodeAt(this.#at + 2);
    this.#at = end + 2;
    return code;
  }

  #literal(c: string): RegexNode {
    const set = oneOf(c.charCodeAt(0));
    return { kind: 'set', set: this.#ignoreCase ? bothCases(set) : set };
  }

  get #next(): string | undefined {
    return this.#pattern[this.#at];
  }

  #take(): string {
    const c = this.#pattern.charAt(this.#at);
    this.#at++;
    return c;
  }

  #problem(problem: string, back = 0): RegexProblem {
    return { problem, at: Math.max(0, this.#at + back) };
  }
}

function edge(name: Edge): RegexNode {
  return { kind: 'edge', edge: name };
}
