import { parseFormat } from '../../script/pv-syntax.ts';
import { splitSubstitution } from '../../script/substitution.ts';
import { textToWire } from '../../sip/wire-text.ts';
import { isRegexProblem, type PosixRegex, posixRegex, type RegexMatch } from '../posix-regex.ts';
import { regexLimits } from '../regex/limits.ts';
import type { CfgRun } from '../run.ts';
import type { Resolver } from './entry.ts';
import { isVariableProblem, malformed, type VariableProblem } from './problem.ts';
import type { Template } from './template.ts';
import { requestUriText } from './uri-of.ts';

/** A sed-like `/expression/replacement/flags`, ready to be applied. */
export interface Substitution {
  /** The text with what matched replaced; undefined when nothing did, or the result would be too long. */
  apply(text: string, run: CfgRun): string | undefined;
}

/** A part of a replacement: a group of the match, or a text. */
type Part = number | 'request-uri' | Template;

/**
 * Reads the expression of `subst`, `avp_subst` and `{re.subst}` (cfg-modules 7): its first character separates its parts; in the
 * replacement `\0` to `\9` are what was matched, `\u` is the Request-URI, `\n \r \t \\ \$` are characters, and
 * variables are expanded. Flags: `i` ignores case, `g` replaces all, `s` makes a line feed an ordinary character.
 */
export function substitutionOf(
  expression: string,
  resolver: Pick<Resolver, 'template'>,
): Substitution | VariableProblem {
  const parts = splitSubstitution(expression.trim());
  if (parts === undefined)
    return malformed(`'${expression}' is no substitution: expected '/expression/replacement/flags'`);
  const { pattern, replacement, flags } = parts;
  const unknown = /[^igs]/.exec(flags);
  if (unknown) return malformed(`'${unknown[0]}' is no flag of a substitution; there are i, g and s`);
  const regex = posixRegex(pattern, `${flags.includes('i') ? 'i' : ''}${flags.includes('s') ? '' : 'm'}`);
  if (isRegexProblem(regex)) return malformed(`in '${pattern}': ${regex.problem}`);
  const read = readReplacement(replacement, resolver);
  if (!Array.isArray(read)) return read as VariableProblem;
  for (const part of read) {
    if (typeof part === 'number' && part > regex.groups)
      return malformed(`there is no group '\\${part}' in '${pattern}'`);
  }
  return new SedSubstitution(regex, flags.includes('g'), read);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', $: '$' };

function readReplacement(text: string, resolver: Pick<Resolver, 'template'>): Part[] | VariableProblem {
  const parts: Part[] = [];
  let plain = '';
  // A dollar that was escaped must not begin a variable, so what stands between escapes is read by itself.
  const flush = (): VariableProblem | undefined => {
    if (plain === '') return undefined;
    const template = resolver.template(parseFormat(plain));
    plain = '';
    if (isVariableProblem(template)) return template;
    parts.push(template);
    return undefined;
  };
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') {
      plain += text.charAt(i);
      continue;
    }
    const c = text.charAt(++i);
    const problem = flush();
    if (problem !== undefined) return problem;
    if (c >= '0' && c <= '9') parts.push(Number(c));
    else if (c === 'u') parts.push('request-uri');
    else parts.push(new Fixed(textToWire(Object.hasOwn(escapes, c) ? (escapes[c] ?? '') : `\\${c}`)));
  }
  return flush() ?? parts;
}

/** A character that an escape stands for. */
class Fixed implements Template {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  text(): string {
    return this.#text;
  }

  value(): string {
    return this.#text;
  }
}

class SedSubstitution implements Substitution {
  readonly #regex: PosixRegex;
  /** Whether every match is replaced, not only the first. */
  readonly #all: boolean;
  readonly #parts: readonly Part[];

  constructor(regex: PosixRegex, all: boolean, parts: readonly Part[]) {
    this.#regex = regex;
    this.#all = all;
    this.#parts = parts;
  }

  apply(text: string, run: CfgRun): string | undefined {
    let match = this.#regex.exec(text);
    if (match === undefined) return undefined;
    let result = '';
    let done = 0;
    for (let replaced = 0; match !== undefined; ) {
      const isEmpty = match.end === match.start;
      // As sed has it: where a match has just ended, there is no empty one beside it.
      if (!isEmpty || match.start > done || replaced === 0) {
        result += text.slice(done, match.start) + this.#replacementOf(match, run);
        if (result.length > regexLimits.maxText) return undefined;
        done = match.end;
        replaced++;
      }
      if (!this.#all) break;
      match = this.#regex.exec(text, isEmpty ? match.end + 1 : match.end);
    }
    return result + text.slice(done);
  }

  #replacementOf(match: RegexMatch, run: CfgRun): string {
    let text = '';
    for (const part of this.#parts) {
      if (typeof part === 'number') text += match.groups[part] ?? '';
      else text += part === 'request-uri' ? (requestUriText(run) ?? '') : part.text(run);
    }
    return text;
  }
}
