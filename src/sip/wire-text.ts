// The head of a message is held as a "binary" string: one character is one byte of the wire, so that offsets are
// byte offsets and what was not touched goes out as it came in. RFC 3261 §7: the text is UTF-8, but no byte of it
// has to be understood to route a message.

/**
 * The text that a person reads, from wire bytes: UTF-8 decoded, with U+FFFD for what is no UTF-8.
 * @param wire a string of characters 0..255, each a byte
 */
export function wireToText(wire: string): string {
  return isAscii(wire) ? wire : Buffer.from(wire, 'latin1').toString('utf8');
}

/**
 * Wire bytes for a text that a person wrote: its UTF-8, one character per byte.
 * @param text any JavaScript string
 */
export function textToWire(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * A string that can stand inside one line of a head: a character above 255 makes the whole string UTF-8 (cut to a
 * byte it could turn into a line break), and CR and LF become spaces, so that no value from outside can add
 * a header line. Returns the string itself when it is fine, which it nearly always is.
 */
export function toLineText(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 ? c === 0x0d || c === 0x0a : c > 0xff) return cleanLineText(text);
  }
  return text;
}

function cleanLineText(text: string): string {
  let wide = false;
  for (let i = 0; i < text.length && !wide; i++) wide = text.charCodeAt(i) > 0xff;
  const wire = wide ? textToWire(text) : text;
  let clean = '';
  for (let i = 0; i < wire.length; i++) {
    const c = wire.charCodeAt(i);
    clean += c === 0x0d || c === 0x0a ? ' ' : wire.charAt(i);
  }
  return clean;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
