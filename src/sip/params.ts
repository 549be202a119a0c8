import { codeAt, equalsIgnoreCase, GEN_VALUE, isBlank, PARAM, TOKEN } from './char-class.ts';
import { limits } from './limits.ts';
import { skipQuoted, unquote } from './quoted-string.ts';
import { SipError } from './sip-error.ts';
import { codesOf, skipBlankCodes, skipCodes, skipEscapedCodes, skipQuotedCodes } from './text-codes.ts';

/** One parameter. The value is undefined for a bare name and keeps its quotes. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
}

/**
 * A `;name=value` list of a URI or a header value, in its order. The text was checked when it was parsed; names and
 * values are looked for in it when they are asked for. Names are compared without case (RFC 3261 §7.3.1). A name
 * must not occur twice (§7.3.1, §19.1.1); where a peer does it nevertheless, the last one counts, as OpenSER did.
 */
export class Params {
  static readonly none: Params = new Params('', 0, 0, 0);

  /** How many parameters there are. */
  readonly size: number;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;

  /** For the parsers of this folder: `text` must have `size` well-formed parameters from `start` to `end`. */
  constructor(text: string, start: number, end: number, size: number) {
    this.size = size;
    this.#text = text;
    this.#start = start;
    this.#end = end;
  }

  /** Whether there is a parameter of that name, with or without a value. */
  has(name: string): boolean {
    return this.raw(name) !== undefined;
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
    if (this.size === 0) return undefined;
    const lower = isLower(name) ? name : name.toLowerCase();
    let value: string | undefined;
    for (let at = this.#start; at < this.#end; ) {
      at = this.#step(at);
      if (equalsIgnoreCase(this.#text, place.name, place.nameEnd, lower)) value = this.#value() ?? '';
    }
    return value;
  }

  /** All parameters in their order. */
  entries(): readonly Param[] {
    const entries: Param[] = [];
    for (let at = this.#start; at < this.#end; ) {
      at = this.#step(at);
      entries.push({ name: this.#text.slice(place.name, place.nameEnd), value: this.#value() });
    }
    return entries;
  }

  /** The list as it was written, from its first ";" on; '' when there is none. */
  toString(): string {
    return this.#text.slice(this.#start, this.#end);
  }

  /** Finds the `place` of the parameter whose ";" is at `start`; returns where the next one begins. */
  #step(start: number): number {
    const text = this.#text;
    const end = this.#end;
    let at = skipBlanks(text, start + 1, end);
    place.name = at;
    at = skipWord(text, at, end);
    place.nameEnd = at;
    place.value = -1;
    at = skipBlanks(text, at, end);
    if (at === end || text.charCodeAt(at) !== 0x3d) return at;
    at = skipBlanks(text, at + 1, end);
    place.value = at;
    at = at < end && text.charCodeAt(at) === 0x22 ? skipQuoted(text, at) : skipWord(text, at, end);
    place.valueEnd = at;
    return skipBlanks(text, at, end);
  }

  #value(): string | undefined {
    return place.value < 0 ? undefined : this.#text.slice(place.value, place.valueEnd);
  }
}

/** Where one parameter stands; `value` is -1 for a bare name. One for all, as it is used at once. */
const place = { name: 0, nameEnd: 0, value: 0, valueEnd: 0 };

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The end of a name or an unquoted value. */
function skipWord(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x3b || c === 0x3d || isBlank(c)) break;
  }
  return at;
}

function isLower(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c >= 0x41 && c <= 0x5a) return false;
  }
  return true;
}

/**
 * Checks the parameters of a SIP or tel URI from `start` on: `*( ";" pname [ "=" pvalue ] )` (RFC 3261 §25.1).
 * They end at the first character that cannot belong to them.
 * @returns the position after the last parameter, or a failure
 */
export function scanUriParams(text: string, start: number): number | SipError {
  return scanUriParamCodes(codesOf(text), start);
}

/** As `scanUriParams`, for a text whose codes are at hand; `scannedParams` has what was found. */
export function scanUriParamCodes(codes: Uint8Array, start: number): number | SipError {
  let at = start;
  scannedParams.size = 0;
  while (codes[at] === 0x3b) {
    const name = at + 1;
    const nameEnd = skipEscapedCodes(codes, name, PARAM);
    if (nameEnd === name) return new SipError('SIP_BAD_URI', 'a URI parameter has no name', name);
    at = nameEnd;
    if (codes[at] === 0x3d) {
      const value = at + 1;
      at = skipEscapedCodes(codes, value, PARAM);
      if (at === value) return new SipError('SIP_BAD_URI', 'a URI parameter has "=" but no value', value);
      note(name, nameEnd, value, at);
    } else note(name, nameEnd, -1, -1);
    if (scannedParams.size > limits.maxParams) return tooManyParams(at);
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
  const codes = codesOf(text);
  const fault = scanHeaderParamCodes(codes, start, text.length);
  if (fault !== undefined) return fault;
  const { size } = scannedParams;
  return size === 0 ? Params.none : new Params(text, skipBlankCodes(codes, start), text.length, size);
}

/**
 * Checks what `parseHeaderParams` parses, in a value that ends at `end` of a text whose codes are at hand: see
 * `text-codes.ts`. The `scannedParams` have what was found.
 */
export function scanHeaderParamCodes(codes: Uint8Array, start: number, end: number): SipError | undefined {
  let at = skipBlankCodes(codes, start);
  scannedParams.size = 0;
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
      note(name, nameEnd, value, valueEnd);
      at = skipBlankCodes(codes, valueEnd);
    } else note(name, nameEnd, -1, -1);
    if (scannedParams.size > limits.maxParams) return tooManyParams(at);
  }
  return undefined;
}

/**
 * The parameters that were scanned last, for who looks at them at once. Four offsets for each: name start, name end,
 * value start, value end; -1, -1 for a bare name.
 */
export const scannedParams = { size: 0, offsets: new Int32Array((limits.maxParams + 1) * 4) };

/** The last one of that name among the parameters scanned last, as the position of its four offsets; -1 for none. */
export function findScannedParam(text: string, lowerName: string): number {
  const { offsets } = scannedParams;
  for (let at = scannedParams.size * 4 - 4; at >= 0; at -= 4) {
    if (equalsIgnoreCase(text, offsets[at] as number, offsets[at + 1] as number, lowerName)) return at;
  }
  return -1;
}

function note(name: number, nameEnd: number, value: number, valueEnd: number): void {
  const { offsets } = scannedParams;
  const at = scannedParams.size++ * 4;
  offsets[at] = name;
  offsets[at + 1] = nameEnd;
  offsets[at + 2] = value;
  offsets[at + 3] = valueEnd;
}

function tooManyParams(at: number): SipError {
  return new SipError('SIP_TOO_MANY', `there are more than ${limits.maxParams} parameters`, at);
}
