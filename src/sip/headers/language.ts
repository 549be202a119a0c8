import { ALPHA, ALPHANUM, skipClass } from '../char-class.ts';
import type { Params } from '../params.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readParams } from './header-params.ts';
import { readList } from './read-value.ts';

/** One language of Accept-Language; `range` is `*` for any. */
export interface LanguageRange {
  readonly range: string;
  readonly params: Params;
}

/** Reads Content-Language, a list of language tags (RFC 3261 §20.13). */
export function parseContentLanguage(value: string): readonly string[] | SipError {
  return readList('Content-Language', value, readTag);
}

/** Reads Accept-Language (RFC 3261 §20.3), which may be empty. */
export function parseAcceptLanguage(value: string): readonly LanguageRange[] | SipError {
  return readList('Accept-Language', value, readRange, 0);
}

/** The value of an Accept-Language header field. */
export function formatAcceptLanguage(ranges: readonly LanguageRange[]): string {
  return ranges.map(({ range, params }) => range + params.toString()).join(', ');
}

function readRange(cursor: Cursor): LanguageRange | undefined {
  const range = cursor.take('*') ? '*' : readTag(cursor);
  const params = range === undefined ? undefined : readParams(cursor);
  return range === undefined || params === undefined ? undefined : { range, params };
}

/** language-tag = 1*8ALPHA *( "-" 1*8ALPHA ); later subtags may hold digits, as in es-419 (BCP 47). */
function readTag(cursor: Cursor): string | undefined {
  const { text, position: start } = cursor;
  let end = skipSubtag(text, start, ALPHA);
  while (end > start && text.charCodeAt(end) === 0x2d) end = skipSubtag(text, end + 1, ALPHANUM);
  if (end < 0) return undefined;
  cursor.position = end;
  cursor.skipSpace();
  return text.slice(start, end);
}

/** The position after 1*8 characters of the class, or -1. */
function skipSubtag(text: string, start: number, classes: number): number {
  const end = skipClass(text, start, classes);
  return end > start && end - start <= 8 ? end : -1;
}
