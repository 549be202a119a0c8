import type { Random } from '../base/random.ts';
import type { DnsAnswer, DnsRecords, DnsType, NaptrRecord } from './dns-client.ts';
import { defaultPort, type Hop, type TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';
import { orderSrvRecords } from './srv-order.ts';

/** How many records of one answer are used, and how many hops come of them: the DNS of a stranger is input too. */
const hopLimits = { maxRecords: 16, maxHops: 32 } as const;

/** Where a request is to go, as RFC 3263 §4 reads it from a URI. */
export interface HopTarget {
  /** A host name; an IP address needs no DNS. */
  readonly host: string;
  readonly port: number | undefined;
  /** As the URI asks for, or undefined to let the DNS choose. */
  readonly transport: TransportName | undefined;
  /** Whether only TLS will do (sips). */
  readonly secure: boolean;
}

/** What decides which hops are of use. */
export interface HopChoice {
  readonly transports: ReadonlySet<TransportName>;
  /** The address families that can be reached, the preferred one first. */
  readonly families: readonly (4 | 6)[];
  readonly random: Random;
}

/** What is known of the DNS; undefined stands for a question that has to be asked first. */
export interface DnsView {
  answer<T extends DnsType>(type: T, name: string): DnsAnswer<DnsRecords[T]> | undefined;
}

/** One service that a domain offers: SRV records at a name, by a transport. */
interface Service {
  readonly transport: TransportName;
  readonly srvName: string;
}

const naptrServices: Readonly<Record<string, TransportName>> = {
  'SIP+D2U': 'udp',
  'SIP+D2T': 'tcp',
  'SIPS+D2T': 'tls',
  'SIP+D2W': 'ws',
  'SIPS+D2W': 'wss',
};

/**
 * RFC 3263 §4.1 and §4.2 as one pure pass over what is known: the hops in the order of failover (§4.3). When the
 * view lacks an answer the result is incomplete; ask, and run the pass again.
 */
export function nextHops(target: HopTarget, choice: HopChoice, dns: DnsView): readonly Hop[] {
  const { host, port, transport, secure } = target;
  const plain = secure ? 'tls' : 'udp';
  // §4.2: an explicit port means addresses, without SRV; §4.1: and UDP, or TLS for sips, unless the URI says otherwise.
  if (port !== undefined) return addressHops(host, port, transport ?? plain, choice, dns);
  const services = transport === undefined ? offeredServices(host, secure, choice, dns) : namedService(host, transport);
  if (services === undefined) return [];
  let settled = true;
  let anySrv = false;
  const hops: Hop[] = [];
  for (const { transport: by, srvName } of services) {
    const srv = dns.answer('srv', srvName);
    if (srv === undefined) settled = false;
    if (srv?.status !== 'found') continue;
    anySrv = true;
    for (const record of orderSrvRecords(srv.records.slice(0, hopLimits.maxRecords), choice.random)) {
      // RFC 2782: a target of "." says that the service is decidedly not available.
      if (record.target === '' || record.target === '.' || record.port === 0) continue;
      append(hops, addressHops(record.target, record.port, by, choice, dns));
    }
  }
  // Only the certainty that there is no SRV record leads to the addresses of the domain itself.
  if (anySrv || !settled) return hops;
  const by = transport ?? plain;
  return addressHops(host, defaultPort(by), by, choice, dns);
}

/** §4.1: what NAPTR offers, else SRV by every transport that we speak. Undefined while NAPTR has to be asked. */
function offeredServices(
  host: string,
  secure: boolean,
  { transports }: HopChoice,
  dns: DnsView,
): readonly Service[] | undefined {
  const naptr = dns.answer('naptr', host);
  if (naptr === undefined) return undefined;
  const offered = usableNaptr(naptr.records, secure, transports);
  if (offered.length > 0) return offered;
  const names: readonly TransportName[] = secure ? ['tls'] : ['udp', 'tcp'];
  return names.filter((name) => transports.has(name)).flatMap((name) => namedService(host, name));
}

/** RFC 3403 §3.3, RFC 3263 §4.1: of the records that we can use, those of the lowest order, by preference. */
function usableNaptr(
  records: readonly NaptrRecord[],
  secure: boolean,
  transports: ReadonlySet<TransportName>,
): readonly Service[] {
  const usable: { readonly record: NaptrRecord; readonly transport: TransportName }[] = [];
  for (const record of records.slice(0, hopLimits.maxRecords)) {
    const service = record.service.toUpperCase();
    const transport = naptrServices[service];
    if (transport === undefined || !transports.has(transport)) continue;
    if (secure && !service.startsWith('SIPS+')) continue;
    // §4.1 uses records that lead to SRV by their replacement.
    if (record.flags.toUpperCase() === 'S' && record.replacement !== '') usable.push({ record, transport });
  }
  usable.sort((a, b) => a.record.order - b.record.order || a.record.preference - b.record.preference);
  const first = usable[0]?.record.order;
  return usable
    .filter(({ record }) => record.order === first)
    .map(({ record, transport }) => ({ transport, srvName: record.replacement }));
}

/** §4.2: the SRV name of a transport at a host. RFC 7118 defines none for WebSocket. */
function namedService(host: string, transport: TransportName): readonly Service[] {
  switch (transport) {
    case 'udp':
      return [{ transport, srvName: `_sip._udp.${host}` }];
    case 'tcp':
      return [{ transport, srvName: `_sip._tcp.${host}` }];
    case 'tls':
      return [{ transport, srvName: `_sips._tcp.${host}` }];
    case 'ws':
    case 'wss':
      return [];
  }
}

/** RFC 7984 §4: the addresses of all families that we can reach, each a hop of its own. */
function addressHops(
  host: string,
  port: number,
  transport: TransportName,
  { families }: HopChoice,
  dns: DnsView,
): readonly Hop[] {
  const literal = canonicalAddress(host);
  if (literal !== undefined) return [{ transport, address: literal, port }];
  const hops: Hop[] = [];
  for (const family of families) {
    const answer = dns.answer(family === 4 ? 'a' : 'aaaa', host);
    for (const record of answer?.records.slice(0, hopLimits.maxRecords) ?? []) {
      const address = canonicalAddress(record);
      if (address !== undefined) hops.push({ transport, address, port });
    }
  }
  return hops;
}

/** Adds what is not there yet, up to the limit. */
function append(hops: Hop[], more: readonly Hop[]): void {
  for (const hop of more) {
    if (hops.length >= hopLimits.maxHops) return;
    if (!hops.some((known) => sameHop(known, hop))) hops.push(hop);
  }
}

function sameHop(a: Hop, b: Hop): boolean {
  return a.transport === b.transport && a.address === b.address && a.port === b.port;
}
