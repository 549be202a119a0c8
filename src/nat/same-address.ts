import { canonicalAddress } from '../transport/ip-address.ts';

/**
 * Whether a host as written in a message is the address a packet came from. A host name is no address. An IPv6
 * address has many spellings, so it is compared by value (RFC 5118 §4.9); an IPv4-mapped one equals the IPv4 address.
 *
 * OpenSER 1.0 took a mere prefix for equality (`10.0.0.1` and `10.0.0.12`); the whole address counts here.
 *
 * @param host with or without brackets
 * @param address as sockets report it: canonical, without brackets
 */
export function sameAddress(host: string, address: string): boolean {
  return host === address || canonicalAddress(host) === address;
}
