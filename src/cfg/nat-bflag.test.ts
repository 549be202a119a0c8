import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asAor } from '../location/aor.ts';
import { bindingFlags } from '../location/binding.ts';
import { createServer } from '../server/server.ts';
import { loadCfgText } from './load-cfg.ts';

const cfg = (mark: string) => `
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("usrloc", "nat_bflag", 6)
route { ${mark} save("location"); }
`;

const register = [
  'REGISTER sip:example.org SIP/2.0',
  'Via: SIP/2.0/TCP 192.0.2.7;branch=z9hG4bK-1',
  'From: <sip:alice@example.org>;tag=1',
  'To: <sip:alice@example.org>',
  'Call-ID: 1@192.0.2.7',
  'CSeq: 1 REGISTER',
  'Contact: <sip:alice@192.0.2.7>',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');

for (const [mark, isNatted] of [
  ['setbflag(6);', true],
  ['setbflag(5);', false],
  ['', false],
] as const) {
  test(`cfg-modules §4 nat_bflag 6: after ${mark || 'nothing'} a contact ${isNatted ? 'is' : 'is not'} behind a NAT`, async () => {
    const { options, routes, diagnostics } = loadCfgText('nat.cfg', cfg(mark));
    assert.deepEqual(diagnostics, []);
    const server = createServer({ ...options, routes, listen: ['udp:127.0.0.1:0'] });
    await server.start();
    assert.equal((await server.inject(register)).status, 200);
    const [binding] = await server.location.table('location').get(asAor('alice'), Date.now());
    assert.equal(((binding?.flags ?? 0) & bindingFlags.nat) !== 0, isNatted);
    await server.stop();
  });
}
