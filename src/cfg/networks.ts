import type { Network } from '../script/ast.ts';
import { canonicalAddress } from '../transport/ip-address.ts';

/** Whether an address, in the spelling that sockets report, lies in a network. */
export type InNetwork = (address: string) => boolean;

/** The network of `10.0.0.0/8` or `10.0.0.0/255.0.0.0`; a text is what is wrong. */
export function networkOf({ address, mask }: Network): InNetwork | string {
  const size = address.version === 4 ? 32 : 128;
  const base = bitsOf(address.address);
  if (base === undefined) return `'${address.address}' is no IP address`;
  if (mask.kind === 'number') {
    if (mask.value < 0 || mask.value > size)
      return `a mask of IPv${address.version} has 0 to ${size} bits, not ${mask.value}`;
    return inNetwork(base, leadingOnes(mask.value, size));
  }
  const bits = mask.version === address.version ? bitsOf(mask.address) : undefined;
  if (bits === undefined) return 'the mask is not of the same family as the address';
  return inNetwork(base, bits.value);
}

/** An IP address as a number, and how many bits it has. */
interface AddressBits {
  readonly value: bigint;
  readonly size: 32 | 128;
}

function inNetwork(base: AddressBits, mask: bigint): InNetwork {
  const wanted = base.value & mask;
  return (address) => {
    const bits = bitsOf(address);
    return bits !== undefined && bits.size === base.size && (bits.value & mask) === wanted;
  };
}

function leadingOnes(count: number, size: number): bigint {
  const all = (1n << BigInt(size)) - 1n;
  return all ^ ((1n << BigInt(size - count)) - 1n);
}

function bitsOf(text: string): AddressBits | undefined {
  const address = canonicalAddress(text);
  if (address === undefined || address.includes('%')) return undefined;
  if (!address.includes(':')) {
    let value = 0n;
    for (const octet of address.split('.')) value = (value << 8n) | BigInt(Number(octet));
    return { value, size: 32 };
  }
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0n);
  let value = 0n;
  for (const group of [...before, ...zeros, ...after]) value = (value << 16n) | group;
  return { value, size: 128 };
}

function groupsOf(text: string): bigint[] {
  return text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));
}
