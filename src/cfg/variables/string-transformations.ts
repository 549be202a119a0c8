import { isIn, USER } from '../../sip/char-class.ts';
import { formatTime, localParts } from './time-format.ts';
import { ofText, type TransformationEntry, withNumber, withTexts } from './transformation-entry.ts';
import { numberOf } from './values.ts';

/** Longest text that a transformation may fill up to, or list the beginnings of: what comes out is its square. */
const maxFilled = 255;

/** Texts. */
export const stringTransformations: readonly TransformationEntry[] = [
  { name: 's.len', doc: 'How many characters there are.', make: ofText((text) => text.length) },
  {
    name: 's.int',
    doc: 'The whole number that the text spells; 0 when it is none.',
    make: ofText((text) => numberOf(text.trim()) ?? 0),
  },
  {
    name: 's.substr',
    parameters: 'offset,length',
    arity: [2, 2],
    doc: 'A part of the text; a negative offset counts from the end, length 0 is the rest; `$null` when the offset is outside.',
    make: withNumber((text, offset, length) => substring(text, offset, numberOf(length?.trim()) ?? 0)),
  },
  {
    name: 's.select',
    parameters: 'index,separator',
    arity: [2, 2],
    doc: 'One field of a text that a character separates; a negative index counts from the end; empty when there is none.',
    make: withNumber((text, index, separator = ',') => fieldAt(text, index, separator)),
  },
  { name: 's.tolower', doc: 'The text in lower case.', make: ofText((text) => text.toLowerCase()) },
  { name: 's.toupper', doc: 'The text in upper case.', make: ofText(upperCase) },
  {
    name: 's.strip',
    parameters: 'count',
    arity: [1, 1],
    doc: 'The text without its first characters.',
    make: withNumber((text, count) => text.slice(Math.max(count, 0))),
  },
  {
    name: 's.striptail',
    parameters: 'count',
    arity: [1, 1],
    doc: 'The text without its last characters.',
    make: withNumber((text, count) => text.slice(0, Math.max(text.length - Math.max(count, 0), 0))),
  },
  {
    name: 's.prefixes',
    parameters: 'most',
    arity: [0, 1],
    doc: 'All beginnings of the text, the shortest first, with commas between them.',
    make: withTexts((text, most) => prefixes(text, most, '')),
  },
  {
    name: 's.prefixes.quoted',
    parameters: 'most',
    arity: [0, 1],
    doc: 'As `s.prefixes`, each in single quotes.',
    make: withTexts((text, most) => prefixes(text, most, "'")),
  },
  {
    name: 's.replace',
    parameters: 'match,replacement',
    arity: [2, 2],
    doc: 'The text with every match replaced; no expressions.',
    make: withTexts((text, match, replacement = '') => replaceAll(text, match, replacement)),
  },
  {
    name: 's.ltrim',
    doc: 'The text without blanks at its start.',
    make: ofText((text) => text.replace(/^[\s\0]+/, '')),
  },
  { name: 's.rtrim', doc: 'The text without blanks at its end.', make: ofText(trimEnd) },
  { name: 's.trim', doc: 'The text without blanks at both ends.', make: ofText((text) => text.trim()) },
  { name: 's.triml', doc: 'The same as `s.ltrim`.', make: ofText((text) => text.trimStart()) },
  { name: 's.trimr', doc: 'The same as `s.rtrim`.', make: ofText(trimEnd) },
  {
    name: 's.rm',
    parameters: 'match',
    arity: [1, 1],
    doc: 'The text without every occurrence of another.',
    make: withTexts((text, match) => replaceAll(text, match, '')),
  },
  { name: 's.rmws', doc: 'The text without any blanks.', make: ofText((text) => text.replace(/\s/g, '')) },
  {
    name: 's.rmhdws',
    doc: 'The text with every run of blanks made one.',
    make: ofText((text) => text.trim().replace(/\s+/g, ' ')),
  },
  { name: 's.numeric', doc: 'The digits of the text.', make: ofText((text) => text.replace(/\D/g, '')) },
  {
    name: 's.reverse',
    doc: 'The text from its end to its start.',
    make: ofText((text) => [...text].reverse().join('')),
  },
  { name: 's.unquote', doc: 'The text without the quotes around it.', make: ofText(unquoted) },
  {
    name: 's.unbracket',
    doc: 'The text without the brackets around it.',
    make: ofText((text) => (/^(\(.*\)|\[.*\]|\{.*\}|<.*>)$/s.test(text) ? text.slice(1, -1) : text)),
  },
  {
    name: 's.count',
    parameters: 'character',
    arity: [1, 1],
    doc: 'How often a character occurs.',
    make: withTexts((text, character) => (character === '' ? 0 : text.split(character).length - 1)),
  },
  {
    name: 's.index',
    parameters: 'match,from',
    arity: [1, 2],
    doc: 'Where another text occurs first, from 0; `$null` when it does not.',
    make: withTexts((text, match, from) => found(text.indexOf(match, numberOf(from) ?? 0))),
  },
  {
    name: 's.rindex',
    parameters: 'match',
    arity: [1, 1],
    doc: 'Where another text occurs last, from 0; `$null` when it does not.',
    make: withTexts((text, match) => found(text.lastIndexOf(match))),
  },
  {
    name: 's.after',
    parameters: 'character',
    arity: [1, 1],
    doc: 'What follows the first occurrence of a character; empty when there is none.',
    make: withTexts((text, match) => cut(text, text.indexOf(match), match.length, 'after', '')),
  },
  {
    name: 's.before',
    parameters: 'character',
    arity: [1, 1],
    doc: 'What stands before the first occurrence of a character; all when there is none.',
    make: withTexts((text, match) => cut(text, text.indexOf(match), match.length, 'before', text)),
  },
  {
    name: 's.rafter',
    parameters: 'character',
    arity: [1, 1],
    doc: 'What follows the last occurrence of a character; empty when there is none.',
    make: withTexts((text, match) => cut(text, text.lastIndexOf(match), match.length, 'after', '')),
  },
  {
    name: 's.rbefore',
    parameters: 'character',
    arity: [1, 1],
    doc: 'What stands before the last occurrence of a character; all when there is none.',
    make: withTexts((text, match) => cut(text, text.lastIndexOf(match), match.length, 'before', text)),
  },
  {
    name: 's.fill.left',
    parameters: 'filling,length',
    arity: [2, 2],
    doc: 'The text filled up on its left.',
    make: withTexts((text, filling, length) => text.padStart(filledLength(length), filling)),
  },
  {
    name: 's.fill.right',
    parameters: 'filling,length',
    arity: [2, 2],
    doc: 'The text filled up on its right.',
    make: withTexts((text, filling, length) => text.padEnd(filledLength(length), filling)),
  },
  {
    name: 's.width',
    parameters: 'length',
    arity: [1, 1],
    doc: 'The text cut, or filled up with blanks, to a length.',
    make: withTexts((text, length) => text.slice(0, filledLength(length)).padEnd(filledLength(length))),
  },
  {
    name: 's.escape.common',
    doc: 'The text with backslashes before quotes and backslashes.',
    make: ofText((text) => text.replace(/['"\\]/g, '\\$&').replaceAll('\0', '\\0')),
  },
  {
    name: 's.unescape.common',
    doc: 'The reverse of `s.escape.common`.',
    make: ofText((text) => text.replace(/\\(['"\\0])/g, (_, c: string) => (c === '0' ? '\0' : c))),
  },
  { name: 's.escape.user', doc: 'The text as a user part of a SIP URI may have it.', make: ofText(escapeUser) },
  { name: 's.unescape.user', doc: 'The text without the escapes of a URI.', make: ofText(unescapePercent) },
  {
    name: 's.escape.param',
    doc: 'The text as a parameter of a SIP URI may have it.',
    make: ofText((text) => escapeBut(text, (c) => /[A-Za-z0-9\-_.!~*'()[\]/:&+$]/.test(c))),
  },
  { name: 's.unescape.param', doc: 'The text without the escapes of a URI.', make: ofText(unescapePercent) },
  {
    name: 's.escape.csv',
    doc: 'The text as a field of comma-separated values.',
    make: ofText((text) => `"${text.replaceAll('"', '""')}"`),
  },
  {
    name: 's.urlencode.param',
    doc: 'The text escaped for a query of HTTP.',
    make: ofText((text) => escapeBut(text, (c) => /[A-Za-z0-9\-_.~]/.test(c))),
  },
  {
    name: 's.urldecode.param',
    doc: 'The reverse of `s.urlencode.param`; `+` is a blank.',
    make: ofText((text) => unescapePercent(text.replaceAll('+', ' '))),
  },
  {
    name: 's.ftime',
    parameters: 'format',
    arity: [1, 1],
    doc: 'Seconds since 1970 as a local time in a format of `strftime`; `$null` for what is no number.',
    make: withTexts((text, format) => {
      const seconds = numberOf(text);
      return seconds === undefined || Math.abs(seconds) > 8.64e12
        ? undefined
        : formatTime(format, localParts(seconds * 1000));
    }),
  },
];

function substring(text: string, offset: number, length: number): string | undefined {
  const start = offset < 0 ? text.length + offset : offset;
  if (start < 0 || start >= text.length || length < 0) return undefined;
  return length === 0 ? text.slice(start) : text.slice(start, start + length);
}

function fieldAt(text: string, index: number, separator: string): string {
  const fields = separator === '' ? [text] : text.split(separator);
  return fields[index < 0 ? fields.length + index : index] ?? '';
}

/** Of ASCII alone: some other letters become longer in upper case. */
function upperCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function prefixes(text: string, most: string, quote: string): string | undefined {
  if (text.length > maxFilled) return undefined;
  const longest = most === '' ? text.length : Math.min(numberOf(most.trim()) ?? 0, text.length);
  const all: string[] = [];
  for (let length = 1; length <= longest; length++) all.push(quote + text.slice(0, length) + quote);
  return all.join(',');
}

function replaceAll(text: string, match: string, replacement: string): string | undefined {
  if (match === '') return text;
  const pieces = text.split(match);
  // What comes out is no longer than the longest message.
  return text.length + (pieces.length - 1) * replacement.length > 65_535 ? undefined : pieces.join(replacement);
}

function trimEnd(text: string): string {
  return text.trimEnd();
}

function unquoted(text: string): string {
  const first = text[0];
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}

function found(at: number): number | undefined {
  return at < 0 ? undefined : at;
}

function cut(text: string, at: number, length: number, side: 'before' | 'after', otherwise: string): string {
  if (at < 0 || length === 0) return otherwise;
  return side === 'before' ? text.slice(0, at) : text.slice(at + length);
}

function filledLength(length: string | undefined): number {
  return Math.min(Math.max(numberOf(length?.trim()) ?? 0, 0), maxFilled);
}

function escapeUser(text: string): string {
  return escapeBut(text, (c) => isIn(c.charCodeAt(0), USER));
}

function escapeBut(text: string, isPlain: (c: string) => boolean): string {
  let escaped = '';
  for (const c of text) {
    escaped += isPlain(c) ? c : `%${(c.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** An escape that is none stays as it is. */
function unescapePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
