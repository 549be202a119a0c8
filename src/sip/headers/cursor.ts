import { isBlank, skipClass, TOKEN } from '../char-class.ts';
import { skipQuoted } from '../quoted-string.ts';

/**
 * A cursor over one header field's value: the terminals of RFC 3261 §25.1 (token, quoted-string, separators with optional
 * white space around them) for the headers that are read rarely. Via, From, To, Contact and CSeq, which every request needs,
 * are scanned by hand in their own files.
 *
 * Every step moves forward or fails, so a value is read in time linear in its length.
 */
export class Cursor {
  readonly text: string;
  position: number;

  /** @param text a field value, unfolded */
  constructor(text: string) {
    this.text = text;
    this.position = 0;
    this.skipSpace();
  }

  /** Whether nothing but white space is left. */
  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** Skips SP and HTAB. */
  skipSpace(): void {
    while (isBlank(this.text.charCodeAt(this.position))) this.position++;
  }

  /** Whether the next character is `char`. Takes nothing. */
  at(char: string): boolean {
    return this.text.charCodeAt(this.position) === char.charCodeAt(0);
  }

  /** Takes the separator `char` and the space after it, if it comes next; the space before it went with what came before. */
  take(char: string): boolean {
    if (!this.at(char)) return false;
    this.position++;
    this.skipSpace();
    return true;
  }

  /** Takes a token (§25.1) and the space after it; `undefined` when none comes next. */
  token(): string | undefined {
    return this.run(TOKEN);
  }

  /** Takes the longest run of characters of the classes (see char-class.ts), and the space after it. */
  run(classes: number): string | undefined {
    return this.#takeUntil(skipClass(this.text, this.position, classes));
  }

  /** Takes a quoted-string and the space after it; the result keeps its quotes and quoted pairs. */
  quotedString(): string | undefined {
    return this.at('"') ? this.#takeUntil(skipQuoted(this.text, this.position)) : undefined;
  }

  /** Takes a comment (§25.1), which may nest and hold quoted pairs, and the space after it; the result keeps its parentheses. */
  comment(): string | undefined {
    if (!this.at('(')) return undefined;
    let depth = 0;
    for (let i = this.position; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 0x5c) i++;
      else if (code === 0x28) depth++;
      else if (code === 0x29 && --depth === 0) return this.#takeUntil(i + 1);
    }
    return undefined;
  }

  /** @param end after the last character; where it is no further than here, nothing is taken */
  #takeUntil(end: number): string | undefined {
    if (end <= this.position) return undefined;
    const taken = this.text.slice(this.position, end);
    this.position = end;
    this.skipSpace();
    return taken;
  }
}
