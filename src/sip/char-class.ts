// The character classes of RFC 3261 §25.1 and RFC 3966 §3 as one table of bits, so that a parser asks one array.

/** ALPHA of RFC 5234. */
export const ALPHA = 1;
/** DIGIT of RFC 5234. */
export const DIGIT = 2;
/** ALPHA or DIGIT. */
export const ALPHANUM = ALPHA | DIGIT;
/** HEXDIG, in either case. */
export const HEX = 4;
/** A character of `token`. */
export const TOKEN = 8;
/** A character of `user` besides escapes: unreserved and user-unreserved. */
export const USER = 16;
/** A character of `password` besides escapes. */
export const PASSWORD = 32;
/** `paramchar` besides escapes; that of RFC 3966 is the same. */
export const PARAM = 64;
/** A character of `hname` and `hvalue` besides escapes. */
export const HNV = 128;
/** A character of a host name: alphanum, "-" and ".". */
export const HOSTNAME = 256;
/** A character of an unquoted `gen-value`: token, or what an IPv6 address adds to it. */
export const GEN_VALUE = 512;
/** A character that RFC 3986 allows after the scheme, besides escapes and the brackets of an IP literal. */
export const URI = 1024;
/** `phonedigit` of RFC 3966: digits and visual separators. */
export const PHONE = 2048;
/** `phonedigit-hex` of RFC 3966. */
export const PHONE_HEX = 4096;
/** A character of a scheme after the first. */
export const SCHEME = 8192;
/** Reserved in RFC 3261 §25.1: its escaped and its plain form are different (§19.1.4). */
export const RESERVED = 16384;

const table = new Uint16Array(256);

function mark(bits: number, characters: string): void {
  for (let i = 0; i < characters.length; i++) {
    const c = characters.charCodeAt(i);
    table[c] = (table[c] ?? 0) | bits;
  }
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letters = upper + upper.toLowerCase();
const digits = '0123456789';
const alphanum = letters + digits;
const unreserved = `${alphanum}-_.!~*'()`;

mark(ALPHA, letters);
mark(DIGIT, digits);
mark(HEX, `${digits}ABCDEFabcdef`);
mark(TOKEN, `${alphanum}-.!%*_+\`'~`);
mark(USER, `${unreserved}&=+$,;?/`);
mark(PASSWORD, `${unreserved}&=+$,`);
mark(PARAM, `${unreserved}[]/:&+$`);
mark(HNV, `${unreserved}[]/?:+$`);
mark(HOSTNAME, `${alphanum}-.`);
mark(GEN_VALUE, `${alphanum}-.!%*_+\`'~[]:`);
mark(URI, `${unreserved};/?:@&=+$,`);
mark(PHONE, `${digits}-.()`);
mark(PHONE_HEX, `${digits}ABCDEFabcdef*#-.()`);
mark(SCHEME, `${alphanum}+-.`);
mark(RESERVED, ';/?:@&=+$,');

/** Whether the character code is in one of the classes; false for -1 and for codes above 255. */
export function isIn(code: number, classes: number): boolean {
  // 255 is in no class, so that -1 need not be told apart.
  return code <= 0xff && ((table[code & 0xff] as number) & classes) !== 0;
}

/**
 * The character code at a position, -1 outside of the text. Asking a string beyond its end gives NaN, and a loop that
 * has met NaN stays slow.
 */
export function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : -1;
}

/** Whether the code is SP or HT. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The first position from `at` on that is not SP or HT. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  while (i < text.length && isBlank(text.charCodeAt(i))) i++;
  return i;
}

/** The first position from `at` on whose character is not in the classes. */
export function skipClass(text: string, at: number, classes: number): number {
  let i = at;
  while (i < text.length && isIn(text.charCodeAt(i), classes)) i++;
  return i;
}

/** Whether all of `text` is a token (RFC 3261 §25.1); the empty string is not. */
export function isToken(text: string): boolean {
  return text.length > 0 && skipClass(text, 0, TOKEN) === text.length;
}

/** The value of a hex digit; the caller has checked that it is one. */
export function hexValue(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

/** Whether `literal` stands at `at`; for short literals much faster than `startsWith`. */
export function standsAt(text: string, at: number, literal: string): boolean {
  if (at + literal.length > text.length) return false;
  for (let i = 0; i < literal.length; i++) {
    if (text.charCodeAt(at + i) !== literal.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Whether `text` from `start` to `end` is `lower` in any case.
 * @param lower lower-case ASCII
 */
export function equalsIgnoreCase(text: string, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    const c = text.charCodeAt(start + i);
    const wanted = lower.charCodeAt(i);
    if (c !== wanted && (c < 0x41 || c > 0x5a || c + 0x20 !== wanted)) return false;
  }
  return true;
}
