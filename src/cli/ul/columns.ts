/**
 * Rows of text in columns. Rows come in portions, since a table may be longer than one wants to hold: a column is as
 * wide as its widest cell so far.
 */
export class Columns {
  readonly #widths: number[];
  readonly #titles: readonly string[];
  #isBegun: boolean;

  constructor(titles: readonly string[]) {
    this.#titles = titles;
    this.#widths = titles.map(() => 0);
    this.#isBegun = false;
  }

  /** The lines of some rows; before the first ones stand the titles. */
  lines(rows: readonly (readonly string[])[]): string {
    const all = [...(this.#isBegun ? [] : [this.#titles]), ...rows].map((row) => row.map(printable));
    this.#isBegun = true;
    for (const row of all) {
      for (const [index, cell] of row.entries()) {
        this.#widths[index] = Math.max(this.#widths[index] ?? 0, [...cell].length);
      }
    }
    return all
      .map(
        (row) =>
          `${row
            .map((cell, index) => this.#padded(cell, index))
            .join('  ')
            .trimEnd()}\n`,
      )
      .join('');
  }

  #padded(cell: string, index: number): string {
    return cell + ' '.repeat(Math.max(0, (this.#widths[index] ?? 0) - [...cell].length));
  }
}

/** What a terminal would obey, or show in another order than it stands there. */
const notPrintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text that a stranger may have written, fit for a terminal: what is no visible character is shown by its number. */
export function printable(text: string): string {
  return text.replace(notPrintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
