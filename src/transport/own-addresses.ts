import type { Clock } from '../base/clock.ts';
import { stripBrackets } from '../sip/uri.ts';
import type { BoundListener } from './bound-listener.ts';
import { defaultPort, type TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';

/** How long a list of the machine's addresses is taken for true: interfaces come and go, but not per message. */
const rescanMs = 10_000;

/**
 * Which hosts and ports are ours (RFC 3261 §16.4, §16.12): the bound and the advertised ones, and for a wildcard
 * every address of the machine.
 */
export class OwnAddresses {
  readonly #listeners: readonly BoundListener[];
  readonly #clock: Clock;
  readonly #scan: () => readonly string[];
  #owners: Map<string, BoundListener[]>;
  #scannedAt: number;

  /** @param scan names the addresses of the machine, canonical */
  constructor(listeners: readonly BoundListener[], clock: Clock, scan: () => readonly string[]) {
    this.#listeners = listeners;
    this.#clock = clock;
    this.#scan = scan;
    this.#owners = new Map();
    this.#scannedAt = Number.NEGATIVE_INFINITY;
  }

  /** The listener that owns a host and port; the first one when several transports do and none is named. */
  find(host: string, port: number | undefined, transport: TransportName | undefined): BoundListener | undefined {
    const owners = this.#current().get(canonicalHost(host));
    if (!owners) return undefined;
    for (const listener of owners) {
      if (transport !== undefined && listener.transport !== transport) continue;
      const wanted = port ?? defaultPort(listener.transport);
      if (wanted === listener.port || wanted === listener.advertisedPort) return listener;
    }
    return undefined;
  }

  #current(): Map<string, BoundListener[]> {
    const now = this.#clock.now();
    if (now - this.#scannedAt < rescanMs) return this.#owners;
    const addresses = this.#listeners.some((listener) => listener.wildcard) ? this.#scan() : [];
    const owners = new Map<string, BoundListener[]>();
    for (const listener of this.#listeners) {
      const hosts = new Set([canonicalHost(listener.address), canonicalHost(listener.advertisedHost)]);
      if (listener.wildcard) {
        for (const address of addresses) {
          if (address.includes(':') === (listener.family === 6)) hosts.add(address);
        }
      }
      for (const host of hosts) {
        const known = owners.get(host);
        if (known) known.push(listener);
        else owners.set(host, [listener]);
      }
    }
    this.#owners = owners;
    this.#scannedAt = now;
    return owners;
  }
}

/** Hosts compare without regard to case, to brackets, to the spelling of an address, and to a final dot. */
function canonicalHost(host: string): string {
  const bare = stripBrackets(host);
  if (bare.includes(':')) return canonicalAddress(bare) ?? bare.toLowerCase();
  return (bare.endsWith('.') ? bare.slice(0, -1) : bare).toLowerCase();
}
