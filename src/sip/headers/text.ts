import type { SipError } from '../sip-error.ts';
import { malformed } from './read-value.ts';

/**
 * Reads free text: Subject (RFC 3261 §20.36), Organization (§20.25). It may be empty, and may hold any character but a control.
 *
 * @returns the text in the convention of a message's head (one char is one byte)
 */
export function parseText(value: string, header: string): string | SipError {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return malformed(header, i);
  }
  return value;
}
