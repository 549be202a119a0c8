import type { Clock } from '../base/clock.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Random } from '../base/random.ts';
import { SipError } from '../sip/sip-error.ts';
import type { SipUri } from '../sip/uri.ts';
import { DnsCache, type DnsCacheLimits } from './dns-cache.ts';
import type { DnsAnswer, DnsClient, DnsRecords, DnsType } from './dns-client.ts';
import { defaultPort, type Hop, type TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';
import { type DnsView, type HopChoice, type HopTarget, nextHops } from './next-hops.ts';

/** What a resolver is made of. */
export interface ResolverParts {
  readonly dns: DnsClient;
  readonly clock: Clock;
  readonly random: Random;
  /** The transports that there are listeners for; others are not chosen. */
  readonly transports: ReadonlySet<TransportName>;
  /** The address families that there are listeners for, the preferred one first; IPv6, then IPv4 when absent. */
  readonly families?: readonly (4 | 6)[];
  readonly cache?: Partial<DnsCacheLimits>;
}

/** NAPTR, then SRV, then addresses: three rounds of questions; one more for an answer that was pushed out meanwhile. */
const maxRounds = 4;

/** RFC 3263: from a URI or a sent-by to the list of hops to try, in order. */
export class Resolver {
  readonly #cache: DnsCache;
  readonly #transports: ReadonlySet<TransportName>;
  readonly #choice: HopChoice;

  constructor({ dns, clock, random, transports, families, cache }: ResolverParts) {
    this.#cache = new DnsCache(dns, clock, cache);
    this.#transports = transports;
    this.#choice = { transports, families: families ?? [6, 4], random };
  }

  /**
   * RFC 3263 §4: where a request to `uri` goes. Synchronous for IP addresses and for names that are cached.
   *
   * @returns at least one hop, in the order of failover; or why there is none: `SIP_UNSUPPORTED_SCHEME` (sips
   *   without TLS), `SIP_BAD_PARAMETER` (a transport that is not spoken here), `SIP_BAD_HOST` (with status 404 when
   *   the name does not exist, 503 when the DNS does not answer)
   */
  resolve(uri: SipUri): MaybePromise<readonly Hop[] | SipError> {
    const secure = uri.scheme === 'sips';
    const named = uri.params.get('transport');
    const transport = named ? transportOf(named, secure) : undefined;
    if (named && (transport === undefined || !this.#transports.has(transport))) {
      return new SipError('SIP_BAD_PARAMETER', 'the transport of the URI is not spoken here', 0, 503);
    }
    if (secure && transport === undefined && !this.#transports.has('tls')) {
      return new SipError('SIP_UNSUPPORTED_SCHEME', 'sips needs TLS, which is not spoken here');
    }
    // §4: TARGET is the maddr parameter when there is one.
    return this.#resolveTarget({ host: uri.params.get('maddr') || uri.host, port: uri.port, transport, secure });
  }

  /**
   * RFC 3263 §5: where a response goes when its connection is gone and the source cannot be reached.
   *
   * @param host of the sent-by
   * @param port of the sent-by, if it has one
   */
  resolveSentBy(
    host: string,
    port: number | undefined,
    transport: TransportName,
  ): MaybePromise<readonly Hop[] | SipError> {
    return this.#resolveTarget({ host, port, transport, secure: false });
  }

  #resolveTarget(target: HopTarget): MaybePromise<readonly Hop[] | SipError> {
    const address = canonicalAddress(target.host);
    if (address !== undefined) {
      // §4.1, §4.2: an IP address means UDP, or TLS for sips, and the default port, unless the URI says otherwise.
      const transport = target.transport ?? (target.secure ? 'tls' : 'udp');
      if (!this.#transports.has(transport)) return notSpoken;
      return [{ transport, address, port: target.port ?? defaultPort(transport) }];
    }
    const view = new ResolutionView(this.#cache);
    const hops = nextHops(target, this.#choice, view);
    return view.missing.length === 0 ? this.#result(hops, view) : this.#resolveLater(target, view);
  }

  async #resolveLater(target: HopTarget, view: ResolutionView): Promise<readonly Hop[] | SipError> {
    let hops: readonly Hop[] = [];
    for (let round = 0; round < maxRounds && view.missing.length > 0; round += 1) {
      await view.fetchMissing();
      hops = nextHops(target, this.#choice, view);
    }
    return this.#result(hops, view);
  }

  #result(found: readonly Hop[], view: ResolutionView): readonly Hop[] | SipError {
    if (found.length === 0) {
      return view.anyFailed
        ? new SipError('SIP_BAD_HOST', 'the name of the next hop could not be looked up', 0, 503)
        : new SipError('SIP_BAD_HOST', 'the name of the next hop has no address', 0, 404);
    }
    const hops = found.filter((hop) => this.#transports.has(hop.transport));
    return hops.length > 0 ? hops : notSpoken;
  }
}

const notSpoken = new SipError('SIP_BAD_PARAMETER', 'the next hop needs a transport that is not spoken here', 0, 503);

/**
 * What one resolution sees: the cache, and the answers it asked for itself, which hold until it is done however
 * short their TTL. Every pass over it notes what is missing.
 */
class ResolutionView implements DnsView {
  missing: { readonly type: DnsType; readonly name: string }[];
  anyFailed: boolean;
  readonly #cache: DnsCache;
  readonly #held: Map<string, DnsAnswer<unknown>>;

  constructor(cache: DnsCache) {
    this.missing = [];
    this.anyFailed = false;
    this.#cache = cache;
    this.#held = new Map();
  }

  answer<T extends DnsType>(type: T, name: string): DnsAnswer<DnsRecords[T]> | undefined {
    const held = this.#held.get(`${type} ${name}`) as DnsAnswer<DnsRecords[T]> | undefined;
    const answer = held ?? this.#cache.peek(type, name);
    if (answer === undefined) this.missing.push({ type, name });
    else if (answer.status === 'failed') this.anyFailed = true;
    return answer;
  }

  async fetchMissing(): Promise<void> {
    const questions = this.missing;
    this.missing = [];
    const answers = await Promise.all(questions.map(({ type, name }) => this.#cache.fetch(type, name)));
    answers.forEach((answer, index) => {
      const question = questions[index];
      if (question) this.#held.set(`${question.type} ${question.name}`, answer);
    });
  }
}

/** RFC 3261 §19.1.1, §26.2.2: the transport parameter; over sips, TCP means TLS and WebSocket its secure form. */
function transportOf(name: string, secure: boolean): TransportName | undefined {
  switch (name.toLowerCase()) {
    case 'udp':
      return secure ? undefined : 'udp';
    case 'tcp':
      return secure ? 'tls' : 'tcp';
    case 'tls':
      return 'tls';
    case 'ws':
      return secure ? 'wss' : 'ws';
    case 'wss':
      return 'wss';
    default:
      return undefined;
  }
}
