import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { datagramReplyHop, streamReplyHops } from './reply-route.ts';
import { via } from './testing/harness.ts';

describe('where replies go', () => {
  const udp = { transport: 'udp', remoteAddress: '192.0.2.9', remotePort: 40_001 } as const;
  const tcp = { transport: 'tcp', remoteAddress: '192.0.2.9', remotePort: 40_001 } as const;

  for (const [title, text, address, port] of [
    [
      '§18.2.2: to the source address at the port of the sent-by',
      'SIP/2.0/UDP phone.example:5070;received=192.0.2.9',
      '192.0.2.9',
      5070,
    ],
    [
      '§18.2.2: at 5060 when the sent-by has no port',
      'SIP/2.0/UDP phone.example;received=192.0.2.9',
      '192.0.2.9',
      5060,
    ],
    [
      'RFC 3581 §4: at the source port when rport is there',
      'SIP/2.0/UDP 10.0.0.1:5070;rport=40001;received=192.0.2.9',
      '192.0.2.9',
      40_001,
    ],
    ['RFC 3581 §4: also when rport has no value yet', 'SIP/2.0/UDP 10.0.0.1:5070;rport', '192.0.2.9', 40_001],
    [
      '§18.2.2: maddr is not followed, whatever it names',
      'SIP/2.0/UDP a.example:5070;maddr=203.0.113.1;rport',
      '192.0.2.9',
      40_001,
    ],
    [
      '§18.2.1: a received that the client wrote itself sends nothing elsewhere',
      'SIP/2.0/UDP a.example;received=203.0.113.1',
      '192.0.2.9',
      5060,
    ],
  ] as const) {
    it(title, () => assert.deepEqual(datagramReplyHop(udp, via(text)), { transport: 'udp', address, port }));
  }

  it('§18.2.2: without its connection to the source at the port of the sent-by, whatever rport says', () => {
    assert.deepEqual(streamReplyHops(tcp, via('SIP/2.0/TCP 192.0.2.9:5070;rport=40001')), [
      { transport: 'tcp', address: '192.0.2.9', port: 5070 },
    ]);
  });

  it('§18.2.2: then to the sent-by itself when it is another address', () => {
    assert.deepEqual(streamReplyHops(tcp, via('SIP/2.0/TCP [2001:DB8::1]')), [
      { transport: 'tcp', address: '192.0.2.9', port: 5060 },
      { transport: 'tcp', address: '2001:db8::1', port: 5060 },
    ]);
  });
});
