import { isDigit, isHexDigit } from './characters.ts';

/** An address found in a text. */
export interface FoundIp {
  /** IPv4 with its octets in decimal; IPv6 as written. */
  readonly address: string;
  readonly end: number;
  readonly problem: string | undefined;
}

/** Four numbers and three dots at `from`. An octet with a leading 0 is octal, as every number is (cfg-language §2). */
export function findIpv4(text: string, from: number): FoundIp | undefined {
  const octets: string[] = [];
  let at = from;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && text[at++] !== '.') return undefined;
    const start = at;
    while (at - start < 4 && isDigit(text.charCodeAt(at))) at++;
    if (at === start || at - start > 3) return undefined;
    octets.push(text.slice(start, at));
  }
  const values = octets.map((octet) => (/^0[0-7]+$/.test(octet) ? Number.parseInt(octet, 8) : Number(octet)));
  const bad = octets.find((octet, index) => /^0\d*[89]/.test(octet) || (values[index] ?? 0) > 255);
  const problem = bad === undefined ? undefined : `'${bad}' is no octet of an address`;
  return { address: values.join('.'), end: at, problem };
}

/** An IPv6 address without brackets at `from`: the longest run of its characters must be one. */
export function findIpv6(text: string, from: number): FoundIp | undefined {
  let end = from;
  // 39 characters is the longest address: eight groups of four.
  while (end - from <= 39 && (isHexDigit(text.charCodeAt(end)) || text[end] === ':')) end++;
  const address = text.slice(from, end);
  return isIpv6(address) ? { address, end, problem: undefined } : undefined;
}

/** RFC 4291 §2.2, without the form that ends in an IPv4 address. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
