import { fromCharacters } from '../../base/character-text.ts';

/** The fields of a JSON object. Whatever is wrong is kept as `problem`, the first time. */
export class FieldReader {
  problem: string | undefined;
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(object: Readonly<Record<string, unknown>>) {
    this.problem = undefined;
    this.#object = object;
  }

  /** Says what is wrong. */
  refuse(problem: string): void {
    this.problem ??= problem;
  }

  /** Whether a field is there: `null` is as good as none. */
  has(name: string): boolean {
    return Object.hasOwn(this.#object, name) && this.#object[name] !== null;
  }

  /** A text as messages have it: bytes. '' when it is not there. */
  bytes(name: string): string {
    const text = this.text(name);
    if (!text.isWellFormed()) this.refuse(`${name} has half a character: an unpaired surrogate`);
    const bytes = fromCharacters(text);
    // A line break could begin another header where the text is sent.
    if (/[\r\n]/.test(bytes)) this.refuse(`${name} has a line break`);
    return bytes;
  }

  /** The same, where no text is none. */
  optionalBytes(name: string): string | undefined {
    return this.bytes(name) || undefined;
  }

  /** A text as it stands there; '' when it is not there. */
  text(name: string): string {
    if (!this.has(name)) return '';
    const value = this.#object[name];
    if (typeof value !== 'string') this.refuse(`${name} is no text`);
    return typeof value === 'string' ? value : '';
  }

  /** A whole number; `instead` when it is not there. */
  integer(name: string, max: number, instead: number): number {
    if (!this.has(name)) return instead;
    const value = this.#object[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value;
    this.refuse(`${name} is no whole number from 0 to ${max}`);
    return instead;
  }

  /** A number from 0 to 1 in thousandths; -1 when it is not there. */
  thousandths(name: string): number {
    if (!this.has(name)) return -1;
    const value = this.#object[name];
    const thousandths = typeof value === 'number' ? Math.round(value * 1000) : -1;
    if (thousandths < 0 || thousandths > 1000) this.refuse(`${name} is no number from 0 to 1`);
    else if (thousandths / 1000 !== value) this.refuse(`${name} has more than three decimals`);
    return thousandths;
  }

  /** A list as bits; 0 when it is not there. */
  bits(name: string, bitOf: (item: unknown) => number | undefined, what: string): number {
    if (!this.has(name)) return 0;
    const value = this.#object[name];
    if (!Array.isArray(value)) {
      this.refuse(`${name} is no list`);
      return 0;
    }
    let bits = 0;
    for (const item of value) {
      const bit = bitOf(item);
      if (bit === undefined) this.refuse(`${name} has something that is ${what}: ${shown(item)}`);
      else bits |= bit;
    }
    return bits;
  }
}

/** Something of a file, as a message may show it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' ? String(value) : typeof value;
}
