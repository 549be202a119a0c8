import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { BoundListener } from './bound-listener.ts';
import { chooseListener } from './choose-listener.ts';
import { parseListenAddress } from './listen-address.ts';
import { OwnAddresses } from './own-addresses.ts';

const machine = ['127.0.0.1', '192.0.2.7', '::1', '2001:db8::7'];

function listener(text: string): BoundListener {
  const listen = parseListenAddress(text);
  assert.ok(typeof listen !== 'string');
  return new BoundListener(listen, listen.port, machine);
}

describe('the listener that a request leaves by', () => {
  const loopback = listener('udp:127.0.0.1:5060');
  const wildcard = listener('udp:0.0.0.0:5070');
  const specific = listener('udp:192.0.2.7:5060');
  const loopbackTcp = listener('tcp:127.0.0.1:5060');
  const specificTcp = listener('tcp:192.0.2.7:5060');
  const v6 = listener('udp:[::1]:5060');
  const all = [loopback, wildcard, specific, loopbackTcp, specificTcp, v6];
  const far = { transport: 'udp', address: '198.51.100.1', port: 5060 } as const;
  const near = { transport: 'udp', address: '127.0.0.2', port: 5060 } as const;

  it('a specific one before a wildcard, and loopback only for loopback', () => {
    assert.equal(chooseListener(all, far), specific);
    assert.equal(chooseListener(all, near), loopback);
    assert.equal(chooseListener([loopback, wildcard], far), wildcard);
    assert.equal(chooseListener([specific, wildcard], near), wildcard);
    assert.equal(chooseListener([loopback], far), loopback);
  });

  it('the forced one when it fits', () => {
    assert.equal(chooseListener(all, far, wildcard), wildcard);
    assert.equal(chooseListener(all, far, loopback), loopback);
  });

  it('one on the address of the forced one when the hop needs another transport', () => {
    assert.equal(chooseListener(all, { ...far, transport: 'tcp' }, loopback), loopbackTcp);
  });

  it('none when nobody speaks the transport or the family of the hop', () => {
    assert.equal(chooseListener(all, { ...far, transport: 'tls' }), undefined);
    assert.equal(chooseListener(all, { transport: 'tcp', address: '::1', port: 5060 }), undefined);
    assert.equal(chooseListener(all, { transport: 'udp', address: '2001:db8::9', port: 5060 }), v6);
  });
});

describe('RFC 3261 §16.4: what is ours', () => {
  const clock = new FakeClock();
  let addresses = machine;
  const wildcard = listener('udp:0.0.0.0:5060');
  const named = listener('tcp:127.0.0.1:5070;advertise=sip.example.org:5060');
  const v6 = listener('udp:[2001:db8::7]:5060');
  const own = new OwnAddresses([wildcard, named, v6], clock, () => addresses);

  it('the bound addresses, however they are spelled', () => {
    assert.equal(own.find('[2001:DB8:0::7]', 5060, undefined), v6);
    assert.equal(own.find('2001:db8::7', undefined, 'udp'), v6);
    assert.equal(own.find('127.0.0.1', 5070, 'tcp'), named);
    assert.equal(own.find('2001:db8::8', 5060, undefined), undefined);
  });

  it('the advertised name, at the advertised port', () => {
    assert.equal(own.find('SIP.Example.org', 5060, undefined), named);
    assert.equal(own.find('sip.example.org.', undefined, undefined), named);
    assert.equal(own.find('sip.example.org', 5060, 'udp'), undefined);
    assert.equal(own.find('sip.example.org', 5080, undefined), undefined);
  });

  it('for a wildcard, every address of the machine of its family', () => {
    assert.equal(own.find('192.0.2.7', 5060, undefined), wildcard);
    assert.equal(own.find('127.0.0.1', 5060, 'udp'), wildcard);
    assert.equal(own.find('::1', 5060, undefined), undefined);
  });

  it('an address that the machine gains later, within ten seconds', () => {
    assert.equal(own.find('198.51.100.9', 5060, undefined), undefined);
    addresses = [...machine, '198.51.100.9'];
    clock.advance(10_000);
    assert.equal(own.find('198.51.100.9', 5060, undefined), wildcard);
  });

  it('a wildcard advertises an address, brackets around IPv6', () => {
    assert.equal(wildcard.advertisedHost, '192.0.2.7');
    assert.equal(listener('tcp:[::]:5060').advertisedHost, '[2001:db8::7]');
    assert.equal(String(wildcard), 'udp:0.0.0.0:5060');
    assert.equal(String(v6), 'udp:[2001:db8::7]:5060');
  });
});
