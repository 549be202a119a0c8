import { isBlank } from './char-class.ts';

/**
 * Reads `1*DIGIT`, which is all of the text, saturating at `max`.
 * @returns the number, `max` for anything larger, or -1 when the text has another character or none
 */
export function parseDecimal(text: string, max: number, start = 0, end: number = text.length): number {
  if (start >= end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    // Both limits we use are far below 2^53, so the product is exact.
    value = value * 10 + digit;
    if (value > max) value = max;
  }
  return value;
}

/** As `parseDecimal`, with blanks around the digits. */
export function parseBlankedDecimal(text: string, max: number): number {
  let start = 0;
  let end = text.length;
  while (isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return parseDecimal(text, max, start, end);
}
