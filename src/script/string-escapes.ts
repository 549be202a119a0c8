import { backslash, isHexDigit, isOctalDigit, newline } from './characters.ts';

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', '"': '"', '\\': '\\' };

/**
 * The value of a double-quoted string (cfg-language §2). An unknown escape keeps both characters, and a single octal
 * digit is no escape, so that `\.` and `\1` reach a regular expression as they are.
 */
export function unescapeString(raw: string): string {
  let value = '';
  let from = 0;
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', from)) {
    value += raw.slice(from, at);
    const read = readEscape(raw, at);
    value += read.value;
    from = at + read.length;
  }
  return from === 0 ? raw : value + raw.slice(from);
}

/** Offset in the raw text of the character at an offset of its value. */
export function rawOffset(raw: string, valueOffset: number): number {
  let at = 0;
  for (let passed = 0; passed < valueOffset && at < raw.length; ) {
    const read = raw[at] === '\\' ? readEscape(raw, at) : { value: ' ', length: 1 };
    // An escape that was kept is as long as its value, so its characters count one by one.
    const isKept = read.value.length > 1;
    passed += isKept ? 1 : read.value.length;
    at += isKept ? 1 : read.length;
  }
  while (raw.startsWith('\\\n', at) || raw.startsWith('\\\r\n', at)) at += readEscape(raw, at).length;
  return at;
}

/** The double-quoted string that has this value. */
export function escapeString(value: string): string {
  let text = '"';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const c = value[i] ?? '';
    if (code === 0x22 || code === backslash) text += `\\${c}`;
    else if (code === newline) text += '\\n';
    else if (c === '\r') text += '\\r';
    else if (c === '\t') text += '\\t';
    else if (code < 0x20 || code === 0x7f) text += `\\x${code.toString(16).padStart(2, '0')}`;
    else text += c;
  }
  return `${text}"`;
}

function readEscape(raw: string, at: number): { readonly value: string; readonly length: number } {
  const letter = raw[at + 1] ?? '';
  const known = letters[letter];
  if (known !== undefined) return { value: known, length: 2 };
  if (letter === '\n') return { value: '', length: 2 };
  if (letter === '\r' && raw[at + 2] === '\n') return { value: '', length: 3 };
  if (letter === 'x') {
    const digits = countDigits(raw, at + 2, 2, isHexDigit);
    if (digits > 0) return { value: fromDigits(raw, at + 2, digits, 16), length: 2 + digits };
  }
  const digits = countDigits(raw, at + 1, 3, isOctalDigit);
  if (digits >= 2) return { value: fromDigits(raw, at + 1, digits, 8), length: 1 + digits };
  return { value: `\\${letter}`, length: 1 + letter.length };
}

function countDigits(raw: string, from: number, most: number, isOne: (code: number) => boolean): number {
  let count = 0;
  while (count < most && from + count < raw.length && isOne(raw.charCodeAt(from + count))) count++;
  return count;
}

/** `\777` is above a byte: like the old program's, the value keeps its low eight bits. */
function fromDigits(raw: string, from: number, count: number, base: number): string {
  return String.fromCharCode(Number.parseInt(raw.slice(from, from + count), base) & 0xff);
}
