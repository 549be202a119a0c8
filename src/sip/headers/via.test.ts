import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSipError } from '../sip-error.ts';
import { parseVia, Via, viaField, viaLineBegin } from './via.ts';

function via(text: string): Via {
  const parsed = parseVia(text);
  assert(parsed instanceof Via, `${text}: ${JSON.stringify(parsed)}`);
  return parsed;
}

test('§20.42: protocol, transport, sent-by and branch are found', () => {
  const v = via('SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7;received=192.0.2.207');
  assert.deepEqual(
    [v.protocol, v.transport, v.host, v.port, v.branch, v.received, v.rport, v.maddr, v.ttl, v.fault],
    [
      'SIP/2.0',
      'UDP',
      'erlang.bell-telephone.com',
      5060,
      'z9hG4bK87asdks7',
      '192.0.2.207',
      ...Array(4).fill(undefined),
    ],
  );
});

test('§25.1: blanks may stand around "/", ":", ";" and "="', () => {
  const v = via('SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch = z9hG4bKa7c6a8dlze.1');
  assert.deepEqual([v.transport, v.host, v.port, v.ttl, v.maddr], ['UDP', 'first.example.com', 4000, 16, '224.2.0.1']);
  assert.equal(v.branch, 'z9hG4bKa7c6a8dlze.1');
  assert.equal(via('SIP  / 2.0  / TCP     spindle.example.com   ;  branch  =   z9hG4bK9ikj8').branch, 'z9hG4bK9ikj8');
  assert.equal(via('SIP/2.0/UDP a.example : 5061').port, 5061);
});

test('§20.42: the transport has no case, an unknown one is kept', () => {
  assert.equal(via('SIP/2.0/udp a').transport, 'UDP');
  assert.equal(via('SIP/2.0/ws a').transport, 'WS');
  assert.equal(via('SIP/2.0/TLS-SCTP a').transport, 'TLS-SCTP');
  assert.equal(via('SIP/2.0/UNKNOWN t5.example.com').transport, 'UNKNOWN');
});

test('RFC 4475 §3.1.2.16: a Via of another version is read, so that 505 finds its way', () => {
  const v = via('SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw');
  assert.deepEqual([v.protocol, v.host], ['SIP/7.0', 'c.example.com']);
});

test('RFC 3581 §3: rport is asked for by its bare name, and has a value in responses', () => {
  assert.equal(via('SIP/2.0/UDP a;rport').rport, 'empty');
  assert.equal(via('SIP/2.0/UDP a;rport=').rport, 'empty');
  assert.equal(via('SIP/2.0/UDP a;rport=9988').rport, 9988);
  assert.equal(via('SIP/2.0/UDP a;rport=0').rport, 'empty');
  assert.equal(via('SIP/2.0/UDP a;rport=65536').rport, 'empty');
  assert.equal(via('SIP/2.0/UDP a').rport, undefined);
});

test('RFC 5118 §4.5: an IPv6 host is read with and without brackets', () => {
  const v = via('SIP/2.0/UDP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=z9hG4bKas3');
  assert.deepEqual([v.host, v.port, v.received], ['[2001:db8::9:1]', 6050, '[2001:db8::9:255]']);
  const bare = via('SIP/2.0/UDP 2001:db8::9:1;received=2001:db8::9:255');
  assert.deepEqual([bare.host, bare.port, bare.received], ['2001:db8::9:1', undefined, '2001:db8::9:255']);
  assert.equal(via('SIP/2.0/UDP ::1').host, '::1');
});

test('a host that DNS would not have is read, because the reply goes to received', () => {
  assert.equal(via('SIP/2.0/UDP my_phone:5062;rport').host, 'my_phone');
  assert.equal(via('SIP/2.0/UDP my_phone:5062;rport').port, 5062);
  assert.equal(via('SIP/2.0/UDP 3f2a9b1c').host, '3f2a9b1c');
});

test('RFC 4475 §3.1.2.1: faulty parameters leave a Via that says where the 400 goes', () => {
  const v = via('SIP/2.0/UDP 192.0.2.15;;,');
  assert.equal(v.host, '192.0.2.15');
  assert.equal(v.fault?.code, 'SIP_BAD_PARAMETER');
  assert.equal(v.params.size, 0);
});

test('limits: a Via port is 0..65535, ttl is 0..255', () => {
  assert(isSipError(parseVia('SIP/2.0/UDP a:65536')));
  assert.equal(via('SIP/2.0/UDP a:65535').port, 65_535);
  assert.equal(via('SIP/2.0/UDP a;ttl=256').ttl, undefined);
  assert.equal(via('SIP/2.0/UDP a;ttl=x').ttl, undefined);
});

for (const text of [
  '',
  'SIP',
  'SIP/2.0',
  'SIP/2.0/',
  'SIP/2.0/UDP',
  'SIP/2.0/UDP ',
  'SIP/2.0 UDP a',
  '/2.0/UDP a',
  'SIP//UDP a',
  'SIP/2.0/UDP[::1]',
  'SIP/2.0/UDP ;branch=a',
  'SIP/2.0/UDP [::1',
  'SIP/2.0/UDP [zz]',
  'SIP/2.0/UDP a:',
  'SIP/2.0/UDP a:b',
  'SIP/2.0/UDP <a>',
]) {
  test(`§20.42: ${JSON.stringify(text)} is no Via`, () => {
    const error = parseVia(text);
    assert(isSipError(error));
    assert.equal(error.code, 'SIP_BAD_VIA');
  });
}

test('§18.2.1: the source address is added as received', () => {
  assert.equal(
    via('SIP/2.0/UDP a;branch=z9hG4bK1').withSource('192.0.2.1', undefined),
    'SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.1',
  );
});

test('RFC 3581 §4: the source port replaces an empty rport, and what the peer claimed is replaced', () => {
  assert.equal(
    via('SIP/2.0/UDP a ;rport ;branch=z9hG4bK1').withSource('192.0.2.1', 9988),
    'SIP/2.0/UDP a;rport=9988;branch=z9hG4bK1;received=192.0.2.1',
  );
  assert.equal(
    via('SIP/2.0/UDP a;received=6.6.6.6;rport=1;RPORT=2;x="y z"').withSource('::1', 7),
    'SIP/2.0/UDP a;rport=7;x="y z";received=::1',
  );
  assert.equal(via('SIP/2.0/UDP a').withSource('192.0.2.1', 7), 'SIP/2.0/UDP a;received=192.0.2.1;rport=7');
  assert.equal(
    via('SIP/2.0/UDP a;received=6.6.6.6;rport').withSource('192.0.2.1', undefined),
    'SIP/2.0/UDP a;rport;received=192.0.2.1',
  );
});

test('§18.1.1, RFC 3581 §3: a Via of ours has sent-by and branch, and asks for the source port', () => {
  const begin = viaLineBegin({ transport: 'TCP', host: '[::1]', port: 5062 });
  const field = viaField(begin, 'z9hG4bKx');
  assert.equal(field.value, 'SIP/2.0/TCP [::1]:5062;branch=z9hG4bKx;rport');
  assert.equal(field.line, 'Via: SIP/2.0/TCP [::1]:5062;branch=z9hG4bKx;rport\r\n');
  assert.equal(field.name, 'via');
  const named = viaField(viaLineBegin({ transport: 'UDP', host: 'a.example\r\n' }), 'z9hG4bKy');
  assert.equal(named.value, 'SIP/2.0/UDP a.example  ;branch=z9hG4bKy;rport');
});

test('property: no text makes parseVia throw', () => {
  const near = fc.stringMatching(/^SIP ?\/ ?2\.0\/UDP [a1.:[\]; =?"\\,_]{0,30}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      const v = parseVia(text);
      if (!isSipError(v)) assert(v.host.length > 0 && v.text === text);
    }),
    { numRuns: 2000 },
  );
});
