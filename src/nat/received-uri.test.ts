import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSipError } from '../sip/sip-error.ts';
import { parseUri } from '../sip/uri.ts';
import { receivedUri } from './received-uri.ts';
import type { Source } from './source.ts';

const table: readonly (readonly [Source, string])[] = [
  [{ transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 40000 }, 'sip:198.51.100.7:40000'],
  [{ transport: 'udp', remoteAddress: '198.51.100.7', remotePort: 5060 }, 'sip:198.51.100.7:5060'],
  [{ transport: 'tcp', remoteAddress: '198.51.100.7', remotePort: 40000 }, 'sip:198.51.100.7:40000;transport=TCP'],
  [{ transport: 'tls', remoteAddress: '198.51.100.7', remotePort: 40000 }, 'sip:198.51.100.7:40000;transport=TLS'],
  [{ transport: 'udp', remoteAddress: '2001:db8::7', remotePort: 40000 }, 'sip:[2001:db8::7]:40000'],
  [{ transport: 'tcp', remoteAddress: '2001:db8::7', remotePort: 40000 }, 'sip:[2001:db8::7]:40000;transport=TCP'],
];

for (const [source, expected] of table) {
  test(`fix_nated_register: a request over ${source.transport} from ${source.remoteAddress} gives ${expected}`, () => {
    const uri = receivedUri(source);
    assert.equal(uri, expected);
    assert.ok(!isSipError(parseUri(uri)));
  });
}
