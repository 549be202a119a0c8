/** `#!subst "/pattern/replacement/flags"`: an edit of every string that follows. */
export interface Substitution {
  readonly pattern: RegExp;
  readonly replacement: readonly ReplacementPiece[];
}

/** A text, or the number of a group of the match. */
export type ReplacementPiece = string | number;

/** The parts of `/pattern/replacement/flags`; the first character separates them, whatever it is. */
export interface SubstitutionParts {
  readonly pattern: string;
  readonly replacement: string;
  readonly flags: string;
}

/** Splits a substitution's text; undefined when it has not three parts. A backslash hides a separator. */
export function splitSubstitution(text: string): SubstitutionParts | undefined {
  const separator = text[0];
  if (separator === undefined || /[\s\\A-Za-z0-9]/.test(separator)) return undefined;
  const parts: string[] = [];
  let part = '';
  for (let i = 1; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === separator) {
      parts.push(part);
      part = '';
    } else if (c === '\\') {
      const escaped = text[++i] ?? '';
      part += escaped === separator ? escaped : c + escaped;
    } else {
      part += c;
    }
  }
  const [pattern, replacement] = parts;
  if (parts.length !== 2 || pattern === undefined || replacement === undefined) return undefined;
  return { pattern, replacement, flags: part };
}

/** The substitution, or the sentence that says what is wrong with it. */
export function readSubstitution(parts: SubstitutionParts): Substitution | string {
  if (parts.pattern === '') return 'its pattern is empty';
  if (!/^[gis]*$/.test(parts.flags)) return `its flags are 'g', 'i' and 's', not '${parts.flags}'`;
  // A quantified group can take exponential time, and this runs before anything bounds it.
  if (/\)[*+?{]/.test(parts.pattern.replace(/\\./g, ''))) return 'a group in its pattern is repeated';
  try {
    const flags = [...new Set(parts.flags)].join('');
    return { pattern: new RegExp(parts.pattern, flags), replacement: readReplacement(parts.replacement) };
  } catch {
    return `'${parts.pattern}' is no regular expression`;
  }
}

/** The text after the substitution. */
export function substitute(text: string, substitution: Substitution): string {
  return text.replace(substitution.pattern, (...match: readonly unknown[]) =>
    substitution.replacement.map((piece) => (typeof piece === 'string' ? piece : String(match[piece] ?? ''))).join(''),
  );
}

/** `\0` to `\9` are groups; `\n`, `\r`, `\t` control characters; any other escaped character is itself. */
function readReplacement(text: string): readonly ReplacementPiece[] {
  const pieces: ReplacementPiece[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    const escaped = c === '\\' ? text[++i] : undefined;
    if (escaped === undefined) pieces.push(c);
    else if (/\d/.test(escaped)) pieces.push(Number(escaped));
    else pieces.push({ n: '\n', r: '\r', t: '\t' }[escaped] ?? escaped);
  }
  return pieces;
}
