// RFC 3261 §25.1: quoted-string and quoted-pair.

/**
 * Finds the end of a quoted string.
 * @param at the position of the opening quote
 * @returns the position after the closing quote, or -1 when there is none
 */
export function skipQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) return i + 1;
    if (c === 0x5c) i++;
  }
  return -1;
}

/**
 * The content of a quoted string: without its quotes, each quoted pair replaced by its character. What is no
 * quoted string is returned as it is.
 */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 0x22) return text;
  const backslash = text.indexOf('\\');
  if (backslash < 0) return text.slice(1, -1);
  let content = text.slice(1, backslash);
  for (let i = backslash; i < text.length - 1; i++) {
    if (text.charCodeAt(i) === 0x5c) i++;
    content += text.charAt(i);
  }
  return content;
}

/** A quoted string with this content: quotes and backslashes become quoted pairs. */
export function quote(content: string): string {
  let quoted = '"';
  for (let i = 0; i < content.length; i++) {
    const c = content.charCodeAt(i);
    if (c === 0x22 || c === 0x5c) quoted += '\\';
    quoted += content.charAt(i);
  }
  return `${quoted}"`;
}
