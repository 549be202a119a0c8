import { ALPHA, ALPHANUM, codeAt, HEX, HOSTNAME, hexValue, isIn, skipClass } from './char-class.ts';
import { codesOf, skipCodes } from './text-codes.ts';

/**
 * Finds the end of a `host` (RFC 3261 §25.1): a host name, an IPv4 address or an IPv6 reference in brackets.
 * @returns the position after it, or -1 when there is no well-formed host at `start`
 */
export function skipHost(text: string, start: number): number {
  return scanHost(text, codesOf(text), start);
}

/** As `skipHost`, for a text whose codes are at hand. */
export function scanHost(text: string, codes: Uint8Array, start: number): number {
  if (codes[start] === 0x5b) {
    const close = text.indexOf(']', start);
    return close > 0 && isIpv6(text, start + 1, close) ? close + 1 : -1;
  }
  const end = skipCodes(codes, start, HOSTNAME);
  return isIpv4At(codes, start, end) || isHostname(codes, start, end) ? end : -1;
}

/** Whether the host, with or without brackets, is an IPv4 or IPv6 address. */
export function hostIsIpLiteral(host: string): boolean {
  if (isIpv4(host, 0, host.length)) return true;
  const bare = stripBrackets(host);
  return isIpv6(bare, 0, bare.length);
}

/** An IPv6 reference without its brackets; any other host as it is. */
export function stripBrackets(host: string): string {
  return codeAt(host, 0) === 0x5b && codeAt(host, host.length - 1) === 0x5d ? host.slice(1, -1) : host;
}

/**
 * Whether two hosts are the same: names without case and without a last dot, IPv6 addresses by their value
 * (RFC 3261 §19.1.4, RFC 5954 §4.2).
 */
export function sameHost(a: string, b: string): boolean {
  if (a === b) return true;
  if (codeAt(a, 0) !== 0x5b) return withoutLastDot(a.toLowerCase()) === withoutLastDot(b.toLowerCase());
  const groups = ipv6Groups(a, 1, a.length - 1);
  const others = codeAt(b, 0) === 0x5b ? ipv6Groups(b, 1, b.length - 1) : undefined;
  return groups !== undefined && others !== undefined && groups.every((group, i) => group === others[i]);
}

function withoutLastDot(name: string): string {
  return name.charCodeAt(name.length - 1) === 0x2e ? name.slice(0, -1) : name;
}

/**
 * `hostname = *( domainlabel "." ) toplabel [ "." ]`: labels neither begin nor end with "-", the last one begins
 * with a letter.
 */
function isHostname(codes: Uint8Array, start: number, end: number): boolean {
  let label = start;
  let topIsAlpha = false;
  for (let i = start; i <= end; i++) {
    if (i < end && codes[i] !== 0x2e) continue;
    if (i === label) return i === end && i > start && topIsAlpha;
    // Both are inside, since the label is not empty.
    const first = codes[label] as number;
    if (!isIn(first, ALPHANUM) || !isIn(codes[i - 1] as number, ALPHANUM)) return false;
    topIsAlpha = isIn(first, ALPHA);
    label = i + 1;
  }
  return topIsAlpha;
}

/** Whether the text is four numbers of one to three digits, none above 255. */
export function isIpv4(text: string, start: number, end: number): boolean {
  return isIpv4At(codesOf(text), start, end);
}

function isIpv4At(codes: Uint8Array, start: number, end: number): boolean {
  let parts = 0;
  let digits = 0;
  let value = 0;
  for (let i = start; i < end; i++) {
    const c = codes[i] as number; // i is inside
    if (c === 0x2e) {
      if (digits === 0 || ++parts > 3) return false;
      digits = 0;
      value = 0;
    } else {
      const digit = c - 0x30;
      if (!(digit >= 0 && digit <= 9)) return false;
      value = value * 10 + digit;
      if (++digits > 3 || value > 255) return false;
    }
  }
  return parts === 3 && digits > 0;
}

/** Whether the text is an IPv6 address without brackets and without a zone (RFC 3986 §3.2.2, RFC 5954). */
export function isIpv6(text: string, start: number, end: number): boolean {
  return ipv6Groups(text, start, end) !== undefined;
}

/** The eight groups of an IPv6 address, or undefined when it is none. */
function ipv6Groups(text: string, start: number, end: number): number[] | undefined {
  // The longest form is 8 groups with an IPv4 tail: 45 characters.
  if (end - start > 45 || end - start < 2) return undefined;
  const groups: number[] = [];
  let gap = -1;
  let at = start;
  if (codeAt(text, at) === 0x3a) {
    if (codeAt(text, at + 1) !== 0x3a) return undefined;
    gap = 0;
    at += 2;
  }
  while (at < end) {
    const groupEnd = Math.min(skipClass(text, at, HEX), end);
    if (codeAt(text, groupEnd) === 0x2e && groupEnd < end) {
      if (!isIpv4(text, at, end)) return undefined;
      pushIpv4(groups, text.slice(at, end));
      at = end;
      break;
    }
    if (groupEnd === at || groupEnd - at > 4) return undefined;
    let group = 0;
    for (let i = at; i < groupEnd; i++) group = group * 16 + hexValue(codeAt(text, i));
    groups.push(group);
    at = groupEnd;
    if (at === end) break;
    if (codeAt(text, at) !== 0x3a || ++at === end) return undefined;
    if (codeAt(text, at) === 0x3a) {
      if (gap >= 0) return undefined;
      gap = groups.length;
      at++;
    }
  }
  if (gap < 0) return groups.length === 8 ? groups : undefined;
  // "::" stands for one group at least; RFC 4291 §2.2 allows it for one, though RFC 5952 would not write it.
  if (groups.length > 7) return undefined;
  const zeros = new Array<number>(8 - groups.length).fill(0);
  groups.splice(gap, 0, ...zeros);
  return groups;
}

function pushIpv4(groups: number[], address: string): void {
  let pair = 0;
  let octet = 0;
  let octets = 0;
  for (let i = 0; i <= address.length; i++) {
    const c = i < address.length ? address.charCodeAt(i) : 0x2e;
    if (c !== 0x2e) {
      octet = octet * 10 + (c - 0x30);
      continue;
    }
    pair = pair * 256 + octet;
    octet = 0;
    if (++octets % 2 === 0) {
      groups.push(pair);
      pair = 0;
    }
  }
}
