import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripOwnMaddr } from './own-maddr.ts';
import { ProxyBench, request } from './testing/proxy-bench.ts';

function strip(uri: string, transport: 'udp' | 'tcp' = 'udp') {
  const bench = new ProxyBench();
  const flow = bench.openFlow({ transport, address: '192.0.2.50', port: 5060 });
  const message = request({ uri });
  const stripped = stripOwnMaddr(message, flow, (host, port) => bench.isOurs(host, port));
  return { stripped, uri: message.uriText };
}

test('§16.4: a maddr of ours is removed, the rest of the URI stays', () => {
  assert.deepEqual(strip('sip:bob@example.org;maddr=192.0.2.1;x=y'), {
    stripped: true,
    uri: 'sip:bob@example.org;x=y',
  });
});

test('§16.4: port and transport that the request came by are removed with it', () => {
  assert.deepEqual(strip('sip:bob:pw@example.org:5060;transport=TCP;maddr=192.0.2.1?Subject=x', 'tcp'), {
    stripped: true,
    uri: 'sip:bob:pw@example.org?Subject=x',
  });
});

test('§16.4: a maddr of ours for another transport or port stays', () => {
  for (const uri of ['sip:bob@example.org;transport=tcp;maddr=192.0.2.1', 'sip:bob@example.org:5070;maddr=192.0.2.1']) {
    assert.deepEqual(strip(uri), { stripped: false, uri });
  }
});

test('§16.4: a maddr of somebody else stays', () => {
  const uri = 'sip:bob@example.org;maddr=192.0.2.9';
  assert.deepEqual(strip(uri), { stripped: false, uri });
});

test('a URI without maddr, and one that is no SIP URI, stay', () => {
  assert.equal(strip('sip:bob@example.org').stripped, false);
  assert.equal(strip('tel:+15551234').stripped, false);
});
