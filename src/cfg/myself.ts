import type { Domains } from '../routing/domains.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { isSipUri, type Uri } from '../sip/uri.ts';
import { currentUri, flowOf } from './operands.ts';
import type { Run } from './run-state.ts';

/** How long a verdict is believed: a wildcard listener's addresses may change, milliseconds. */
const verdictMs = 10_000;

/** Names that count as ours on certain ports only: `alias=sip.example.org:5080`. */
export type PortedAliases = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * `myself` (cfg-language §7.3): a listener, or an alias. A URI without a port means 5060, so a listener at another
 * port is not it; the transport does not count.
 */
export class Myself {
  readonly #aliases: PortedAliases;
  /** The last Request-URI that was asked about: requests in a row often have the same, as one object. */
  #lastUri: Uri | undefined;
  #lastVerdict: boolean;
  #lastAt: number;

  constructor(aliases: PortedAliases = new Map()) {
    this.#aliases = aliases;
    this.#lastUri = undefined;
    this.#lastVerdict = false;
    this.#lastAt = 0;
  }

  /** The test of a word that can be compared with `myself`; undefined: it cannot. */
  testOf(word: string): ((run: Run) => boolean) | undefined {
    switch (word) {
      case 'uri':
        return (run) => this.#hasCurrent(run, currentUri(run));
      case 'from_uri':
        return ({ services, message: { from } }) => this.#has(services.domains, isSipError(from) ? from : from.uri);
      case 'to_uri':
        return ({ services, message: { to } }) => this.#has(services.domains, isSipError(to) ? to : to.uri);
      case 'src_ip':
        return (run) => run.services.domains.isOwnAddress(flowOf(run).remoteAddress);
      case 'dst_ip':
        return (run) => run.services.domains.isOwnAddress(flowOf(run).localAddress);
      default:
        return undefined;
    }
  }

  /** Whether a host and port are ours. */
  hasHost(domains: Domains, host: string, port: number): boolean {
    if (domains.isMyself(host, port)) return true;
    return this.#aliases.size > 0 && this.#aliases.get(host.toLowerCase())?.has(port) === true;
  }

  #hasCurrent({ context, services }: Run, uri: Uri | undefined): boolean {
    if (uri === this.#lastUri && context.now - this.#lastAt < verdictMs) return this.#lastVerdict;
    this.#lastUri = uri;
    this.#lastVerdict = this.#has(services.domains, uri);
    this.#lastAt = context.now;
    return this.#lastVerdict;
  }

  #has(domains: Domains, uri: Uri | SipError | undefined): boolean {
    // A tel URI has no host, and one that cannot be read is nobody's.
    if (uri === undefined || isSipError(uri) || !isSipUri(uri)) return false;
    return this.hasHost(domains, uri.host, uri.port ?? 5060);
  }
}
