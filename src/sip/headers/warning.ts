import { DIGIT, GEN_VALUE } from '../char-class.ts';
import { quote, unquote } from '../quoted-string.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readList } from './read-value.ts';

/** What a peer wants people to know besides the status (RFC 3261 §20.43). */
export interface Warning {
  /** Three digits; 3xx is SIP's. */
  readonly code: number;
  /** Who adds it: host and port, or a pseudonym. */
  readonly agent: string;
  readonly text: string;
}

/** Reads Warning, a list of `warn-code SP warn-agent SP warn-text` (RFC 3261 §20.43). */
export function parseWarnings(value: string): readonly Warning[] | SipError {
  return readList('Warning', value, readWarning);
}

/** The value of a Warning header field. */
export function formatWarnings(warnings: readonly Warning[]): string {
  return warnings.map(({ code, agent, text }) => `${String(code).padStart(3, '0')} ${agent} ${quote(text)}`).join(', ');
}

function readWarning(cursor: Cursor): Warning | undefined {
  const start = cursor.position;
  const code = cursor.run(DIGIT);
  if (code === undefined || code.length !== 3) {
    cursor.position = start;
    return undefined;
  }
  // warn-agent = hostport / pseudonym
  const agent = cursor.run(GEN_VALUE);
  const text = agent === undefined ? undefined : cursor.quotedString();
  return agent === undefined || text === undefined ? undefined : { code: Number(code), agent, text: unquote(text) };
}
