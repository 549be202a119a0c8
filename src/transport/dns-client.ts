import { promises as dns } from 'node:dns';

/** RFC 3403 §4.1. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** The questions that RFC 3263 asks, and what answers them; addresses are IP literals. */
export interface DnsRecords {
  readonly naptr: NaptrRecord;
  readonly srv: SrvRecord;
  readonly a: string;
  readonly aaaa: string;
}

export type DnsType = keyof DnsRecords;

/**
 * What the DNS says. `found`: at least one record. `none`: the name or the type does not exist, for certain.
 * `failed`: no server could tell.
 */
export interface DnsAnswer<T> {
  readonly status: 'found' | 'none' | 'failed';
  readonly records: readonly T[];
  /** How long it may be kept; undefined when the source does not say. */
  readonly ttlSeconds: number | undefined;
}

/** Asks the DNS. Never rejects. */
export interface DnsClient {
  query<T extends DnsType>(type: T, name: string): Promise<DnsAnswer<DnsRecords[T]>>;
}

/** How the system's resolver is used. */
export interface NodeDnsOptions {
  /** `address` or `address:port`; the system's own when absent. */
  readonly servers?: readonly string[];
  /** Time for one attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** Attempts for each server. */
  readonly tries?: number;
  /** Whether names that the DNS does not have are looked up as any program does: /etc/hosts, mDNS. */
  readonly systemNames?: boolean;
}

/** The DNS by `node:dns` (c-ares). It tells the TTL of addresses only. */
export class NodeDnsClient implements DnsClient {
  readonly #resolver: dns.Resolver;
  readonly #systemNames: boolean;

  constructor(options: NodeDnsOptions = {}) {
    // Well below timer B and F, so that the next hop of the failover list still gets its chance.
    this.#resolver = new dns.Resolver({ timeout: options.timeoutMs ?? 1_500, tries: options.tries ?? 2 });
    if (options.servers) this.#resolver.setServers(options.servers);
    this.#systemNames = options.systemNames ?? true;
  }

  async query<T extends DnsType>(type: T, name: string): Promise<DnsAnswer<DnsRecords[T]>> {
    if (isLocalhost(name)) return found(localhostRecords(type)) as DnsAnswer<DnsRecords[T]>;
    try {
      return (await this.#ask(type, name)) as DnsAnswer<DnsRecords[T]>;
    } catch (error) {
      const fallback = this.#systemNames ? await systemAddresses(type, name) : [];
      if (fallback.length > 0) {
        return { status: 'found', records: fallback as readonly DnsRecords[T][], ttlSeconds: undefined };
      }
      return { status: saysNone(error) ? 'none' : 'failed', records: [], ttlSeconds: undefined };
    }
  }

  async #ask(type: DnsType, name: string): Promise<DnsAnswer<NaptrRecord | SrvRecord | string>> {
    switch (type) {
      case 'naptr':
        return found(await this.#resolver.resolveNaptr(name));
      case 'srv': {
        const records = await this.#resolver.resolveSrv(name);
        return found(records.map(({ priority, weight, port, name: target }) => ({ priority, weight, port, target })));
      }
      case 'a':
        return foundAddresses(await this.#resolver.resolve4(name, { ttl: true }));
      case 'aaaa':
        return foundAddresses(await this.#resolver.resolve6(name, { ttl: true }));
    }
  }
}

function found<T>(records: readonly T[]): DnsAnswer<T> {
  return { status: records.length > 0 ? 'found' : 'none', records, ttlSeconds: undefined };
}

function foundAddresses(records: readonly { readonly address: string; readonly ttl: number }[]): DnsAnswer<string> {
  return {
    status: records.length > 0 ? 'found' : 'none',
    records: records.map(({ address }) => address),
    ttlSeconds: records.length > 0 ? Math.min(...records.map(({ ttl }) => ttl)) : undefined,
  };
}

/** RFC 2308: the name does not exist (NXDOMAIN), has nothing of the type (NODATA), or is none that the DNS can hold. */
const certainCodes: readonly unknown[] = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

function saysNone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && certainCodes.includes(error.code);
}

/** RFC 6761 §6.3: localhost is this machine, and no server is asked for it. */
function localhostRecords(type: DnsType): readonly string[] {
  return type === 'a' ? ['127.0.0.1'] : type === 'aaaa' ? ['::1'] : [];
}

function isLocalhost(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'localhost' || lower === 'localhost.' || lower.endsWith('.localhost');
}

async function systemAddresses(type: DnsType, name: string): Promise<readonly string[]> {
  if (type !== 'a' && type !== 'aaaa') return [];
  try {
    const addresses = await dns.lookup(name, { family: type === 'a' ? 4 : 6, all: true });
    return addresses.map(({ address }) => address);
  } catch {
    return [];
  }
}
