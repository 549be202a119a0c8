import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { AortaError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { Via } from '../sip/headers/via.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { bindError } from './bind-error.ts';
import { BoundListener } from './bound-listener.ts';
import { chooseListener } from './choose-listener.ts';
import { ConnectionTable } from './connection-table.ts';
import type { DatagramDriver } from './datagram-driver.ts';
import {
  type Flow,
  type Hop,
  type Listener,
  type SendResult,
  sendText,
  type TransportHandler,
  type TransportName,
} from './flow.ts';
import { canonicalAddress, withBrackets } from './ip-address.ts';
import type { ListenAddress } from './listen-address.ts';
import { localAddresses } from './local-addresses.ts';
import { OwnAddresses } from './own-addresses.ts';
import { datagramReplyHop, type ReplySource, streamReplyHops } from './reply-route.ts';
import type { ConnectionParts, StreamConnection } from './stream-connection.ts';
import { systemDatagrams } from './system-datagrams.ts';
import { bindTcp, TcpEndpoint } from './tcp.ts';
import { defaultTransportLimits, type TransportLimits } from './transport-limits.ts';
import { TransportStats } from './transport-stats.ts';
import { UdpEndpoint, type UdpParts } from './udp.ts';

/** RFC 3263 §5, as the transport layer needs it; `Resolver` is one. */
export interface SentByResolver {
  resolveSentBy(
    host: string,
    port: number | undefined,
    transport: TransportName,
  ): MaybePromise<readonly Hop[] | SipError>;
}

/** What a transport layer is made of. */
export interface TransportParts {
  /** In the order of preference; the first listener of a transport is its default. */
  readonly listen: readonly ListenAddress[];
  readonly handler: TransportHandler;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<TransportLimits>;
  /** What drives UDP sockets; the best that this machine has when absent. */
  readonly datagrams?: DatagramDriver;
  /** Finds the host of a sent-by when a reply's connection is gone and its source takes no other (RFC 3261 §18.2.2). */
  readonly resolver?: SentByResolver;
  /** Names the addresses of this machine; the system's when absent. */
  readonly localAddresses?: () => readonly string[];
}

/**
 * RFC 3261 §18: all sockets of one engine. It delivers messages and sends them; what they mean it does not know. It
 * keeps no state outside itself, so several can run in one program.
 */
export class TransportLayer {
  readonly stats: TransportStats;
  readonly limits: TransportLimits;
  readonly #parts: TransportParts;
  readonly #table: ConnectionTable;
  readonly #connectionParts: ConnectionParts;
  readonly #udpParts: UdpParts;
  readonly #scan: () => readonly string[];
  readonly #udp: Map<Listener, UdpEndpoint>;
  readonly #tcp: Map<Listener, TcpEndpoint>;
  readonly #connecting: Map<string, Promise<StreamConnection | AortaError>>;
  #listeners: readonly BoundListener[];
  #own: OwnAddresses;
  #datagrams: DatagramDriver | undefined;
  #state: 'new' | 'started' | 'stopped';
  #sweep: Timer | undefined;
  #lastFlowId: number;

  constructor(parts: TransportParts) {
    const { handler, clock, logger } = parts;
    const limits = { ...defaultTransportLimits, ...parts.limits };
    const stats = new TransportStats();
    const nextFlowId = (): number => {
      this.#lastFlowId += 1;
      return this.#lastFlowId;
    };
    this.stats = stats;
    this.limits = limits;
    this.#parts = parts;
    this.#table = new ConnectionTable(limits, stats);
    this.#connectionParts = { table: this.#table, handler, limits, stats, clock, logger, nextFlowId };
    this.#udpParts = { handler, limits, stats, logger, nextFlowId };
    this.#scan = parts.localAddresses ?? localAddresses;
    this.#udp = new Map();
    this.#tcp = new Map();
    this.#connecting = new Map();
    this.#listeners = [];
    this.#datagrams = parts.datagrams;
    this.#own = new OwnAddresses([], clock, this.#scan);
    this.#state = 'new';
    this.#sweep = undefined;
    this.#lastFlowId = 0;
  }

  /** In the order given; empty before `start`. */
  get listeners(): readonly Listener[] {
    return this.#listeners;
  }

  /** Connections whose sockets are not gone yet. */
  get connectionCount(): number {
    return this.#table.size;
  }

  /** Bytes that wait to be sent on all connections together. */
  get queuedBytes(): number {
    return this.#table.queuedBytes;
  }

  /**
   * Binds all listeners, or none.
   *
   * @throws AortaError `TRANSPORT_ADDRESS_IN_USE` or `TRANSPORT_CANNOT_BIND`; the message names address and remedy
   */
  async start(): Promise<void> {
    assert(this.#state === 'new', 'a transport layer starts once');
    this.#state = 'started';
    const addresses = this.#scan();
    for (const listen of this.#parts.listen) {
      try {
        // Messages may come in before the last listener is bound: what is bound is ours from now on.
        this.#listeners = [...this.#listeners, await this.#bind(listen, addresses)];
        this.#own = new OwnAddresses(this.#listeners, this.#parts.clock, this.#scan);
      } catch (cause) {
        await this.stop();
        throw cause instanceof AortaError ? cause : bindError(listen, cause, addresses);
      }
    }
    this.#armSweep();
  }

  /** Frees the ports, ends every connection (queued bytes have `stopMs` to go out) and resolves when all is gone. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#sweep?.cancel();
    const closing = [...this.#udp.values(), ...this.#tcp.values()].map((endpoint) => endpoint.close());
    const patience = this.#parts.clock.after(this.limits.stopMs, () => this.#table.destroyAll('stopped'));
    await Promise.all([...closing, this.#table.stopAll('stopped')]);
    patience.cancel();
  }

  /**
   * The flow to a hop (RFC 3261 §18.1.1). UDP: at once. TCP: the open connection to that address and port if there
   * is one, also one that the peer opened (RFC 5923 §5; behind a NAT it is the only way) and whatever `from` is;
   * else a new one.
   *
   * @param from the listener to leave by, when the script or a binding asks for one
   * @returns the flow, or `TRANSPORT_NO_LISTENER`, `TRANSPORT_OVERFLOW`, `TRANSPORT_CONNECT_FAILED`,
   *   `SERVER_NOT_RUNNING`; never rejects
   */
  flowTo(hop: Hop, from?: Listener): MaybePromise<Flow | AortaError> {
    const address = canonicalAddress(hop.address);
    assert(address !== undefined, 'a hop has an IP address');
    assert(hop.port >= 0 && hop.port <= 65_535, 'a hop has a port');
    const canonical = address === hop.address ? hop : { transport: hop.transport, address, port: hop.port };
    return hop.transport === 'udp' ? this.#udpFlowTo(canonical, from) : this.#connectionTo(canonical, from);
  }

  /**
   * Sends a reply along the request's flow (RFC 3261 §18.2.2, RFC 3581 §4). When its connection is gone, a new one
   * is opened to the source or the sent-by. A reply that cannot be sent is counted.
   *
   * @param topVia the top Via of the request
   * @param message its bytes, or a text of one byte per character
   * @returns what became of it; undefined when a new connection is tried, which only time can tell
   */
  sendReply(flow: Flow, topVia: Via, message: Buffer | string): SendResult | undefined {
    if (flow.transport === 'udp') return this.#sendDatagramReply(flow, topVia, message, flow.listener);
    const result = typeof message === 'string' ? sendText(flow, message) : flow.send(message);
    if (result !== 'closed') return result;
    const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
    void this.#sendStreamReply(flow, topVia, bytes, flow.listener);
    return undefined;
  }

  /** The listener that owns an address or an advertised name; for a wildcard, any address of this machine. */
  listenerFor(transport: TransportName, address: string, port: number): Listener | undefined {
    return this.#own.find(address, port, transport);
  }

  /**
   * Whether a host and port lead to this server (RFC 3261 §16.4).
   *
   * @param host a name or an address, with or without brackets
   * @param port undefined stands for the default port of the transport
   */
  isOurs(host: string, port: number | undefined, transport?: TransportName): boolean {
    return this.#own.find(host, port, transport) !== undefined;
  }

  async #bind(listen: ListenAddress, addresses: readonly string[]): Promise<BoundListener> {
    if (listen.transport === 'udp') {
      this.#datagrams ??= await systemDatagrams(this.#parts.logger);
      const socket = await this.#datagrams.bind({
        address: listen.address,
        port: listen.port,
        receiveBufferBytes: this.limits.receiveBufferBytes,
      });
      const listener = new BoundListener(listen, socket.port, addresses);
      this.#udp.set(listener, new UdpEndpoint(listener, socket, this.#udpParts));
      return listener;
    }
    if (listen.transport === 'tcp') {
      const { server, port } = await bindTcp(listen.address, listen.port);
      const listener = new BoundListener(listen, port, addresses);
      this.#tcp.set(listener, new TcpEndpoint(listener, server, this.#connectionParts));
      return listener;
    }
    throw new AortaError(
      'TRANSPORT_CANNOT_BIND',
      `${listen.transport}:${withBrackets(listen.address)}:${listen.port} needs a transport that this build does not have; listen on udp or tcp`,
    );
  }

  #udpFlowTo(hop: Hop, from: Listener | undefined): Flow | AortaError {
    const endpoint = this.#udp.get(this.#choose(hop, from) as Listener);
    return endpoint ? endpoint.flowTo(hop.address, hop.port) : noListener(hop);
  }

  #connectionTo(hop: Hop, from: Listener | undefined): MaybePromise<StreamConnection | AortaError> {
    const known = this.#table.find(hop);
    if (known) return known;
    const listener = this.#choose(hop, from);
    const endpoint = listener && this.#tcp.get(listener);
    if (!endpoint) return noListener(hop);
    // Requests to one hop that come while it is being connected share the connection.
    const key = `${listener} ${hop.address} ${hop.port}`;
    const underWay = this.#connecting.get(key);
    if (underWay) return underWay;
    const attempt = endpoint.connect(hop).finally(() => this.#connecting.delete(key));
    this.#connecting.set(key, attempt);
    return attempt;
  }

  #choose(hop: Hop, from: Listener | undefined): BoundListener | undefined {
    return chooseListener(this.#listeners, hop, from);
  }

  #sendDatagramReply(source: ReplySource, via: Via, message: Buffer | string, from: Listener | undefined): SendResult {
    const hop = datagramReplyHop(source, via);
    const endpoint = this.#udp.get(from as Listener) ?? this.#udp.get(this.#choose(hop, from) as Listener);
    if (endpoint) {
      if (typeof message === 'string') return endpoint.sendText(message, hop.address, hop.port);
      return endpoint.send(message, hop.address, hop.port);
    }
    this.stats.repliesLost += 1;
    return 'closed';
  }

  async #sendStreamReply(source: ReplySource, via: Via, bytes: Buffer, from: Listener | undefined): Promise<void> {
    // RFC 7118 §5: nobody can be called back over WebSocket.
    if (source.transport === 'ws' || source.transport === 'wss') {
      this.stats.repliesLost += 1;
    } else if (!(await this.#sendToFirst(streamReplyHops(source, via), bytes, from))) {
      const hops = await this.#parts.resolver?.resolveSentBy(via.host, via.port, source.transport);
      const found = hops === undefined || isSipError(hops) ? [] : hops;
      if (!(await this.#sendToFirst(found, bytes, from))) this.stats.repliesLost += 1;
    }
  }

  /** Sends along the first hop that takes a connection; false when none does. */
  async #sendToFirst(hops: readonly Hop[], bytes: Buffer, from: Listener | undefined): Promise<boolean> {
    for (const hop of hops) {
      if (this.#state !== 'started') return false;
      const result = await this.#sendTo(hop, bytes, from);
      if (result === 'sent') this.stats.repliesOnNewConnection += 1;
      if (result !== 'closed') return true;
    }
    return false;
  }

  async #sendTo(hop: Hop, bytes: Buffer, from: Listener | undefined): Promise<SendResult> {
    const found = this.#connectionTo(hop, from);
    const flow = isPromise(found) ? await found : found;
    return flow instanceof AortaError ? 'closed' : flow.send(bytes);
  }

  #armSweep(): void {
    const { clock } = this.#parts;
    this.#sweep = clock.after(this.limits.sweepMs, () => {
      this.#table.sweep(clock.now());
      this.#armSweep();
    });
  }
}

function noListener(hop: Hop): AortaError {
  const family = hop.address.includes(':') ? 'IPv6' : 'IPv4';
  return new AortaError(
    'TRANSPORT_NO_LISTENER',
    `no listener speaks ${hop.transport} over ${family}, which ${withBrackets(hop.address)}:${hop.port} needs; add one with --listen`,
  );
}
