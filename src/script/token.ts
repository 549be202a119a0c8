import type { Span } from './source.ts';

export type TokenKind =
  /** An identifier or a keyword; `msg:len`, `uri:host` and `uri:port` are one. */
  | 'word'
  | 'number'
  /** The text is the value after the escapes. */
  | 'string'
  /** The text is the address without brackets. */
  | 'ip'
  /** From the dollar to the end of the variable. */
  | 'variable'
  /** `/pattern/flags` after `case`. */
  | 'regex'
  | 'operator'
  /** The word after `#!`; the lexer stands right behind it. */
  | 'directive'
  | 'end';

/** A token of the text, or of a definition; then it lies where the definition's name stands. */
export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
  /** Of a number; 0 else. */
  readonly value: number;
  /** The first of its line. */
  readonly first: boolean;
  /** Nothing stands between it and the token before. */
  readonly glued: boolean;
  /** Made from wrong text, which was reported: what the parser finds wrong here is a consequence. */
  readonly suspect: boolean;
}

/** A token in words. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  if (token.kind !== 'string') return `'${token.text}'`;
  const text = token.text.length > 20 ? `${token.text.slice(0, 20)}...` : token.text;
  return `the string ${JSON.stringify(text)}`;
}

/** Whether a token is this operator or word. */
export function isWritten(token: Token, text: string): boolean {
  return token.text === text && (token.kind === 'operator' || token.kind === 'word');
}
