import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseListenAddress } from './listen-address.ts';

const plain = { advertisedHost: undefined, advertisedPort: undefined };

describe('listen addresses', () => {
  const good = [
    ['udp:127.0.0.1:5060', { transport: 'udp', address: '127.0.0.1', port: 5060, ...plain }],
    ['tcp:[::1]:5070', { transport: 'tcp', address: '::1', port: 5070, ...plain }],
    ['UDP:[2001:DB8:0::1]:0', { transport: 'udp', address: '2001:db8::1', port: 0, ...plain }],
    ['udp:0.0.0.0', { transport: 'udp', address: '0.0.0.0', port: 5060, ...plain }],
    ['tls:127.0.0.1', { transport: 'tls', address: '127.0.0.1', port: 5061, ...plain }],
    ['udp:*:5080', { transport: 'udp', address: '0.0.0.0', port: 5080, ...plain }],
    [
      'udp:0.0.0.0:5060;advertise=SIP.example.org',
      {
        transport: 'udp',
        address: '0.0.0.0',
        port: 5060,
        advertisedHost: 'sip.example.org',
        advertisedPort: undefined,
      },
    ],
    [
      'tcp:[::]:5060;advertise=[2001:db8::5]:15060',
      { transport: 'tcp', address: '::', port: 5060, advertisedHost: '[2001:db8::5]', advertisedPort: 15060 },
    ],
  ] as const;
  for (const [text, expected] of good) {
    it(`"${text}" is taken apart`, () => assert.deepEqual(parseListenAddress(text), expected));
  }

  const bad = [
    ['', /does not begin with a transport/],
    ['127.0.0.1:5060', /does not begin with a transport/],
    ['sctp:127.0.0.1:5060', /does not begin with a transport/],
    ['udp:', /address is missing/],
    ['udp::5060', /address is missing/],
    ['udp:[]:5060', /address is missing/],
    ['udp:example.org:5060', /not an IP address.*;advertise=example\.org/],
    ['udp:::1:5060', /IPv6 address stands in brackets/],
    ['udp:[::1:5060', /brackets do not match/],
    ['udp:::1]:5060', /brackets do not match/],
    ['udp:[::1]x:5060', /after the bracket/],
    ['udp:127.0.0.1:65536', /not a port/],
    ['udp:127.0.0.1:-1', /not a port/],
    ['udp:127.0.0.1:5060x', /not a port/],
    ['udp:127.0.0.1:', /not a port/],
    ['udp:127.0.0.1:5060;name=x', /unknown option/],
    ['udp:127.0.0.1:5060;advertise', /unknown option/],
    ['udp:127.0.0.1:5060;advertise=', /advertise: the address is missing/],
    ['udp:127.0.0.1:5060;advertise=0.0.0.0', /neither a host name nor an address that others can reach/],
    ['udp:127.0.0.1:5060;advertise=sip host', /neither a host name/],
    ['udp:127.0.0.1:5060;advertise=sip.example.org:0', /port 0 reaches nobody/],
  ] as const;
  for (const [text, problem] of bad) {
    it(`"${text}" is refused with a sentence that names it and what to write instead`, () => {
      const result = parseListenAddress(text);
      assert.ok(typeof result === 'string');
      assert.ok(result.startsWith(`listen address "${text}"`));
      assert.match(result, problem);
    });
  }
});
