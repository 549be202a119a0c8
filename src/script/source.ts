/** A place for people: both numbers count from 1, the column in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A piece of a file, by offsets into its text; `end` is the offset after the last character. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

const lineFeed = 10;

/** A file of a configuration: its path as diagnostics show it, and its text. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#lineStarts = undefined;
  }

  /** Line and column of an offset. Lines are looked for once, when somebody first asks. */
  position(offset: number): Position {
    this.#lineStarts ??= findLineStarts(this.text);
    const line = lastNotAfter(this.#lineStarts, offset);
    const lineStart = this.#lineStarts[line] ?? 0;
    return { line: line + 1, column: countCharacters(this.text, lineStart, offset) + 1 };
  }
}

/** The span from the beginning of one to the end of the other; of the first alone when they lie in different files. */
export function spanBetween(first: Span, last: Span): Span {
  const end = last.file === first.file && last.end > first.end ? last.end : first.end;
  return { file: first.file, start: first.start, end };
}

/** The empty span after something: where a missing character belongs. */
export function spanAfter(span: Span): Span {
  return { file: span.file, start: span.end, end: span.end };
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === lineFeed) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last of the ascending `numbers` that is not above `limit`. */
function lastNotAfter(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function countCharacters(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to && i < text.length; i++) {
    // The second half of a surrogate pair belongs to the character before it.
    if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++;
  }
  return count;
}
