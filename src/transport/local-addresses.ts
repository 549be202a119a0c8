import { networkInterfaces } from 'node:os';
import { canonicalAddress, familyOf, isLoopback } from './ip-address.ts';

/** The IP addresses of this machine, canonical and without brackets, in the order the system names them. */
export function localAddresses(): readonly string[] {
  const found: string[] = [];
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) {
      const canonical = canonicalAddress(address);
      if (canonical && !found.includes(canonical)) found.push(canonical);
    }
  }
  return found;
}

/**
 * The address that stands for a wildcard where one must be named: the first that others can reach, else a
 * link-local one, else loopback.
 *
 * @param family 4 or 6
 * @param addresses what the machine has, as `localAddresses` says
 */
export function concreteAddress(family: 4 | 6, addresses: readonly string[]): string {
  const candidates = addresses.filter((address) => familyOf(address) === family && !isLoopback(address));
  return candidates.find((address) => !isLinkLocal(address)) ?? candidates[0] ?? (family === 4 ? '127.0.0.1' : '::1');
}

/** RFC 3927, RFC 4291 §2.5.6: fit for one link only; a phone behind a router cannot use it. */
function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/.test(address);
}
