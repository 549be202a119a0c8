import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCfgText } from './load-cfg.ts';
import { networkOf } from './networks.ts';

/** The network of a condition, as the parser gives it. */
function networkIn(text: string) {
  const { diagnostics } = loadCfgText('test.cfg', `route { if (src_ip==${text}) { drop; } drop; }`);
  return diagnostics.map(({ message }) => message);
}

const ip = (address: string) =>
  ({ kind: 'ip', version: address.includes(':') ? 6 : 4, address, span: undefined }) as unknown as Parameters<
    typeof networkOf
  >[0]['address'];
const bits = (value: number) =>
  ({ kind: 'number', value, text: String(value) }) as unknown as Parameters<typeof networkOf>[0]['mask'];

for (const [address, mask, inside, outside] of [
  ['10.0.0.0', bits(8), '10.255.255.255', '11.0.0.0'],
  ['10.1.2.3', bits(8), '10.0.0.1', '9.255.255.255'],
  ['192.0.2.128', bits(25), '192.0.2.200', '192.0.2.127'],
  ['192.0.2.1', bits(32), '192.0.2.1', '192.0.2.2'],
  ['0.0.0.0', bits(0), '255.255.255.255', '::1'],
  ['10.0.0.0', ip('255.0.0.0'), '10.9.9.9', '11.0.0.0'],
  ['2001:db8::', bits(32), '2001:db8:ffff::1', '2001:db9::1'],
  ['2001:db8::8000:0:0:0', bits(65), '2001:db8::ffff:0:0:1', '2001:db8::1'],
  ['fe80::', ip('ffc0::'), 'febf::1', 'fec0::1'],
  ['::', bits(0), '2001:db8::1', '192.0.2.1'],
] as const) {
  test(`cfg-language §7.3: ${address} with a mask has ${inside} in it and not ${outside}`, () => {
    const network = networkOf({ address: ip(address), mask } as Parameters<typeof networkOf>[0]);
    assert(typeof network === 'function');
    assert.deepEqual([network(inside), network(outside)], [true, false]);
  });
}

test('cfg-language §7.3: what is no mask is an error of the file', () => {
  assert.deepEqual(networkIn('10.0.0.0/33'), ['a mask of IPv4 has 0 to 32 bits, not 33']);
  assert.deepEqual(networkIn('2001:db8::/129'), ['a mask of IPv6 has 0 to 128 bits, not 129']);
  assert.deepEqual(networkIn('10.0.0.0/255.0.0.0'), []);
});
