import type { SipError } from '../sip-error.ts';
import type { Cursor } from './cursor.ts';
import { readValue } from './read-value.ts';

/** A sender's clock and what the receiver adds to it; both as written, since a reply must echo the first one exactly (RFC 3261 §8.2.6.1). */
export interface Timestamp {
  readonly sent: string;
  readonly delay: string | undefined;
}

/** Reads Timestamp: `1*DIGIT [ "." *DIGIT ] [ LWS delay ]` (RFC 3261 §20.38). */
export function parseTimestamp(value: string): Timestamp | SipError {
  return readValue('Timestamp', value, readTimestamp);
}

/** The value of a Timestamp header field. */
export function formatTimestamp(timestamp: Timestamp): string {
  return timestamp.delay === undefined ? timestamp.sent : `${timestamp.sent} ${timestamp.delay}`;
}

function readTimestamp(cursor: Cursor): Timestamp | undefined {
  const sent = cursor.token();
  if (sent === undefined || !isDecimal(sent, 1)) return undefined;
  if (cursor.done) return { sent, delay: undefined };
  // delay = *DIGIT [ "." *DIGIT ]
  const delay = cursor.token();
  return delay !== undefined && isDecimal(delay, 0) ? { sent, delay } : undefined;
}

function isDecimal(text: string, fewestDigits: 0 | 1): boolean {
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (i < fewestDigits || ++dots > 1) return false;
    } else if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
