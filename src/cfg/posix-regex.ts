import { textToWire } from '../sip/wire-text.ts';
import { Automaton } from './regex/automaton.ts';
import { backtrackingDegree } from './regex/backtracking-cost.ts';
import { regexLimits } from './regex/limits.ts';
import { parseEre, type RegexProblem } from './regex/parse-ere.ts';
import { toJavaScript } from './regex/to-javascript.ts';

export type { RegexProblem } from './regex/parse-ere.ts';

/** Where a pattern matched. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** The whole match, then each group; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * A POSIX extended regular expression, ready to be matched against what strangers send: no text makes it take longer
 * than a bound, and only the first 65,535 characters of a text are looked at.
 *
 * Where a text can be matched in several ways, POSIX takes the longest one and this the one that comes first in the
 * pattern, as Perl does: `a|ab` matches `a` in `ab`. That makes a difference for what a group holds and a substitution
 * replaces, not for whether there is a match.
 */
export interface PosixRegex {
  readonly source: string;
  /** How many groups it has. */
  readonly groups: number;
  /** What is probably not meant as it is written. */
  readonly note: string | undefined;
  test(text: string): boolean;
  /** The leftmost match that begins at `from` or later; `^` is the start of the text, wherever `from` is. */
  exec(text: string, from?: number): RegexMatch | undefined;
}

/** Tells a problem from a regular expression. */
export function isRegexProblem(made: PosixRegex | RegexProblem): made is RegexProblem {
  return 'problem' in made;
}

/**
 * Reads a pattern; a bad one, and one that would be too much work, is a problem.
 *
 * @param flags letters: `i` letters of ASCII match in either case, as for the operator `=~`; `m` for lines, as the
 * functions of textops have it: `.` and `[^…]` do not match a line feed, `^` and `$` match at every line
 */
export function posixRegex(pattern: string, flags = ''): PosixRegex | RegexProblem {
  const unknown = /[^im]/.exec(flags);
  if (unknown) return { problem: `there is no flag '${unknown[0]}' of a regular expression; there are i and m`, at: 0 };
  const ignoreCase = flags.includes('i');
  const parsed = parseEre(textToWire(pattern), { ignoreCase, newline: flags.includes('m') ? 'line' : 'ordinary' });
  if ('problem' in parsed) return parsed;
  const { node, groups, note } = parsed;
  const degree = backtrackingDegree(node);
  const automaton = Automaton.of(node, groups);
  if (automaton === undefined && degree > 2) {
    return {
      problem: 'the pattern could take very long: it repeats too much, or refers back to a group that repeats',
      at: 0,
    };
  }
  const safeLength = Math.floor(regexLimits.maxSteps ** (1 / Math.max(degree, 1)));
  const script = new RegExp(toJavaScript(node), ignoreCase && automaton === undefined ? 'gi' : 'g');
  return new CompiledRegex(pattern, groups, note, script, automaton, degree <= 1 ? regexLimits.maxText : safeLength);
}

class CompiledRegex implements PosixRegex {
  readonly source: string;
  readonly groups: number;
  readonly note: string | undefined;
  readonly #script: RegExp;
  readonly #automaton: Automaton | undefined;
  /** Up to this length of a text the engine of JavaScript is safe, and faster. */
  readonly #safeLength: number;

  constructor(
    source: string,
    groups: number,
    note: string | undefined,
    script: RegExp,
    automaton: Automaton | undefined,
    safeLength: number,
  ) {
    this.source = source;
    this.groups = groups;
    this.note = note;
    this.#script = script;
    this.#automaton = automaton;
    this.#safeLength = safeLength;
  }

  test(whole: string): boolean {
    const text = this.#bounded(whole);
    if (this.#automaton !== undefined && text.length > this.#safeLength) {
      return this.#automaton.test(text);
    }
    this.#script.lastIndex = 0;
    return this.#script.test(text);
  }

  exec(whole: string, from = 0): RegexMatch | undefined {
    const text = this.#bounded(whole);
    if (from > text.length) return undefined;
    if (this.#automaton !== undefined && text.length > this.#safeLength) {
      const captures = this.#automaton.find(text, from);
      return captures && matchOf(text, captures);
    }
    this.#script.lastIndex = from;
    const match = this.#script.exec(text);
    if (match === null) return undefined;
    return { start: match.index, end: match.index + match[0].length, groups: match };
  }

  /** A pattern that only the engine of JavaScript can match sees no more than is safe. */
  #bounded(text: string): string {
    const longest = this.#automaton === undefined ? this.#safeLength : regexLimits.maxText;
    return text.length > longest ? text.slice(0, longest) : text;
  }
}

function matchOf(text: string, captures: readonly number[]): RegexMatch {
  const groups: (string | undefined)[] = [];
  for (let slot = 0; slot < captures.length; slot += 2) {
    const start = captures[slot] ?? -1;
    groups.push(start < 0 ? undefined : text.slice(start, captures[slot + 1]));
  }
  return { start: captures[0] ?? 0, end: captures[1] ?? 0, groups };
}
