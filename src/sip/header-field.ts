import { canonicalHeaderName, displayHeaderName } from './header-name.ts';
import { toLineText } from './wire-text.ts';

/**
 * One header line, with its folded continuation. It is a window on the head that it came in, so what is only
 * forwarded is never looked at; it does not change, so messages may share it.
 */
export class HeaderField {
  /** Canonical: lower case, long form; '' for a line without a header name, which is only kept and forwarded. */
  readonly name: string;
  /** What the line is a part of, from `start` to `end`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly #valueStart: number;
  readonly #folded: boolean;
  #value: string | undefined;

  /**
   * @param valueStart the position after its colon
   * @param end the position after its line break
   * @param folded whether the value has line breaks in it
   * @param value the value, when it is known already
   */
  constructor(
    name: string,
    text: string,
    start: number,
    valueStart: number,
    end: number,
    folded: boolean,
    value?: string,
  ) {
    this.name = name;
    this.text = text;
    this.start = start;
    this.end = end;
    this.#valueStart = valueStart;
    this.#folded = folded;
    this.#value = value;
  }

  /** A new line. A canonical name that we know gets its usual spelling, any other is written as given. */
  static of(name: string, value: string): HeaderField {
    const canonical = canonicalHeaderName(name);
    const spelling = canonical === name ? displayHeaderName(name) : name;
    const prefix = `${spelling}: `;
    const line = `${prefix}${toLineText(value)}\r\n`;
    return new HeaderField(canonical, line, 0, prefix.length, line.length, false);
  }

  /** The line byte for byte, with its line break and its folding. */
  get line(): string {
    return this.text.slice(this.start, this.end);
  }

  /** The value without blanks at its ends, each folding with the blanks at it replaced by one SP (§7.3.1). */
  get value(): string {
    this.#value ??= this.#folded ? this.#unfolded() : this.#trimmed();
    return this.#value;
  }

  /** The same header, spelled as it is, with another value. */
  withValue(value: string): HeaderField {
    const prefix = `${this.text.slice(this.start, this.#valueStart)} `;
    const line = `${prefix}${toLineText(value)}\r\n`;
    return new HeaderField(this.name, line, 0, prefix.length, line.length, false);
  }

  /**
   * The same header with another value that is a part of a received value with more behind it, as `withValue` makes it.
   * @param value without CR, LF, characters above 255 and blanks around it
   */
  withLineText(value: string): HeaderField {
    const prefix = `${this.text.slice(this.start, this.#valueStart)} `;
    const line = `${prefix}${value}\r\n`;
    return new HeaderField(this.name, line, 0, prefix.length, line.length, false, value);
  }

  #trimmed(): string {
    const text = this.text;
    let start = this.#valueStart;
    let end = this.end;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    return text.slice(start, end);
  }

  #unfolded(): string {
    const text = this.#trimmed();
    let value = '';
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      let end = at;
      while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
      let next = at + 1;
      while (isSpace(text.charCodeAt(next))) next++;
      value += `${text.slice(from, end)} `;
      from = next;
    }
    return value + text.slice(from);
  }
}

/** Whether the code is SP, HT, CR or LF. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}
