import type { Via } from '../sip/headers/via.ts';
import { defaultPort, type Hop, type TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';

/** Where a request came from: its flow, or what our own Via stamp says when the flow is not known. */
export interface ReplySource {
  readonly transport: TransportName;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * Where a reply to a request goes that came by datagram (RFC 3261 §18.2.2, RFC 3581 §4): to `maddr` if the top Via
 * has one; else back to the source address, at the source port when the Via asks for it by `rport`, else at the
 * port of the sent-by. The source address stands for `received`: §18.2.1 makes them equal, and a `received` that
 * the client wrote itself must not send our replies to others.
 *
 * @param via the top Via of the request
 */
export function datagramReplyHop(source: ReplySource, via: Via): Hop {
  const maddr = via.maddr === undefined ? undefined : canonicalAddress(via.maddr);
  const sentByPort = via.port ?? defaultPort(source.transport);
  if (maddr !== undefined) return { transport: source.transport, address: maddr, port: sentByPort };
  const port = via.rport === undefined ? sentByPort : source.remotePort;
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

/**
 * The source that our own stamp on a Via names (`received`, `rport`; §18.2.1): for a response that is forwarded
 * without a transaction (§16.11).
 *
 * @returns undefined when the Via names no address, or a transport that we do not speak
 */
export function stampedSource(via: Via): ReplySource | undefined {
  const transport = transportOf(via.transport);
  const address = canonicalAddress(via.received ?? via.host);
  if (transport === undefined || address === undefined) return undefined;
  const port = typeof via.rport === 'number' ? via.rport : (via.port ?? defaultPort(transport));
  return { transport, remoteAddress: address, remotePort: port };
}

function transportOf(name: string): TransportName | undefined {
  switch (name) {
    case 'UDP':
      return 'udp';
    case 'TCP':
      return 'tcp';
    case 'TLS':
      return 'tls';
    case 'WS':
      return 'ws';
    case 'WSS':
      return 'wss';
    default:
      return undefined;
  }
}
