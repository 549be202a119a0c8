import type { Listener, TransportName } from './flow.ts';
import { familyOf, isLoopback, isWildcard, withBrackets } from './ip-address.ts';
import type { ListenAddress } from './listen-address.ts';
import { concreteAddress } from './local-addresses.ts';

/** A `Listener` whose socket is bound. */
export class BoundListener implements Listener {
  readonly transport: TransportName;
  readonly address: string;
  readonly port: number;
  readonly advertisedHost: string;
  readonly advertisedPort: number;
  readonly family: 4 | 6;
  readonly wildcard: boolean;
  readonly loopback: boolean;
  readonly #text: string;

  /**
   * @param asked what the operator wrote
   * @param port the port that the system gave
   * @param addresses the addresses of this machine, for the one that stands for a wildcard
   */
  constructor(asked: ListenAddress, port: number, addresses: readonly string[]) {
    this.transport = asked.transport;
    this.address = asked.address;
    this.port = port;
    this.family = familyOf(asked.address);
    this.wildcard = isWildcard(asked.address);
    this.loopback = isLoopback(asked.address);
    const concrete = this.wildcard ? concreteAddress(this.family, addresses) : asked.address;
    this.advertisedHost = asked.advertisedHost ?? withBrackets(concrete);
    this.advertisedPort = asked.advertisedPort ?? port;
    this.#text = `${asked.transport}:${withBrackets(asked.address)}:${port}`;
  }

  toString(): string {
    return this.#text;
  }
}
