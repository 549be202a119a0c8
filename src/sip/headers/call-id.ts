import { isIn, TOKEN } from '../char-class.ts';
import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readList, readValue } from './read-value.ts';

/** Reads Call-ID: `word [ "@" word ]` (RFC 3261 §20.8, §25.1). It is compared byte by byte, so the text is the value. */
export function parseCallId(value: string): string | SipError {
  return readValue('Call-ID', value, readCallId);
}

/** Reads In-Reply-To, a list of Call-IDs (RFC 3261 §20.21). */
export function parseInReplyTo(value: string): readonly string[] | SipError {
  return readList('In-Reply-To', value, readCallId);
}

function readCallId(cursor: Cursor): string | undefined {
  const start = cursor.position;
  if (!skipWord(cursor)) return undefined;
  if (cursor.at('@')) {
    cursor.position++;
    if (!skipWord(cursor)) return undefined;
  }
  const callId = cursor.text.slice(start, cursor.position);
  cursor.skipSpace();
  return callId;
}

function skipWord(cursor: Cursor): boolean {
  const start = cursor.position;
  while (isWordCode(cursor.text.charCodeAt(cursor.position))) cursor.position++;
  return cursor.position > start;
}

/** word = 1*(token character / "(" / ")" / "<" / ">" / ":" / "\" / DQUOTE / "/" / "[" / "]" / "?" / "{" / "}") */
function isWordCode(code: number): boolean {
  if (isIn(code, TOKEN)) return true;
  switch (code) {
    case 0x28: // (
    case 0x29: // )
    case 0x3c: // <
    case 0x3e: // >
    case 0x3a: // :
    case 0x5c: // \
    case 0x22: // "
    case 0x2f: // /
    case 0x5b: // [
    case 0x5d: // ]
    case 0x3f: // ?
    case 0x7b: // {
    case 0x7d: // }
      return true;
    default:
      return false;
  }
}
