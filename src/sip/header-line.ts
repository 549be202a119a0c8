import { isBlank, isIn, TOKEN } from './char-class.ts';
import { HeaderField } from './header-field.ts';
import { canonicalNameAt, knownHeaderNames } from './header-name.ts';

const COLON = 0x3a;

/**
 * A header line of a message: a field, or a number for a line of the received text that nobody has looked at. Most
 * lines are only forwarded, and a number takes no memory of its own. It says where the line begins, which known name
 * it has, and whether it is folded; where it ends, the text says.
 */
export type HeaderLine = HeaderField | number;

/** A line that begins further behind than this has to be a field. */
export const maxLineStart = 0xffff;

/** @param name in `knownHeaderNames`; 0 also for a line that is no header */
export function packLine(start: number, name: number, isFolded: boolean): number {
  return (start << 16) | (name << 1) | (isFolded ? 1 : 0);
}

/** The canonical name of a line; '' for one whose name is not known, or that is no header. */
export function knownNameOf(line: HeaderLine): string {
  return typeof line === 'number' ? (knownHeaderNames[(line & 0xffff) >> 1] as string) : line.name;
}

/** One bit for a canonical name, which it shares with a few others. */
export function nameBit(canonical: string): number {
  return 1 << ((canonical.length + 3 * canonical.charCodeAt(0)) & 31);
}

const knownNameBits = Int32Array.from(knownHeaderNames, nameBit);
// What it is, only the line itself can say.
knownNameBits[0] = -1;

/** The same for a name in `knownHeaderNames`; all bits for another, which may be any. */
export function knownNameBit(name: number): number {
  return knownNameBits[name] as number;
}

/** Where a line begins in its text. */
export function startOf(line: number): number {
  return line >>> 16;
}

/** The position after its line break, which every line has. */
export function endOf(line: number, text: string): number {
  let end = text.indexOf('\n', line >>> 16) + 1;
  if ((line & 1) !== 0) while (isBlank(text.charCodeAt(end))) end = text.indexOf('\n', end) + 1;
  return end;
}

/**
 * The same header as a line of `text`, spelled as it is there, with another value: see `HeaderField.withLineText`.
 * @param line one with a known name
 */
export function withValueAt(line: number, text: string, value: string): HeaderField {
  const start = line >>> 16;
  const prefix = `${text.slice(start, text.indexOf(':', start) + 1)} `;
  const changed = `${prefix}${value}\r\n`;
  return new HeaderField(knownNameOf(line), changed, 0, prefix.length, changed.length, false, value);
}

/** The field that a line of `text` is. */
export function unpackLine(line: number, text: string): HeaderField {
  const start = line >>> 16;
  const end = endOf(line, text);
  const isFolded = (line & 1) !== 0;
  const known = knownNameOf(line);
  if (known !== '') return new HeaderField(known, text, start, text.indexOf(':', start) + 1, end, isFolded);
  let nameEnd = start;
  while (isIn(text.charCodeAt(nameEnd), TOKEN)) nameEnd++;
  let colon = nameEnd;
  while (isBlank(text.charCodeAt(colon))) colon++;
  if (nameEnd === start || text.charCodeAt(colon) !== COLON)
    return new HeaderField('', text, start, start, end, isFolded);
  return new HeaderField(canonicalNameAt(text, start, nameEnd), text, start, colon + 1, end, isFolded);
}
