/** The hosts and ports that the server's listeners answer to. */
export interface OwnAddresses {
  readonly listeners: readonly { readonly port: number; readonly advertisedPort: number }[];
  /** Whether a host and port, that of SIP when there is none, is a listener's. */
  isOurs(host: string, port: number | undefined): boolean;
}

/**
 * What counts as ours: the domains that were configured, and the own addresses. Without configured domains every
 * host is ours, so that a first phone registers whatever it calls its domain; nothing is relayed to a foreign host
 * in either case.
 */
export class Domains {
  readonly #domains: ReadonlySet<string>;
  readonly #addresses: OwnAddresses;

  /** @param domains lower-case host names */
  constructor(domains: readonly string[], addresses: OwnAddresses) {
    this.#domains = new Set(domains.map(withoutDot));
    this.#addresses = addresses;
  }

  /** Whether requests for `host` are answered here. An address without a port is ours on any port of ours. */
  isOurs(host: string, port: number | undefined): boolean {
    if (this.#domains.size === 0) return true;
    if (this.#domains.has(withoutDot(host.toLowerCase()))) return true;
    const addresses = this.#addresses;
    if (port !== undefined) return addresses.isOurs(host, port);
    return addresses.listeners.some((listener) => addresses.isOurs(host, listener.advertisedPort));
  }

  /**
   * OpenSER's `myself` (cfg-language §7.3): a configured domain or an own address at that very port. Without configured
   * domains, no other host is.
   */
  isMyself(host: string, port: number): boolean {
    if (this.#domains.size > 0 && this.#domains.has(withoutDot(host.toLowerCase()))) return true;
    return this.#addresses.isOurs(host, port);
  }

  /** Whether an IP address is a listener's, at whatever port. */
  isOwnAddress(address: string): boolean {
    return this.#addresses.listeners.some((listener) => this.#addresses.isOurs(address, listener.port));
  }
}

// `example.org.` and `example.org` are one name (RFC 1034 §3.1).
function withoutDot(domain: string): string {
  return domain.endsWith('.') ? domain.slice(0, -1) : domain;
}
