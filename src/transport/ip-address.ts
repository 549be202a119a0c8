import { isIP, SocketAddress } from 'node:net';
import { stripBrackets } from '../sip/uri.ts';

/** Puts an IPv6 address in brackets, as SIP writes it (RFC 3261 §25.1 IPv6reference); others stay as they are. */
export function withBrackets(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/**
 * The one spelling of an IP address that sockets report (RFC 5952), so that addresses compare as strings. An IPv4
 * address mapped into IPv6 becomes the IPv4 address.
 *
 * @param host an IP literal, with or without brackets
 * @returns undefined when `host` is not an IP literal
 */
export function canonicalAddress(host: string): string | undefined {
  const bare = stripBrackets(host);
  switch (isIP(bare)) {
    case 4:
      return bare;
    case 6: {
      if (bare.includes('%')) return bare;
      const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
      return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
    }
    default:
      return undefined;
  }
}

/** 4 or 6, for an IP address without brackets. */
export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Whether the address is the wildcard of its family: bound to it, a socket takes what arrives at any address. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Whether the address stays on this machine (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/**
 * What counts as one source: an IPv4 address, or the /64 of an IPv6 address, since a single host has a whole /64 to
 * choose its addresses from (RFC 4291 §2.5.1).
 *
 * @param address canonical, without brackets
 */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  while (before.length + after.length < 8) before.push('0');
  return [...before, ...after].slice(0, 4).join(':');
}
