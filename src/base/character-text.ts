import { isUtf8 } from 'node:buffer';

/**
 * Texts of messages are bytes, one character each (Latin-1); databases and JSON have characters. What is UTF-8 is there
 * as the characters that it means, so that others can read it. A byte that is none, and NUL, which PostgreSQL does not
 * take, becomes a character of the private use area, so that nothing is lost: U+F700 + byte.
 */
const escapeBase = 0xf700;

/** A text of a message as characters. */
export function toCharacters(bytes: string): string {
  if (isPlain(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  const text = isUtf8(buffer) ? buffer.toString('utf8') : undefined;
  if (text !== undefined && !hasEscapesOrNul(text)) return text;
  return escapedText(buffer);
}

/** Characters as the text of a message would have them: the inverse of `toCharacters`. */
export function fromCharacters(text: string): string {
  if (isPlain(text)) return text;
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isEscape(code)) bytes += String.fromCharCode(code - escapeBase);
    else if (code < 0x80) bytes += character;
    else bytes += Buffer.from(character, 'utf8').toString('latin1');
  }
  return bytes;
}

/** Nearly every text: ASCII without NUL. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code >= 0x80) return false;
  }
  return true;
}

function isEscape(code: number): boolean {
  return code >= escapeBase && code <= escapeBase + 0xff;
}

/** Characters that would be taken for escapes when they are read are escaped themselves, byte by byte. */
function hasEscapesOrNul(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0 || isEscape(code)) return true;
  }
  return false;
}

function escapedText(buffer: Buffer): string {
  let text = '';
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceAt(buffer, at);
    const character = length > 0 ? buffer.toString('utf8', at, at + length) : '';
    const code = character.codePointAt(0) ?? 0;
    if (length === 0 || code === 0 || isEscape(code)) {
      const end = at + Math.max(length, 1);
      for (; at < end; at++) text += String.fromCharCode(escapeBase + (buffer[at] ?? 0));
    } else {
      text += character;
      at += length;
    }
  }
  return text;
}

/** The length of the UTF-8 sequence that stands there; 0 when there is none. */
function sequenceAt(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return length > 0 && at + length <= buffer.length && isUtf8(buffer.subarray(at, at + length)) ? length : 0;
}
