import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Domains } from './domains.ts';

const own = {
  listeners: [{ port: 5080, advertisedPort: 5080 }],
  isOurs: (host: string, port: number | undefined) => host === '192.0.2.1' && (port ?? 5060) === 5080,
};

for (const [domains, host, port, isOurs, isMyself] of [
  [['example.org'], 'example.org', 5060, true, true],
  [['example.org'], 'EXAMPLE.ORG.', 5060, true, true],
  [['example.org'], 'example.com', 5060, false, false],
  // Without domains every host is served, but none of them is myself.
  [[], 'example.com', 5060, true, false],
  [[], '192.0.2.1', 5080, true, true],
  [['example.org'], '192.0.2.1', 5080, true, true],
  [['example.org'], '192.0.2.1', 5060, false, false],
] as const) {
  test(`cfg-language §7.3: with ${domains.join() || 'no domains'}, ${host}:${port} is ${isMyself ? '' : 'not '}myself`, () => {
    const known = new Domains(domains, own);
    assert.deepEqual([known.isOurs(host, port), known.isMyself(host, port)], [isOurs, isMyself]);
  });
}

test('cfg-language §7.3: for src_ip and dst_ip the port does not count', () => {
  const domains = new Domains([], own);
  assert.deepEqual([domains.isOwnAddress('192.0.2.1'), domains.isOwnAddress('192.0.2.2')], [true, false]);
});
