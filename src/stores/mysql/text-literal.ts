/** A value in a statement. Backslashes are escapes: the session says so, and that its texts are UTF-8. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : textLiteral(value);
}

/** A text in a statement. */
export function textLiteral(text: string): string {
  if (!text.includes("'") && !text.includes('\\')) return `'${text}'`;
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const notInAscii = /[\u{80}-\u{10ffff}]/gu;
/** MySQL's has printable characters from 80 to 9F, where Latin-1 has none. */
const notInLatin1 = /[\u{80}-\u{9f}\u{100}-\u{10ffff}]/gu;
const notInUtf8mb3 = /[\u{10000}-\u{10ffff}]/gu;

/** Characters that a column of a character set has not; undefined: it has all. Whatever set is unknown has ASCII. */
export function lackingIn(charset: string): RegExp | undefined {
  if (charset === 'utf8mb4') return undefined;
  if (charset === 'utf8mb3' || charset === 'utf8') return notInUtf8mb3;
  return charset === 'latin1' ? notInLatin1 : notInAscii;
}

/**
 * A text that a column is compared with, in the character set of the column: the server could not use an index otherwise.
 *
 * @returns undefined when the column cannot have such a text
 */
export function literalIn(charset: string, text: string): string | undefined {
  const lacking = lackingIn(charset);
  if (lacking === undefined || isAscii(text)) return textLiteral(text);
  if (text.search(lacking) >= 0) return undefined;
  if (charset === 'latin1') return `_latin1 x'${Buffer.from(text, 'latin1').toString('hex')}'`;
  return `_utf8mb3 ${textLiteral(text)}`;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}
