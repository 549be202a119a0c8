import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindError } from './bind-error.ts';
import { listenOn } from './testing/harness.ts';

describe('an address that cannot be bound: the sentence names it, the reason and the remedy', () => {
  for (const [systemCode, code, sentence] of [
    [
      'EADDRINUSE',
      'TRANSPORT_ADDRESS_IN_USE',
      /^udp:\[::1\]:5060 is in use by another program; .*--listen udp:\[::1\]:PORT/,
    ],
    ['EACCES', 'TRANSPORT_CANNOT_BIND', /^udp:\[::1\]:5060 may not be bound by this user; choose a port above 1023/],
    ['EADDRNOTAVAIL', 'TRANSPORT_CANNOT_BIND', /^::1 is not an address of this machine; listen on one of 192\.0\.2\.7/],
    [
      'EAFNOSUPPORT',
      'TRANSPORT_CANNOT_BIND',
      /address family that this machine does not have; listen on an IPv4 address/,
    ],
    ['EMFILE', 'TRANSPORT_CANNOT_BIND', /^udp:\[::1\]:5060 cannot be bound \(EMFILE\); check the address/],
  ] as const) {
    it(systemCode, () => {
      const cause = Object.assign(new Error('bind'), { code: systemCode });
      const [listen] = listenOn('udp:[::1]:5060');
      assert.ok(listen);
      const error = bindError(listen, cause, ['192.0.2.7']);
      assert.equal(error.code, code);
      assert.match(error.message, sentence);
      assert.equal(error.cause, cause);
    });
  }
});
