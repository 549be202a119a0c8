import { codeAt, HEX, hexValue, isIn, RESERVED } from './char-class.ts';
import { sameHost } from './host.ts';
import type { Params } from './params.ts';
import type { SipUri, TelUri, Uri } from './parse-uri.ts';

/**
 * Whether two URIs are equivalent: RFC 3261 §19.1.4 for sip and sips, RFC 3966 §4 for tel, byte by byte after the
 * scheme for all others. As §19.1.4 notes, the relation is not transitive.
 */
export function sameUri(a: Uri, b: Uri): boolean {
  if (a.scheme !== b.scheme) return false;
  if (a.text === b.text) return true;
  // The casts: the scheme says which of the three it is, and both have the same.
  if (a.scheme === 'sip' || a.scheme === 'sips') return sameSipUri(a as SipUri, b as SipUri);
  if (a.scheme === 'tel') return sameTelUri(a as TelUri, b as TelUri);
  return a.text.slice(a.scheme.length) === b.text.slice(b.scheme.length);
}

function sameSipUri(a: SipUri, b: SipUri): boolean {
  return (
    a.port === b.port &&
    sameEscaped(a.user, b.user) &&
    sameEscaped(a.password, b.password) &&
    sameHost(a.host, b.host) &&
    sameSipParams(a.params, b.params) &&
    sameHeaders(a.headers, b.headers)
  );
}

/** Equal, when every escape of a character that is not reserved is resolved. The case counts. */
function sameEscaped(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return normalized(a) === normalized(b);
}

/**
 * The text with the escapes resolved that stand for characters outside of `reserved`, and with the rest of them in
 * upper case. "%" itself stays escaped, or `%2561` and `%61` would be the same.
 */
function normalized(text: string): string {
  const first = text.indexOf('%');
  if (first < 0) return text;
  let result = text.slice(0, first);
  for (let i = first; i < text.length; i++) {
    const high = codeAt(text, i + 1);
    const low = codeAt(text, i + 2);
    if (codeAt(text, i) !== 0x25 || !isIn(high, HEX) || !isIn(low, HEX)) {
      result += text.charAt(i);
      continue;
    }
    const code = hexValue(high) * 16 + hexValue(low);
    result += code === 0x25 || isIn(code, RESERVED) ? text.slice(i, i + 3).toUpperCase() : String.fromCharCode(code);
    i += 2;
  }
  return result;
}

/** The parameters that count also when only one of the URIs has them (§19.1.4 and its examples). */
const decisive = ['transport', 'user', 'ttl', 'method', 'maddr'] as const;

function sameSipParams(a: Params, b: Params): boolean {
  if (a.size === 0 && b.size === 0) return true;
  for (const name of decisive) {
    if (a.has(name) !== b.has(name)) return false;
  }
  // Any other parameter that only one of them has is ignored; those that both have must match.
  for (const { name, value } of a.entries()) {
    if (b.has(name) && !sameValue(value, b.raw(name))) return false;
  }
  return true;
}

/** §19.1.4: components are compared without case unless their definition says otherwise. */
function sameValue(a: string | undefined, b: string | undefined): boolean {
  return normalized(a ?? '').toLowerCase() === normalized(b ?? '').toLowerCase();
}

/** §19.1.4: header components are never ignored; their order does not count. */
function sameHeaders(a: string, b: string): boolean {
  if (a === b) return true;
  if (a === '' || b === '') return false;
  return sortedHeaders(a) === sortedHeaders(b);
}

function sortedHeaders(text: string): string {
  const headers = text.split('&').map((header) => {
    const equals = header.indexOf('=');
    return `${normalized(header.slice(0, equals)).toLowerCase()}=${normalized(header.slice(equals + 1))}`;
  });
  return headers.sort().join('&');
}

/** RFC 3966 §4: without visual separators, parameters in any order. */
function sameTelUri(a: TelUri, b: TelUri): boolean {
  if (withoutSeparators(a.number) !== withoutSeparators(b.number) || a.params.size !== b.params.size) return false;
  for (const { name, value } of a.params.entries()) {
    const other = b.params.raw(name);
    if (other === undefined) return false;
    if (!sameValue(value, other) && !samePhoneValue(name, value ?? '', other)) return false;
  }
  return true;
}

/** RFC 3966 §4: `ext`, and a `phone-context` that is a number, are compared without visual separators. */
function samePhoneValue(name: string, a: string, b: string): boolean {
  const lower = name.toLowerCase();
  const isNumber = lower === 'ext' || (lower === 'phone-context' && a.startsWith('+') && b.startsWith('+'));
  return isNumber && withoutSeparators(a) === withoutSeparators(b);
}

function withoutSeparators(number: string): string {
  let digits = '';
  for (let i = 0; i < number.length; i++) {
    const c = number.charCodeAt(i);
    if (c !== 0x2d && c !== 0x2e && c !== 0x28 && c !== 0x29) digits += number.charAt(i);
  }
  return digits.toLowerCase();
}
