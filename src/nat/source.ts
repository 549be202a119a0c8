import type { Flow } from '../transport/flow.ts';
import { withBrackets } from '../transport/ip-address.ts';

/** Where a message came from, as the packet says, whatever the message claims. A `Flow` is one. */
export type Source = Pick<Flow, 'transport' | 'remoteAddress' | 'remotePort'>;

/** `address:port` of the source as it stands in a URI, IPv6 in brackets (RFC 3261 §25.1 IPv6reference). */
export function sourceHostPort(source: Source): string {
  return `${withBrackets(source.remoteAddress)}:${source.remotePort}`;
}
