import { canonicalAddress, familyOf } from './ip-address.ts';
import { AF_INET, AF_INET6, type Libc } from './libc.ts';

/** Bytes kept for one address: `struct sockaddr_in6` (28), rounded up. */
export const socketAddressBytes = 32;

// Addresses whose text is kept: more phones than that pay a quarter of a microsecond per datagram.
const textSlots = 8192;
const wordsPerSlot = 5;
// In the place of an interface's index: an IPv4 address, or a slot that is still free.
const noScope = 0xffffffff;
// IPv6 addresses whose bytes are kept; forgotten all together, since a server sends to few hops or to those it heard of.
const maxKnownIpv6 = 8192;
const interfaceNameBytes = 16;

/** Length of the system's structure for that family, in bytes. */
export function socketAddressLength(family: 4 | 6): number {
  return family === 6 ? 28 : 16;
}

/**
 * Reads and writes `struct sockaddr_in` and `sockaddr_in6`. An address that was seen lately costs no string: texts are
 * kept in a table of fixed size, each at the place that its bytes say.
 */
export class SocketAddresses {
  readonly #libc: Libc;
  readonly #knownWords: Uint32Array;
  readonly #texts: string[];
  readonly #ipv6: Map<string, Uint32Array>;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#knownWords = new Uint32Array(textSlots * wordsPerSlot).fill(noScope);
    this.#texts = new Array<string>(textSlots).fill('');
    this.#ipv6 = new Map();
  }

  /**
   * The IP address in a structure, canonical and without brackets; a link-local one with its interface.
   *
   * @param words the memory that holds it
   * @param at where it begins, in words
   */
  text(words: Uint32Array, at: number): string {
    const isIpv6 = ((words[at] as number) & 0xffff) === AF_INET6;
    // sockaddr_in has the address in word 1; sockaddr_in6 in words 2 to 5, and the interface in word 6.
    const a = words[at + (isIpv6 ? 2 : 1)] as number;
    const b = isIpv6 ? (words[at + 3] as number) : 0;
    const c = isIpv6 ? (words[at + 4] as number) : 0;
    const d = isIpv6 ? (words[at + 5] as number) : 0;
    const scope = isIpv6 ? (words[at + 6] as number) : noScope;
    const slot = slotOf(a ^ Math.imul(b, 31) ^ Math.imul(c, 961) ^ Math.imul(d, 29_791));
    const known = this.#knownWords;
    const place = slot * wordsPerSlot;
    const text = this.#texts[slot] as string;
    if (
      known[place] === a &&
      known[place + 1] === b &&
      known[place + 2] === c &&
      known[place + 3] === d &&
      known[place + 4] === scope
    ) {
      return text;
    }
    const fresh = isIpv6 ? this.#ipv6Text(a, b, c, d, scope) : ipv4Text(a);
    known[place] = a;
    known[place + 1] = b;
    known[place + 2] = c;
    known[place + 3] = d;
    known[place + 4] = scope;
    this.#texts[slot] = fresh;
    return fresh;
  }

  /**
   * Writes an address.
   *
   * @param words zeroed, or holding an address of the same family
   * @param at where to, in words
   * @param address an IP address as `text` gives it
   */
  write(words: Uint32Array, at: number, address: string, port: number): void {
    // The port stands in network order in the upper half of word 0.
    const portBits = (((port & 0xff) << 8) | (port >> 8)) << 16;
    if (familyOf(address) === 4) {
      words[at] = portBits | AF_INET;
      words[at + 1] = ipv4Word(address);
      return;
    }
    words[at] = portBits | AF_INET6;
    words.set(this.#ipv6Words(address), at + 2);
  }

  #ipv6Text(a: number, b: number, c: number, d: number, scope: number): string {
    const groups = [a, b, c, d].flatMap((word) => [swap16(word & 0xffff), swap16(word >>> 16)]);
    const written = groups.map((group) => group.toString(16)).join(':');
    const text = canonicalAddress(written) ?? written;
    // RFC 4007 §11: a link-local address means something on one interface only.
    const isLinkLocal = ((groups[0] as number) & 0xffc0) === 0xfe80;
    return isLinkLocal && scope > 0 ? `${text}%${this.#interfaceName(scope)}` : text;
  }

  /** Four words of address and one of scope. */
  #ipv6Words(address: string): Uint32Array {
    const known = this.#ipv6.get(address);
    if (known) return known;
    const [bare = '', zone] = address.split('%');
    const bytes = new Uint8Array(20);
    const groups = expand(bare);
    for (const [index, group] of groups.entries()) {
      bytes[index * 2] = group >> 8;
      bytes[index * 2 + 1] = group & 0xff;
    }
    const words = new Uint32Array(bytes.buffer);
    if (zone !== undefined) words[4] = Number(zone) || this.#libc.ifNameToIndex(zone);
    if (this.#ipv6.size >= maxKnownIpv6) this.#ipv6.clear();
    this.#ipv6.set(address, words);
    return words;
  }

  #interfaceName(index: number): string {
    const block = new ArrayBuffer(interfaceNameBytes);
    if (this.#libc.ifIndexToName(index, this.#libc.addressOf(block)) === 0) return String(index);
    const name = Buffer.from(block);
    return name.toString('latin1', 0, name.indexOf(0));
  }
}

/** The port in a structure. */
export function portAt(words: Uint32Array, at: number): number {
  return swap16((words[at] as number) >>> 16);
}

/** A place in the table; neighbouring addresses get places far apart from each other. */
function slotOf(mixed: number): number {
  return (Math.imul(mixed, 0x9e3779b1) >>> 16) & (textSlots - 1);
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}

function ipv4Text(word: number): string {
  return `${word & 0xff}.${(word >>> 8) & 0xff}.${(word >>> 16) & 0xff}.${word >>> 24}`;
}

function ipv4Word(address: string): number {
  let word = 0;
  let shift = 0;
  let part = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === 0x2e) {
      word |= part << shift;
      shift += 8;
      part = 0;
    } else {
      part = part * 10 + code - 0x30;
    }
  }
  return word | (part << shift);
}

/** The eight groups of an IPv6 address without a zone (RFC 4291 §2.2). */
function expand(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  return [...before, ...zeros, ...after];
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const word = ipv4Word(group);
    return [swap16(word & 0xffff), swap16(word >>> 16)];
  });
}
