/** How tightly an expression holds together, from loose to tight. */
const levels = ['or', 'and', 'comparison', 'await', 'unary', 'single'] as const;
type Level = (typeof levels)[number];

/** An expression of TypeScript. */
export interface Code {
  readonly text: string;
  readonly level: Level;
  /** Whether a function in it may end the script, so that it has to be looked at afterwards. */
  readonly ends: boolean;
}

/** An expression that holds together by itself: a name, a literal, a call. */
export function single(text: string, ends = false): Code {
  return { text, level: 'single', ends };
}

export function codeOf(text: string, level: Level, ends = false): Code {
  return { text, level, ends };
}

/** The text of an expression where an operand of some tightness stands. */
export function within({ text, level }: Code, outer: Level): string {
  return levels.indexOf(level) < levels.indexOf(outer) ? `(${text})` : text;
}

/** An awaited call. */
export function awaited(call: string, ends = false): Code {
  return codeOf(`await ${call}`, 'await', ends);
}

/** The opposite of a truth. */
export function not(code: Code): Code {
  if (code.text === 'true' || code.text === 'false') return single(code.text === 'true' ? 'false' : 'true');
  return codeOf(`!${within(code, 'unary')}`, 'unary', code.ends);
}

/** Lines, each deeper by one step. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
