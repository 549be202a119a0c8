import type { Clock } from '../base/clock.ts';
import type { DnsAnswer, DnsClient, DnsRecords, DnsType } from './dns-client.ts';

/** What bounds a DNS cache, each with its reason beside its default. */
export interface DnsCacheLimits {
  readonly maxEntries: number;
  readonly maxPendingQueries: number;
  readonly minTtlSeconds: number;
  readonly maxTtlSeconds: number;
  /** For answers whose TTL is not known. */
  readonly defaultTtlSeconds: number;
  readonly negativeTtlSeconds: number;
  readonly failureTtlSeconds: number;
  readonly staleSeconds: number;
}

const defaultDnsCacheLimits: DnsCacheLimits = {
  // Some 5 MB. Names come from peers, so the table must not grow with them; the least recently used goes first.
  maxEntries: 10_000,
  // What a resolver takes without dropping; whoever asks for a thousand names at once is no phone.
  maxPendingQueries: 500,
  // A TTL of 0 would ask for every message.
  minTtlSeconds: 1,
  // RFC 8767 §4: a longer one is more likely a mistake than a promise.
  maxTtlSeconds: 86_400,
  // node:dns does not tell the TTL of NAPTR and SRV; a failed-over service is found within a minute.
  defaultTtlSeconds: 60,
  // RFC 2308 §5 allows more, but a name that was just created should not look broken for long.
  negativeTtlSeconds: 30,
  // RFC 2308 §7.1 allows five minutes; short, since the fault is ours or the network's.
  failureTtlSeconds: 5,
  // RFC 8767: while no server answers, an old address is better than none. A working day is too long, an hour bridges an outage.
  staleSeconds: 3_600,
};

interface Entry {
  readonly answer: DnsAnswer<unknown>;
  readonly expiresAt: number;
  /** Until when it stands in for a DNS that fails. */
  readonly staleUntil: number;
}

/** Answers of the DNS, kept for their TTL, negative ones too (RFC 2308). Equal questions under way are asked once. */
export class DnsCache {
  readonly #dns: DnsClient;
  readonly #clock: Clock;
  readonly #limits: DnsCacheLimits;
  readonly #entries: Map<string, Entry>;
  readonly #pending: Map<string, Promise<DnsAnswer<unknown>>>;

  constructor(dns: DnsClient, clock: Clock, limits: Partial<DnsCacheLimits> = {}) {
    this.#dns = dns;
    this.#clock = clock;
    this.#limits = { ...defaultDnsCacheLimits, ...limits };
    this.#entries = new Map();
    this.#pending = new Map();
  }

  /** The answer that is known and fresh. */
  peek<T extends DnsType>(type: T, name: string): DnsAnswer<DnsRecords[T]> | undefined {
    const key = keyOf(type, name);
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt <= this.#clock.now()) return undefined;
    // Least recently used: a Map iterates in the order of insertion.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.answer as DnsAnswer<DnsRecords[T]>;
  }

  /** Asks, and keeps the answer. Never rejects. */
  fetch<T extends DnsType>(type: T, name: string): Promise<DnsAnswer<DnsRecords[T]>> {
    const key = keyOf(type, name);
    const underWay = this.#pending.get(key);
    if (underWay) return underWay as Promise<DnsAnswer<DnsRecords[T]>>;
    if (this.#pending.size >= this.#limits.maxPendingQueries) return Promise.resolve(failed);
    const asked = this.#dns.query(type, name).then((answer) => {
      this.#pending.delete(key);
      return this.#keep(key, answer);
    });
    this.#pending.set(key, asked);
    return asked as Promise<DnsAnswer<DnsRecords[T]>>;
  }

  #keep(key: string, answer: DnsAnswer<unknown>): DnsAnswer<unknown> {
    const now = this.#clock.now();
    const old = this.#entries.get(key);
    // RFC 8767 §5: stale data stands in while nobody can tell better.
    const stale = answer.status === 'failed' && old?.answer.status === 'found' && now < old.staleUntil;
    const kept = stale ? old.answer : answer;
    const expiresAt = now + this.#ttlSeconds(answer) * 1000;
    const staleUntil = stale ? old.staleUntil : expiresAt + this.#limits.staleSeconds * 1000;
    if (this.#entries.size >= this.#limits.maxEntries && !old) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.delete(key);
    this.#entries.set(key, { answer: kept, expiresAt, staleUntil });
    return kept;
  }

  #ttlSeconds({ status, ttlSeconds }: DnsAnswer<unknown>): number {
    const limits = this.#limits;
    if (status === 'failed') return limits.failureTtlSeconds;
    const ttl = ttlSeconds ?? (status === 'none' ? limits.negativeTtlSeconds : limits.defaultTtlSeconds);
    return Math.min(Math.max(ttl, limits.minTtlSeconds), limits.maxTtlSeconds);
  }
}

const failed = { status: 'failed', records: [], ttlSeconds: undefined } as const;

/** Names compare without regard to case (RFC 4343). */
function keyOf(type: DnsType, name: string): string {
  return `${type} ${name.toLowerCase()}`;
}
