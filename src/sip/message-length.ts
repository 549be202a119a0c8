import { parseDecimal } from './decimal.ts';
import type { HeaderField } from './header-field.ts';
import { SipError } from './sip-error.ts';

/** Beyond any message; small enough that reading digits past it stays exact. */
const hugeLength = 2 ** 48;

/**
 * The length of the body that the Content-Length lines among the fields say (RFC 3261 §20.14), in bytes.
 * @returns undefined when there is none; a failure when one is malformed, or when they contradict each other, since
 *   two readers would then see two different messages
 */
export function contentLengthOf(fields: readonly HeaderField[]): number | undefined | SipError {
  let length: number | undefined;
  for (const field of fields) {
    if (field.name !== 'content-length') continue;
    const bytes = parseContentLength(field.value);
    if (bytes instanceof SipError) return bytes;
    if (length !== undefined && length !== bytes) return contradiction();
    length = bytes;
  }
  return length;
}

/** Parses one Content-Length value. */
export function parseContentLength(text: string): number | SipError {
  const bytes = parseDecimal(text, hugeLength);
  return bytes < 0 ? new SipError('SIP_BAD_CONTENT_LENGTH', 'Content-Length is no number') : bytes;
}

/** Several Content-Length lines of a message differ. */
export function contradiction(): SipError {
  return new SipError('SIP_BAD_CONTENT_LENGTH', 'Content-Length lines contradict each other');
}
