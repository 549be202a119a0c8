import type { Via } from '../sip/headers/via.ts';
import { defaultPort, type Hop, type TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';

/** Where a request came from. */
export interface ReplySource {
  readonly transport: TransportName;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * Where a reply to a request goes that came by datagram (RFC 3261 §18.2.2, RFC 3581 §4): back to the source address, at
 * the source port when the Via asks for it by `rport`, else at the port of the sent-by.
 *
 * The source address stands for `received`, which §18.2.1 makes equal to it. `maddr` is not followed, although §18.2.2
 * says so: it would let anybody aim our replies, which are longer than his requests, at others without forging a source.
 *
 * @param via the top Via of the request
 */
export function datagramReplyHop(source: ReplySource, via: Via): Hop {
  const port = via.rport === undefined ? (via.port ?? defaultPort(source.transport)) : source.remotePort;
  return { transport: source.transport, address: source.remoteAddress, port };
}

/**
 * Where a connection is opened for a reply whose own connection is gone (RFC 3261 §18.2.2): the source address at
 * the port of the sent-by, then the sent-by itself when it is another address. The source port of the old
 * connection was an ephemeral one and `rport` does not apply.
 */
export function streamReplyHops(source: ReplySource, via: Via): readonly Hop[] {
  const { transport } = source;
  const port = via.port ?? defaultPort(transport);
  const hops: Hop[] = [{ transport, address: source.remoteAddress, port }];
  const sentBy = canonicalAddress(via.host);
  if (sentBy !== undefined && sentBy !== source.remoteAddress) hops.push({ transport, address: sentBy, port });
  return hops;
}
