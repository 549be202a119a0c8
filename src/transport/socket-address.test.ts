import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalAddress } from './ip-address.ts';
import { openLibc } from './libc.ts';
import { portAt, SocketAddresses, socketAddressLength } from './socket-address.ts';

const libc = await openLibc();
const skip = typeof libc === 'string' ? libc : false;

/** Writes an address, and what a reader makes of it. */
function roundTrip(addresses: SocketAddresses, address: string, port: number): { text: string; port: number } {
  const words = new Uint32Array(16);
  addresses.write(words, 4, address, port);
  return { text: addresses.text(words, 4), port: portAt(words, 4) };
}

describe('struct sockaddr_in and sockaddr_in6', { skip }, () => {
  const addresses = new SocketAddresses(libc as Exclude<typeof libc, string>);

  it('hold what was written, byte for byte as the system lays it out', () => {
    const words = new Uint32Array(8);
    addresses.write(words, 0, '192.0.2.1', 5060);
    assert.equal(Buffer.from(words.buffer).toString('hex', 0, 8), '020013c4c0000201');
    const ipv6 = new Uint32Array(8);
    addresses.write(ipv6, 0, '2001:db8::1', 5061);
    assert.equal(
      Buffer.from(ipv6.buffer).toString('hex', 0, 28),
      '0a0013c50000000020010db800000000000000000000000100000000',
    );
    assert.deepEqual([socketAddressLength(4), socketAddressLength(6)], [16, 28]);
  });

  it('any IPv4 address and port comes back as it was', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 65_535 }), (address, port) => {
        assert.deepEqual(roundTrip(addresses, address, port), { text: address, port });
      }),
    );
  });

  it('any IPv6 address comes back in the canonical spelling (RFC 5952)', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 65_535 }), (written, port) => {
        const address = canonicalAddress(written);
        fc.pre(address?.includes(':') === true);
        assert.deepEqual(roundTrip(addresses, address, port), { text: address, port });
      }),
    );
  });

  it('addresses that share a place in the table do not take each other for themselves', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let low = 0; low < 20_000; low += 1) {
        const address = `10.7.${low >> 8}.${low & 255}`;
        assert.equal(roundTrip(addresses, address, 5060).text, address);
        const ipv6 = low === 0 ? '::' : `::${low.toString(16)}`;
        if (low < 100) assert.equal(roundTrip(addresses, ipv6, 5060).text, canonicalAddress(ipv6));
      }
    }
  });

  it('RFC 4007 §11: a link-local address names its interface, others do not', () => {
    const [name] = Object.keys(networkInterfaces());
    assert.ok(name);
    assert.equal(roundTrip(addresses, `fe80::1%${name}`, 1).text, `fe80::1%${name}`);
    assert.equal(roundTrip(addresses, 'fe80::1', 1).text, 'fe80::1');
    assert.equal(roundTrip(addresses, `2001:db8::5%${name}`, 1).text, '2001:db8::5');
    // An interface that has gone meanwhile has a number only.
    assert.equal(roundTrip(addresses, 'fe80::1%7777777', 1).text, 'fe80::1%7777777');
  });
});
