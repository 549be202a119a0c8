import { splitSubstitution } from '../../script/substitution.ts';
import { textToWire } from '../../sip/wire-text.ts';
import type { BindingProblem, BindingSite, BoundArgument } from '../cfg-function.ts';
import type { PosixRegex } from '../posix-regex.ts';
import type { CfgRun } from '../run.ts';
import { isProblem, problem } from './arguments.ts';
import { regexFrom } from './regex-argument.ts';
import { type Replacement, replacing, type TextChange } from './text-edits.ts';

/** A piece of a replacement: a text, a group of the match, or something of the message. */
type Piece = string | number | ((run: CfgRun) => string);

/** `/pattern/replacement/flags`, ready to be applied while a block runs. */
export type Substitute = (run: CfgRun) => TextChange;

/**
 * Reads an argument of the subst family (cfg-modules §7). In the replacement `\0` to `\9` are groups, `\u` is the
 * Request-URI, `\n`, `\r`, `\t`, `\\` and `\$` are characters, and `$` begins a variable. Flags: `i` either case, `g`
 * every match, `s` the dot matches line breaks too.
 */
export function substitutionOf(
  args: readonly BoundArgument[],
  index: number,
  site: BindingSite,
): Substitute | BindingProblem {
  const text = args[index]?.text;
  const parts = text === undefined ? undefined : splitSubstitution(text);
  if (parts === undefined) {
    return problem(`'${text ?? ''}' must be /pattern/replacement/flags, with any mark in the place of /`, index);
  }
  if (!/^[igs]*$/.test(parts.flags)) {
    return problem(`the flags of a substitution are i, g and s, not '${parts.flags}'`, index);
  }
  const regex = regexFrom(parts.pattern, regexFlags(parts.flags), index);
  if (isProblem(regex)) return regex;
  const pieces = piecesOf(parts.replacement, regex, site);
  if (typeof pieces === 'string') return problem(pieces, index);
  return substitute(regex, pieces, parts.flags.includes('g'));
}

function regexFlags(flags: string): string {
  return `${flags.includes('i') ? 'i' : ''}${flags.includes('s') ? '' : 'm'}`;
}

function substitute(regex: PosixRegex, pieces: readonly Piece[], all: boolean): Substitute {
  return (run) => {
    const ready = pieces.map((piece) => (typeof piece === 'function' ? piece(run) : piece));
    const replacement: Replacement = (groups) => {
      let text = '';
      for (const piece of ready) text += typeof piece === 'number' ? (groups[piece] ?? '') : piece;
      return text;
    };
    return replacing(regex, replacement, all);
  };
}

function piecesOf(text: string, regex: PosixRegex, site: BindingSite): readonly Piece[] | string {
  const pieces: Piece[] = [];
  // What has no backslash is read as a whole: a variable's name may be long.
  for (const [part] of text.matchAll(/\\[\s\S]|[^\\]+|\\$/g)) {
    if (part.startsWith('\\')) {
      const piece = escaped(part.slice(1), regex);
      if (piece === undefined) return `the pattern has no group ${part.slice(1)}`;
      pieces.push(piece);
    } else if (part.includes('$')) {
      const template = site.template(part);
      if (typeof template === 'string') return template;
      pieces.push((run) => template.text(run));
    } else pieces.push(textToWire(part));
  }
  return pieces;
}

function escaped(letter: string, regex: PosixRegex): Piece | undefined {
  if (/^\d$/.test(letter)) return Number(letter) <= regex.groups ? Number(letter) : undefined;
  if (letter === 'u') return requestUri;
  return controls[letter] ?? textToWire(letter);
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '': '\\' };

function requestUri({ branch, context }: CfgRun): string {
  return branch === undefined ? context.uri : branch.uri;
}
