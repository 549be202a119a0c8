/**
 * A copy of `text` that shares no memory with the string it was cut from. V8 represents a substring as a view of the
 * whole: a Call-ID kept for an hour would keep the message it came with. Texts of messages are Latin-1, one character
 * per byte; anything else is returned as it is.
 */
export function detached(text: string): string {
  // Below 13 characters V8 copies by itself.
  if (text.length < 13) return text;
  const copy = Buffer.from(text, 'latin1').toString('latin1');
  return copy === text ? copy : text;
}
