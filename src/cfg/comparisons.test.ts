import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BenchRequest } from './testing/cfg-bench.ts';
import { EngineBench } from './testing/engine-bench.ts';

/** A condition, and whether it holds for the request. */
type Row = readonly [condition: string, holds: boolean];

const invite = { method: 'INVITE', uri: 'sip:bob@example.org' };

function table(title: string, rows: readonly Row[], request: BenchRequest = invite, head = ''): void {
  for (const [condition, holds] of rows) {
    test(`${title}: ${condition} is ${holds}`, async () => {
      const engine = new EngineBench(`${head}\nroute { if (${condition}) { trace("yes"); } else { trace("no"); } }`);
      assert.deepEqual((await engine.run(request)).trace, [holds ? 'yes' : 'no']);
    });
  }
}

table('cfg-language §7.3: method, in any case, quoted or not', [
  ['method=="INVITE"', true],
  ['method==INVITE', true],
  ['method=="invite"', true],
  ['method=="INVIT"', false],
  ['method!="BYE"', true],
  ['!method=="INVITE"', false],
  ['method=~"^(INVITE|BYE)$"', true],
  ['method=~"bye|inv"', true],
]);

table('cfg-language §7.3: uri is the whole current Request-URI', [
  ['uri=="sip:bob@example.org"', true],
  ['uri=="SIP:BOB@EXAMPLE.ORG"', true],
  ['uri=="sip:bob"', false],
  ['uri=~"^sip:[a-z]+@"', true],
  ['uri=~"@EXAMPLE\\.org$"', true],
  ['uri=~"[[:digit:]]"', false],
  ['status=="sip:bob@example.org"', true],
  ['seturi("sip:carol@example.org") && uri=="sip:carol@example.org"', true],
]);

table('cfg-language §7.3: from_uri and to_uri are the URIs inside', [
  ['from_uri=~"^sip:"', true],
  ['to_uri=~"^sip:"', true],
  ['from_uri=="sip:nobody@nowhere"', false],
]);

table('cfg-language §7.3: addresses, networks and ports of the packet', [
  ['src_ip==192.0.2.50', true],
  ['src_ip==192.0.2.51', false],
  ['src_ip!=192.0.2.51', true],
  ['src_ip=="192.0.2.50"', true],
  ['src_ip==192.0.2.0/24', true],
  ['src_ip==192.0.2.0/255.255.255.0', true],
  ['src_ip==10.0.0.0/8', false],
  ['src_ip!=10.0.0.0/8', true],
  ['src_ip==0.0.0.0/0', true],
  ['src_ip==2001:db8::/32', false],
  ['dst_ip==192.0.2.1', true],
  ['src_port==5060', true],
  ['src_port>=5061', false],
  ['dst_port<5061', true],
  ['src_ip=~"^192\\."', true],
  ['proto==UDP', true],
  ['proto=="tcp"', false],
  ['af==INET', true],
  ['af==INET6', false],
  ['msg:len>100', true],
  ['msg:len>=max_len', false],
]);

table('cfg-language §7.3: myself is a listener or an alias, and no port means 5060', [
  ['uri==myself', true],
  ['uri!=myself', false],
  ['!uri==myself', false],
  ['myself==uri', true],
  ['seturi("sip:bob@192.0.2.1") && uri==myself', true],
  ['seturi("sip:bob@192.0.2.1:5060") && uri==myself', true],
  ['seturi("sip:bob@192.0.2.1:5080") && uri==myself', false],
  ['seturi("sip:bob@example.com") && uri==myself', false],
  ['seturi("tel:+49") && uri==myself', false],
  ['seturi("no uri") && !uri==myself', true],
  ['src_ip==myself', false],
  ['dst_ip==myself', true],
]);

table(
  'cfg-language §4: an alias with a port is myself on that port only',
  [
    ['seturi("sip:bob@pbx.example.net:5070") && uri==myself', true],
    ['seturi("sip:bob@PBX.example.net:5070") && uri==myself', true],
    ['seturi("sip:bob@pbx.example.net") && uri==myself', false],
  ],
  invite,
  'alias=pbx.example.net:5070',
);

table('cfg-language §7.2: a number is true unless it is 0, a text unless it is empty', [
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
  ['$rU', true],
  ['$avp(none)', false],
  ['$null', false],
]);

table('values compare by number where both are numbers, as texts in any case otherwise', [
  ['$rU == "bob"', true],
  ['$rU == "BOB"', true],
  ['$rU != "bob"', false],
  ['$avp(none) == $null', true],
  ['$avp(none) != $null', false],
  ['$rU == $null', false],
  ['$rU != NULL', true],
  ['$rU =~ "^b.b$"', true],
  ['$rU !~ "^b.b$"', false],
  ['$avp(none) =~ "."', false],
  ['$avp(none) < 3', false],
  ['!($avp(none) < 3)', false],
  ['"10" > 9', true],
  ['"10" == 10', true],
  ['"abc" == 0', false],
  ['"abc" < "abd"', true],
  ['1 + 2 == 3', true],
  ['(1 + 2) * 3 == 9', true],
  ['7 / 2 == 3', true],
  ['7 % 4 == 3', true],
  ['"a" + "b" == "ab"', true],
  ['"a" + 1 == "a1"', true],
  ['1 + "2" == 3', true],
  ['"a" . 1 == "a1"', true],
  ['-3 < 0', true],
  ['~0 == -1', true],
]);

table(
  'Kamailio compares texts by their letters',
  [
    ['$rU == "bob"', true],
    ['$rU == "BOB"', false],
    ['method == "invite"', true],
    ['(str)5 == "5"', true],
    ['(int)"5" == 5', true],
    ['defined $avp(none)', false],
    ['defined $rU', true],
    ['6 & 3', true],
    ['6 & 1', false],
    ['1 << 3 == 8', true],
  ],
  invite,
  '#!KAMAILIO\n',
);
