import { codeAt, equalsIgnoreCase, GEN_VALUE, PARAM, TOKEN } from './char-class.ts';
import { limits } from './limits.ts';
import { unquote } from './quoted-string.ts';
import { SipError } from './sip-error.ts';
import { codesOf, skipBlankCodes, skipCodes, skipEscapedCodes, skipQuotedCodes } from './text-codes.ts';

/** One parameter. The value is undefined for a bare name and keeps its quotes. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
}

const noOffsets: readonly number[] = [];

/**
 * A `;name=value` list of a URI or a header value, in its order. The text was checked when it was parsed; names and
 * values are cut out of it only when they are asked for. Names are compared without case (RFC 3261 §7.3.1). A name
 * must not occur twice (§7.3.1, §19.1.1); where a peer does it nevertheless, the last one counts, as OpenSER did.
 */
export class Params {
  static readonly none: Params = new Params('', 0, 0, noOffsets);

  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  /** Four offsets for each parameter: name start, name end, value start, value end; -1, -1 for a bare name. */
  readonly #offsets: readonly number[];

  /** For the parsers of this folder: `offsets` must describe `text` from `start` to `end`. */
  constructor(text: string, start: number, end: number, offsets: readonly number[]) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#offsets = offsets;
  }

  /** How many parameters there are. */
  get size(): number {
    return this.#offsets.length >> 2;
  }

  /** Whether there is a parameter of that name, with or without a value. */
  has(name: string): boolean {
    return this.#find(name) >= 0;
  }

  /**
   * The value without quotes and quoted pairs; '' for a bare name, undefined when there is no such parameter.
   * @param name in any case
   */
  get(name: string): string | undefined {
    const value = this.raw(name);
    return value !== undefined && codeAt(value, 0) === 0x22 ? unquote(value) : value;
  }

  /** As `get`, with quotes and quoted pairs as they were written. */
  raw(name: string): string | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : (this.#cut(at + 2) ?? '');
  }

  /** All parameters in their order. */
  entries(): readonly Param[] {
    const entries: Param[] = [];
    for (let at = 0; at < this.#offsets.length; at += 4) {
      entries.push({ name: this.#cut(at) ?? '', value: this.#cut(at + 2) });
    }
    return entries;
  }

  /** The list as it was written, from its first ";" on; '' when there is none. */
  toString(): string {
    return this.#text.slice(this.#start, this.#end);
  }

  #cut(at: number): string | undefined {
    const start = this.#offsets[at] ?? -1;
    return start < 0 ? undefined : this.#text.slice(start, this.#offsets[at + 1]);
  }

  #find(name: string): number {
    const offsets = this.#offsets;
    if (offsets.length === 0) return -1;
    const lower = isLower(name) ? name : name.toLowerCase();
    for (let at = offsets.length - 4; at >= 0; at -= 4) {
      // The casts: `at` and `at + 1` are inside of the array.
      if (equalsIgnoreCase(this.#text, offsets[at] as number, offsets[at + 1] as number, lower)) return at;
    }
    return -1;
  }
}

function isLower(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c >= 0x41 && c <= 0x5a) return false;
  }
  return true;
}

/**
 * Parses the parameters of a SIP or tel URI from `start` on: `*( ";" pname [ "=" pvalue ] )` (RFC 3261 §25.1).
 * They end at the first character that cannot belong to them.
 * @param offsets receives four offsets for each parameter
 * @returns the position after the last parameter, or a failure
 */
export function scanUriParams(text: string, start: number, offsets: number[]): number | SipError {
  return scanUriParamCodes(codesOf(text), start, offsets);
}

/** As `scanUriParams`, for a text whose codes are at hand. */
export function scanUriParamCodes(codes: Uint8Array, start: number, offsets: number[]): number | SipError {
  let at = start;
  while (codes[at] === 0x3b) {
    const name = at + 1;
    const nameEnd = skipEscapedCodes(codes, name, PARAM);
    if (nameEnd === name) return new SipError('SIP_BAD_URI', 'a URI parameter has no name', name);
    at = nameEnd;
    if (codes[at] === 0x3d) {
      const value = at + 1;
      at = skipEscapedCodes(codes, value, PARAM);
      if (at === value) return new SipError('SIP_BAD_URI', 'a URI parameter has "=" but no value', value);
      offsets.push(name, nameEnd, value, at);
    } else offsets.push(name, nameEnd, -1, -1);
    if (offsets.length > limits.maxParams * 4) return tooManyParams(at);
  }
  return at;
}

/**
 * Parses the parameters of a header value from `start` on, to the end of the text:
 * `*( SEMI token [ EQUAL ( token / host / quoted-string ) ] )` with blanks around ";" and "=" (RFC 3261 §25.1).
 * `name=` with nothing after it is taken for an empty value (spec of the registrar, 6.1).
 * @param text unfolded and without blanks at its end
 */
export function parseHeaderParams(text: string, start: number): Params | SipError {
  return scanHeaderParams(text, codesOf(text), start, text.length);
}

/** As `parseHeaderParams`, for a value that ends at `end` of a text whose codes are at hand: see `text-codes.ts`. */
export function scanHeaderParams(text: string, codes: Uint8Array, start: number, end: number): Params | SipError {
  let at = skipBlankCodes(codes, start);
  if (at === end) return Params.none;
  const first = at;
  const offsets: number[] = [];
  while (at < end) {
    if (codes[at] !== 0x3b) {
      return new SipError('SIP_BAD_PARAMETER', 'text that is no parameter stands where ";" should', at);
    }
    const name = skipBlankCodes(codes, at + 1);
    const nameEnd = skipCodes(codes, name, TOKEN);
    if (nameEnd === name) return new SipError('SIP_BAD_PARAMETER', 'a parameter has no name', name);
    at = skipBlankCodes(codes, nameEnd);
    if (codes[at] === 0x3d) {
      const value = skipBlankCodes(codes, at + 1);
      // gen-value = token / host / quoted-string
      const isQuoted = codes[value] === 0x22;
      const valueEnd = isQuoted ? skipQuotedCodes(codes, value, end) : skipCodes(codes, value, GEN_VALUE);
      if (valueEnd < 0) return new SipError('SIP_BAD_PARAMETER', 'a quoted string is not closed', value);
      offsets.push(name, nameEnd, value, valueEnd);
      at = skipBlankCodes(codes, valueEnd);
    } else offsets.push(name, nameEnd, -1, -1);
    if (offsets.length > limits.maxParams * 4) return tooManyParams(at);
  }
  return new Params(text, first, end, offsets);
}

function tooManyParams(at: number): SipError {
  return new SipError('SIP_TOO_MANY', `there are more than ${limits.maxParams} parameters`, at);
}
