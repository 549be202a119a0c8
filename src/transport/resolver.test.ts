import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { isPromise } from '../base/maybe-promise.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, type SipUri } from '../sip/uri.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import { type DnsAnswer, type DnsClient, type DnsRecords, type DnsType, NodeDnsClient } from './dns-client.ts';
import type { Hop, TransportName } from './flow.ts';
import { Resolver, type ResolverParts } from './resolver.ts';
import { TestDnsServer, type Zone } from './testing/dns-server.ts';

const all: ReadonlySet<TransportName> = new Set(['udp', 'tcp', 'tls'] as const);

/** The same zone as the DNS server's, in memory, with the number of questions. */
class MemoryDns implements DnsClient {
  readonly zone: Zone;
  readonly questions: string[] = [];

  constructor(zone: Zone) {
    this.zone = zone;
  }

  query<T extends DnsType>(type: T, name: string): Promise<DnsAnswer<DnsRecords[T]>> {
    this.questions.push(`${type} ${name}`);
    const entry = this.zone[name.toLowerCase()];
    const records = (entry?.[type] ?? []) as readonly DnsRecords[T][];
    const status = entry?.broken ? 'failed' : records.length > 0 ? 'found' : 'none';
    return Promise.resolve({ status, records, ttlSeconds: entry?.ttl });
  }
}

function uri(text: string): SipUri {
  const parsed = parseUri(text);
  assert.ok(!isSipError(parsed) && isSipUri(parsed), text);
  return parsed;
}

function text(result: readonly Hop[] | SipError): string {
  if (isSipError(result)) return `${result.code} ${result.statusHint}`;
  return result.map(({ transport, address, port }) => `${transport} ${address} ${port}`).join(', ');
}

function srv(target: string, port: number, priority = 0): DnsRecords['srv'] {
  return { target, port, priority, weight: 0 };
}

function naptr(
  order: number,
  preference: number,
  service: string,
  replacement: string,
  flags = 's',
): DnsRecords['naptr'] {
  return { order, preference, service, replacement, flags, regexp: '' };
}

const zone: Zone = {
  'plain.test': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8::1'] },
  'four.test': { a: ['192.0.2.4'] },
  'naptr.test': {
    naptr: [
      naptr(50, 100, 'SIP+D2U', '_sip._udp.naptr.test'),
      naptr(50, 50, 'SIPS+D2T', '_sips._tcp.naptr.test'),
      naptr(50, 90, 'SIP+D2T', '_sip._tcp.naptr.test'),
      naptr(10, 1, 'SIP+D2S', '_sip._sctp.naptr.test'),
      naptr(20, 1, 'E2U+sip', ''),
      naptr(90, 1, 'SIP+D2U', '_sip._udp.later.test'),
    ],
    a: ['192.0.2.99'],
  },
  '_sips._tcp.naptr.test': { srv: [srv('four.test', 5061)] },
  '_sip._tcp.naptr.test': { srv: [srv('four.test', 5070, 2), srv('plain.test', 5071, 1)] },
  '_sip._udp.naptr.test': { srv: [srv('four.test', 5062)] },
  'srv.test': { a: ['192.0.2.98'] },
  '_sip._tcp.srv.test': { srv: [srv('four.test', 5080)] },
  '_sips._tcp.srv.test': { srv: [srv('four.test', 5081)] },
  'closed.test': { a: ['192.0.2.97'] },
  '_sip._udp.closed.test': { srv: [srv('.', 5060)] },
  'partial.test': { naptr: [naptr(1, 1, 'SIP+D2U', 'x.test', 'u')], a: ['192.0.2.96'] },
  'broken.test': { broken: true },
};

const cases = [
  ['§4.1, §4.2: an IPv4 address means UDP and 5060', 'sip:a@192.0.2.9', 'udp 192.0.2.9 5060'],
  ['§4.2: an IP address and a port', 'sip:a@192.0.2.9:5090', 'udp 192.0.2.9 5090'],
  ['§4.2: an IPv6 address, in its canonical spelling', 'sip:a@[2001:DB8:0::9]', 'udp 2001:db8::9 5060'],
  ['§4.1: the transport of the URI counts', 'sip:a@192.0.2.9;transport=TCP', 'tcp 192.0.2.9 5060'],
  ['§4.1: sips with an IP address means TLS and 5061', 'sips:a@192.0.2.9', 'tls 192.0.2.9 5061'],
  ['§4.1: sips over TCP is TLS', 'sips:a@192.0.2.9;transport=tcp', 'tls 192.0.2.9 5061'],
  ['§4: maddr is the target when there is one', 'sip:a@plain.test;maddr=192.0.2.50', 'udp 192.0.2.50 5060'],
  ['§4: maddr may be a name', 'sip:a@192.0.2.9;maddr=four.test', 'udp 192.0.2.4 5060'],
  [
    '§4.2, RFC 7984 §4: a name and a port mean addresses of both families, no SRV',
    'sip:a@plain.test:5090',
    'udp 2001:db8::1 5090, udp 192.0.2.1 5090, udp 192.0.2.2 5090',
  ],
  ['§4.2: sips, a name and a port mean TLS', 'sips:a@four.test:5090', 'tls 192.0.2.4 5090'],
  [
    '§4.1: NAPTR chooses the transport; the unsupported are passed over, a higher order is not looked at',
    'sip:a@naptr.test',
    'tls 192.0.2.4 5061, tcp 2001:db8::1 5071, tcp 192.0.2.1 5071, tcp 192.0.2.2 5071, tcp 192.0.2.4 5070, udp 192.0.2.4 5062',
  ],
  ['§4.1: sips takes only the SIPS services of NAPTR', 'sips:a@naptr.test', 'tls 192.0.2.4 5061'],
  ['§4.1: without NAPTR, SRV by every transport', 'sip:a@srv.test', 'tcp 192.0.2.4 5080'],
  ['§4.1: without NAPTR, _sips for sips', 'sips:a@srv.test', 'tls 192.0.2.4 5081'],
  ['§4.2: a transport in the URI means its SRV, without NAPTR', 'sip:a@naptr.test;transport=udp', 'udp 192.0.2.4 5062'],
  ['§4.2: transport=tls asks for _sips._tcp', 'sip:a@srv.test;transport=tls', 'tls 192.0.2.4 5081'],
  ['§4.2: without SRV, addresses and the default port', 'sip:a@four.test', 'udp 192.0.2.4 5060'],
  ['§4.2: the same by the transport of the URI', 'sip:a@four.test;transport=tcp', 'tcp 192.0.2.4 5060'],
  ['§4.2: the same for sips', 'sips:a@four.test', 'tls 192.0.2.4 5061'],
  ['names compare without case', 'sip:a@FOUR.test', 'udp 192.0.2.4 5060'],
  ['RFC 2782: a target of "." means that there is no such service', 'sip:a@closed.test', 'SIP_BAD_HOST 404'],
  ['§4.1: a NAPTR record that does not lead to SRV is passed over', 'sip:a@partial.test', 'udp 192.0.2.96 5060'],
  ['a name that does not exist has status 404', 'sip:a@nowhere.test', 'SIP_BAD_HOST 404'],
  ['a DNS that fails has status 503', 'sip:a@broken.test', 'SIP_BAD_HOST 503'],
  ['a transport that is not spoken is refused', 'sip:a@192.0.2.9;transport=sctp', 'SIP_BAD_PARAMETER 503'],
  ['RFC 3261 §26.2.2: sips cannot go by UDP', 'sips:a@192.0.2.9;transport=udp', 'SIP_BAD_PARAMETER 503'],
] as const;

for (const kind of ['in memory', 'asked by UDP'] as const) {
  describe(`RFC 3263 with a DNS ${kind}`, async () => {
    const server = kind === 'asked by UDP' ? await TestDnsServer.start(zone) : undefined;
    const dns = server
      ? new NodeDnsClient({ servers: [server.address], systemNames: false, timeoutMs: 5_000 })
      : new MemoryDns(zone);
    const resolver = new Resolver({ dns, clock: new FakeClock(), random: new FakeRandom(), transports: all });
    after(() => server?.stop());
    for (const [title, from, expected] of cases) {
      it(title, async () => assert.equal(text(await resolver.resolve(uri(from))), expected));
    }
    for (const [title, from, expected] of cases) {
      it(`a second time it is known at once: ${title}`, () => {
        const result = resolver.resolve(uri(from));
        assert.ok(!isPromise(result));
        assert.equal(text(result), expected);
      });
    }
  });
}

describe('RFC 3263 §5: the sent-by of a reply', () => {
  const resolver = make(new MemoryDns(zone));
  it('an IP address, a name with a port, a name with SRV', async () => {
    assert.equal(text(await resolver.resolveSentBy('192.0.2.9', undefined, 'tcp')), 'tcp 192.0.2.9 5060');
    assert.equal(text(await resolver.resolveSentBy('four.test', 5099, 'tcp')), 'tcp 192.0.2.4 5099');
    assert.equal(text(await resolver.resolveSentBy('srv.test', undefined, 'tcp')), 'tcp 192.0.2.4 5080');
  });
});

describe('what is chosen from', () => {
  it('only the transports that there are listeners for', async () => {
    const resolver = make(new MemoryDns(zone), { transports: new Set(['udp'] as const) });
    assert.equal(text(await resolver.resolve(uri('sip:a@naptr.test'))), 'udp 192.0.2.4 5062');
    assert.equal(text(await resolver.resolve(uri('sips:a@naptr.test'))), 'SIP_UNSUPPORTED_SCHEME 416');
    assert.equal(text(await resolver.resolve(uri('sip:a@192.0.2.9;transport=tcp'))), 'SIP_BAD_PARAMETER 503');
  });

  it('only the address families that there are listeners for', async () => {
    const resolver = make(new MemoryDns(zone), { families: [4] });
    assert.equal(text(await resolver.resolve(uri('sip:a@plain.test:5060'))), 'udp 192.0.2.1 5060, udp 192.0.2.2 5060');
  });

  it('at most 16 records of an answer and 32 hops, whatever a stranger publishes', async () => {
    const addresses = Array.from({ length: 60 }, (_, index) => `192.0.2.${index + 1}`);
    const big: Zone = {
      '_sip._udp.big.test': { srv: Array.from({ length: 60 }, (_, index) => srv(`h${index}.big.test`, 5060, index)) },
      ...Object.fromEntries(addresses.map((_, index) => [`h${index}.big.test`, { a: addresses.slice(index) }])),
    };
    const dns = new MemoryDns(big);
    const result = await make(dns).resolve(uri('sip:a@big.test;transport=udp'));
    assert.ok(!isSipError(result));
    assert.equal(result.length, 31);
    assert.equal(dns.questions.filter((question) => question.startsWith('a ')).length, 16);
  });
});

describe('the DNS cache', () => {
  it('answers until the TTL is over, then asks again', async () => {
    const dns = new MemoryDns({ 'ttl.test': { a: ['192.0.2.1'], aaaa: ['2001:db8::1'], ttl: 20 } });
    const clock = new FakeClock();
    const resolver = make(dns, { clock });
    await resolver.resolve(uri('sip:a@ttl.test:5060'));
    clock.advance(19_999);
    assert.ok(!isPromise(resolver.resolve(uri('sip:a@ttl.test:5060'))));
    clock.advance(1);
    assert.equal(text(await resolver.resolve(uri('sip:a@ttl.test:5060'))), 'udp 2001:db8::1 5060, udp 192.0.2.1 5060');
    assert.deepEqual(dns.questions, ['aaaa ttl.test', 'a ttl.test', 'aaaa ttl.test', 'a ttl.test']);
  });

  it('RFC 2308: keeps that a name does not exist, 30 seconds', async () => {
    const dns = new MemoryDns({});
    const clock = new FakeClock();
    const resolver = make(dns, { clock });
    await resolver.resolve(uri('sip:a@none.test:5060'));
    clock.advance(29_999);
    assert.ok(!isPromise(resolver.resolve(uri('sip:a@none.test:5060'))));
    clock.advance(1);
    assert.ok(isPromise(resolver.resolve(uri('sip:a@none.test:5060'))));
  });

  it('RFC 8767: an answer that has expired stands in while the DNS fails, for an hour', async () => {
    const zone: Zone = { 'stale.test': { a: ['192.0.2.1'], ttl: 10 } };
    const dns = new MemoryDns(zone);
    const clock = new FakeClock();
    const resolver = make(dns, { clock, families: [4] });
    await resolver.resolve(uri('sip:a@stale.test:5060'));
    zone['stale.test'] = { broken: true };
    clock.advance(600_000);
    assert.equal(text(await resolver.resolve(uri('sip:a@stale.test:5060'))), 'udp 192.0.2.1 5060');
    clock.advance(3_599_000);
    await resolver.resolve(uri('sip:a@stale.test:5060'));
    clock.advance(3_600_000);
    assert.equal(text(await resolver.resolve(uri('sip:a@stale.test:5060'))), 'SIP_BAD_HOST 503');
  });

  it('asks an equal question that is under way only once', async () => {
    const dns = new MemoryDns({ 'one.test': { a: ['192.0.2.1'] } });
    const resolver = make(dns, { families: [4] });
    const results = await Promise.all(Array.from({ length: 100 }, () => resolver.resolve(uri('sip:a@one.test:5060'))));
    assert.equal(new Set(results.map((result) => text(result))).size, 1);
    assert.deepEqual(dns.questions, ['a one.test']);
  });

  it('keeps no more than its limit, the least recently used goes first', async () => {
    const dns = new MemoryDns({});
    const resolver = make(dns, { families: [4], cache: { maxEntries: 2 } });
    for (const host of ['a', 'b', 'a', 'c', 'a', 'b']) await resolver.resolve(uri(`sip:${host}.test:5060`));
    assert.deepEqual(dns.questions, ['a a.test', 'a b.test', 'a c.test', 'a b.test']);
  });

  it('has no more questions under way than its limit; what comes beyond fails at once', async () => {
    const dns = new MemoryDns({ 'a.test': { a: ['192.0.2.1'] }, 'b.test': { a: ['192.0.2.2'] } });
    const resolver = make(dns, { families: [4], cache: { maxPendingQueries: 1 } });
    const [first, second] = await Promise.all([
      resolver.resolve(uri('sip:a.test:1')),
      resolver.resolve(uri('sip:b.test:1')),
    ]);
    assert.equal(text(first), 'udp 192.0.2.1 1');
    assert.equal(text(second), 'SIP_BAD_HOST 503');
    assert.equal(text(await resolver.resolve(uri('sip:b.test:1'))), 'udp 192.0.2.2 1');
  });
});

describe('the DNS of node', () => {
  it('RFC 6761 §6.3: localhost is this machine, without a question', async () => {
    const server = await TestDnsServer.start({});
    const dns = new NodeDnsClient({ servers: [server.address] });
    assert.deepEqual((await dns.query('a', 'localhost')).records, ['127.0.0.1']);
    assert.deepEqual((await dns.query('aaaa', 'LOCALHOST')).records, ['::1']);
    assert.equal((await dns.query('naptr', 'localhost')).status, 'none');
    assert.deepEqual(server.questions, []);
    await server.stop();
  });

  it('tells the TTL of addresses, and that it does not know the one of SRV', async () => {
    const server = await TestDnsServer.start({ 'x.test': { a: ['192.0.2.1'], srv: [srv('y.test', 1)], ttl: 77 } });
    const dns = new NodeDnsClient({ servers: [server.address], systemNames: false });
    assert.deepEqual(await dns.query('a', 'x.test'), { status: 'found', records: ['192.0.2.1'], ttlSeconds: 77 });
    assert.deepEqual(await dns.query('srv', 'x.test'), {
      status: 'found',
      records: [srv('y.test', 1)],
      ttlSeconds: undefined,
    });
    assert.equal((await dns.query('aaaa', 'x.test')).status, 'none');
    assert.equal((await dns.query('a', 'no.test')).status, 'none');
    await server.stop();
  });

  it('names that the DNS does not have are looked up as any program does, such as in /etc/hosts', async (test) => {
    const hosts = await readFile('/etc/hosts', 'latin1').catch(() => '');
    const [, address, name] = /^(\d+\.\d+\.\d+\.\d+)[ \t]+(?!localhost)(\S+)/m.exec(hosts) ?? [];
    if (!address || !name) return test.skip('/etc/hosts has no IPv4 name besides localhost');
    const server = await TestDnsServer.start({});
    const answers = await new NodeDnsClient({ servers: [server.address] }).query('a', name);
    assert.ok(answers.records.includes(address));
    const without = await new NodeDnsClient({ servers: [server.address], systemNames: false }).query('a', name);
    assert.equal(without.status, 'none');
    await server.stop();
  });

  it('a server that does not answer is a failure, not an exception', async () => {
    const server = await TestDnsServer.start({});
    const { address } = server;
    await server.stop();
    const dns = new NodeDnsClient({ servers: [address], systemNames: false, timeoutMs: 50, tries: 1 });
    assert.equal((await dns.query('a', 'x.test')).status, 'failed');
  });
});

function make(dns: DnsClient, parts: Partial<ResolverParts> = {}): Resolver {
  return new Resolver({ dns, clock: new FakeClock(), random: new FakeRandom(), transports: all, ...parts });
}
