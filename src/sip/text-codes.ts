import { HEX, isBlank, isIn } from './char-class.ts';

// What the frequent values are scanned with. Asking a string for one character after the other costs several times as
// much as asking an array, and copying the string into one costs next to nothing.
//
// A function that scans a value in a longer text, `scanVia` and the like, gets the codes of that text, and where the
// value begins and ends. The code at its end must be in no class, no blank and no separator of the value: a line break
// behind a header value, ">" behind a URI. What such a function says of a fault counts its offset in the longer text.

/** The longest UTF-8 form of a UTF-16 unit is three bytes; with less room a cut text could look like a whole one. */
const slack = 4;

let scratch = Buffer.alloc(1024);

/**
 * The characters of a text as codes, with a zero behind them, which is in no class of characters. A code above 255 is
 * shown as 255, which is in no class either and above 127 all the same.
 *
 * @returns valid until the next call, since it is the same array for all
 */
export function codesOf(text: string): Uint8Array {
  const { length } = text;
  if (length + slack > scratch.length) scratch = Buffer.alloc(2 * length + slack);
  // As many bytes of UTF-8 as characters: it is all ASCII, and they are the codes.
  if (scratch.write(text, 0) !== length) {
    for (let at = 0; at < length; at++) scratch[at] = Math.min(text.charCodeAt(at), 0xff);
  }
  scratch[length] = 0;
  return scratch;
}

// The casts below: `at` never passes the zero at the end.

/** The first position from `at` on whose code is in none of the classes. */
export function skipCodes(codes: Uint8Array, at: number, classes: number): number {
  let end = at;
  while (isIn(codes[end] as number, classes)) end += 1;
  return end;
}

/** The first position from `at` on that is not SP or HT. */
export function skipBlankCodes(codes: Uint8Array, at: number): number {
  let end = at;
  while (isBlank(codes[end] as number)) end += 1;
  return end;
}

/**
 * The first position from `at` on that is neither in the classes nor a whole escape (`"%" HEXDIG HEXDIG`). A "%" that
 * is not followed by two hex digits ends the run, also when a class has it.
 */
export function skipEscapedCodes(codes: Uint8Array, at: number, classes: number): number {
  let end = at;
  for (;;) {
    const c = codes[end] as number;
    if (c === 0x25) {
      if (!isIn(codes[end + 1] as number, HEX) || !isIn(codes[end + 2] as number, HEX)) return end;
      end += 3;
    } else if (isIn(c, classes)) end += 1;
    else return end;
  }
}

/** The end of the quoted string that begins at `at`, or -1 when it is not closed before `end`. */
export function skipQuotedCodes(codes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const c = codes[i];
    if (c === 0x22) return i + 1;
    if (c === 0x5c) i++;
  }
  return -1;
}

/** Whether `literal` stands at `at`. */
export function codesStandAt(codes: Uint8Array, at: number, literal: string): boolean {
  for (let i = 0; i < literal.length; i++) if (codes[at + i] !== literal.charCodeAt(i)) return false;
  return true;
}
