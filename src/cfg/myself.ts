import type { Domains } from '../routing/domains.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { isSipUri, type Uri } from '../sip/uri.ts';
import { currentUri, flowOf } from './operands.ts';
import type { Run } from './run-state.ts';

/** Names that count as ours on certain ports only: `alias=sip.example.org:5080`. */
export type PortedAliases = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * `myself` (cfg-language §7.3): a listener, or an alias. A URI without a port means 5060, so a listener at another
 * port is not it; the transport does not count.
 */
export class Myself {
  readonly #aliases: PortedAliases;

  constructor(aliases: PortedAliases = new Map()) {
    this.#aliases = aliases;
  }

  /** The test of a word that can be compared with `myself`; undefined: it cannot. */
  testOf(word: string): ((run: Run) => boolean) | undefined {
    switch (word) {
      case 'uri':
        return (run) => this.#has(run.services.domains, currentUri(run));
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

  #has(domains: Domains, uri: Uri | SipError | undefined): boolean {
    // A tel URI has no host, and one that cannot be read is nobody's.
    if (uri === undefined || isSipError(uri) || !isSipUri(uri)) return false;
    return this.hasHost(domains, uri.host, uri.port ?? 5060);
  }
}
