import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatSocketDescription, parseSocketDescription } from './socket-header.ts';

for (const [value, transport, host, port] of [
  ['10.0.0.1:5070', undefined, '10.0.0.1', 5070],
  [' 10.0.0.1:5070 ', undefined, '10.0.0.1', 5070],
  ['udp:10.0.0.1:5070', 'udp', '10.0.0.1', 5070],
  ['TCP:10.0.0.1:5070', 'tcp', '10.0.0.1', 5070],
  ['tls:10.0.0.1', 'tls', '10.0.0.1', 5060],
  ['10.0.0.1_5070', undefined, '10.0.0.1', 5070],
  ['10.0.0.1', undefined, '10.0.0.1', 5060],
  ['10.0.0.1_x', undefined, '10.0.0.1', 5060],
  ['10.0.0.1:70000', undefined, '10.0.0.1', 5060],
  ['10.0.0.1:0', undefined, '10.0.0.1', 5060],
  ['[::1]:5070', undefined, '::1', 5070],
  ['[::1]', undefined, '::1', 5060],
  ['udp:[2001:db8::1]:5070', 'udp', '2001:db8::1', 5070],
  ['2001:db8::1_5070', undefined, '2001:db8::1', 5070],
  ['2001:db8::1', undefined, '2001:db8::1', 5060],
  ['sip_host.example.com_5070', undefined, 'sip_host.example.com', 5070],
  ['proxy.example.com:5070', undefined, 'proxy.example.com', 5070],
] as const) {
  test(`decision 3: the socket header ${value} is read`, () => {
    assert.deepEqual(parseSocketDescription(value), { transport, host, port });
  });
}

for (const value of ['', '   ', ':5060', '_5060', 'a b:5060']) {
  test(`decision 3: the socket header ${JSON.stringify(value)} names no socket`, () => {
    assert.equal(parseSocketDescription(value), undefined);
  });
}

test('vector 130, decision 3: add_sock_hdr writes ip:port, with sock_hdr_proto proto:ip:port', () => {
  const socket = { transport: 'udp', host: '10.0.0.1', port: 5060 };
  assert.equal(formatSocketDescription(socket, false), '10.0.0.1:5060');
  assert.equal(formatSocketDescription(socket, true), 'udp:10.0.0.1:5060');
  assert.equal(formatSocketDescription({ ...socket, host: '::1' }, true), 'udp:[::1]:5060');
  assert.equal(formatSocketDescription({ ...socket, host: '[::1]' }, false), '[::1]:5060');
});

test('decision 3: what is written is read back', () => {
  const host = fc.oneof(fc.ipV4(), fc.constantFrom('::1', '2001:db8::1', 'proxy.example.com'));
  const transport = fc.constantFrom('udp', 'tcp', 'tls', 'ws', 'wss');
  fc.assert(
    fc.property(transport, host, fc.integer({ min: 1, max: 65_535 }), fc.boolean(), (name, address, port, full) => {
      const text = formatSocketDescription({ transport: name, host: address, port }, full);
      assert.deepEqual(parseSocketDescription(text), { transport: full ? name : undefined, host: address, port });
    }),
  );
});

test('no text makes the reader of socket headers throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const port = parseSocketDescription(text)?.port ?? 1;
      return port >= 1 && port <= 65_535;
    }),
  );
});
