import type { SipError } from '../sip/sip-error.ts';

/** The transports of a Via, lower case. A build may open fewer of them than it can name. */
export const transportNames = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
/** One of `transportNames`. */
export type TransportName = (typeof transportNames)[number];

/** The transport of that name, in any case; undefined when there is none. */
export function transportNamed(name: string): TransportName | undefined {
  const lower = name.toLowerCase();
  return transportNames.find((known) => known === lower);
}

/** The port that a URI or a Via without one means (RFC 3261 §19.1.2, §18.2.2; RFC 7118 §5 for WebSocket). */
export function defaultPort(transport: TransportName): number {
  switch (transport) {
    case 'udp':
    case 'tcp':
      return 5060;
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
  }
}

/** One bound address: where requests arrive, and what Via, Record-Route and Sock-Info say of it. */
export interface Listener {
  readonly transport: TransportName;
  /** The bound IP, without brackets; `0.0.0.0` or `::` for a wildcard. */
  readonly address: string;
  /** The bound port, the real one when 0 was asked for. */
  readonly port: number;
  /** What others are told to reach it by; an IPv6 address is in brackets. */
  readonly advertisedHost: string;
  readonly advertisedPort: number;
  /** `udp:127.0.0.1:5060`, `udp:[::1]:5060`: the bound address, in the form that `--listen` takes. */
  toString(): string;
}

/**
 * What became of a message that was given to a flow. `sent`: the system or the flow's bounded queue has it.
 * `closed`: the flow can carry nothing more. `overflow`: its queue is full and the message was left out whole.
 */
export type SendResult = 'sent' | 'closed' | 'overflow';

/**
 * A transport association (RFC 5626 §2.1): the way back to whoever sent a message. A connection is one flow for as
 * long as it lives. For UDP a flow is only a pair of addresses: it is always open, never reported as closed, and
 * two datagrams of one source may come by two `Flow` objects with different ids.
 */
export interface Flow {
  /** Unique in its transport layer. Only the id of a connection is worth storing. */
  readonly id: number;
  readonly transport: TransportName;
  readonly listener: Listener;
  readonly localAddress: string;
  readonly localPort: number;
  /** An IP address without brackets, in the canonical spelling (RFC 5952). */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Whether the transport itself repeats what is lost, so that RFC 3261 §17 needs no retransmission timer. */
  readonly reliable: boolean;
  /** Whether it can carry requests, and their replies back. */
  readonly open: boolean;
  /** Sends one whole message. The bytes must not be changed afterwards. */
  send(bytes: Buffer): SendResult;
  /** The same for a text of one byte per character, where the transport can do with that. See `sendText`. */
  sendText?(text: string): SendResult;
}

/** Sends one whole message that is a text of one byte per character. */
export function sendText(flow: Flow, text: string): SendResult {
  return flow.sendText ? flow.sendText(text) : flow.send(Buffer.from(text, 'latin1'));
}

/** Where RFC 3263 says a request may go: one candidate of the failover list. */
export interface Hop {
  readonly transport: TransportName;
  /** An IP literal without brackets. */
  readonly address: string;
  readonly port: number;
}

/**
 * Why something that arrived was not delivered as a message.
 * - `keepalive`: CRLFs or zero bytes that hold a NAT binding open (RFC 5626 §3.5.1; empty datagrams of old phones)
 * - `bad-stream`: the framing of a connection is lost. The flow takes a reply during the call, and is
 *   closed after it.
 * - `too-large`: a datagram longer than `maxDatagramBytes`
 */
export type DropReason = 'keepalive' | 'bad-stream' | 'too-large';

/** What the transport layer delivers to. A handler must not throw. */
export interface TransportHandler {
  /** One message. The bytes are valid during the call only: they lie in a buffer that is used again. */
  onMessage(flow: Flow, bytes: Buffer): void;
  /** A connection can carry no more requests. Said exactly once for each, never for UDP. */
  onFlowClosed(flow: Flow, reason: string): void;
  /**
   * @param problem for `bad-stream`: what is wrong with it
   * @param bytes for `bad-stream`: the stream from the broken message on, valid during the call only
   */
  onDropped(reason: DropReason, flow: Flow, problem?: SipError, bytes?: Buffer): void;
  /** A datagram to that flow's remote address could not be sent, as was learnt later: transactions may fail over. */
  onSendError?(flow: Flow, error: Error): void;
}
