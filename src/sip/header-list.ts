import { isBlank } from './char-class.ts';

/**
 * Adds the values of a comma list to `values`, each without the blanks around it. Commas inside of quoted strings
 * and of angle brackets do not separate (RFC 3261 §7.3.1). What an open quote or bracket begins is one value to the
 * end, so that its parser sees the fault; an empty place in the list is an empty value for the same reason.
 * @param text one header value, unfolded
 */
export function splitList(text: string, values: string[]): void {
  let start = 0;
  for (;;) {
    const end = endOfValue(text, start);
    values.push(trimBlanks(text, start, end));
    if (end >= text.length) return;
    start = end + 1;
  }
}

/** The position of the comma that ends the value at `start`, or the end of the text. */
export function endOfValue(text: string, start: number): number {
  // Most values hold no comma at all, and looking for one is the fastest thing there is.
  if (text.indexOf(',', start) < 0) return text.length;
  let quoted = false;
  let bracketed = false;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x22) quoted = false;
      else if (c === 0x5c) i++;
    } else if (bracketed) bracketed = c !== 0x3e;
    else if (c === 0x22) quoted = true;
    else if (c === 0x3c) bracketed = true;
    else if (c === 0x2c) return i;
  }
  return text.length;
}

/** The part of the text from `start` to `end` without blanks at both of its ends. */
export function trimBlanks(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isBlank(text.charCodeAt(first))) first++;
  while (last > first && isBlank(text.charCodeAt(last - 1))) last--;
  return text.slice(first, last);
}
