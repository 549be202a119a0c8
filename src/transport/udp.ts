import type { Logger } from '../base/logger.ts';
import type { BoundListener } from './bound-listener.ts';
import type { DatagramBatch, DatagramReceiver, DatagramSocket } from './datagram-driver.ts';
import type { Flow, Listener, SendResult, TransportHandler, TransportName } from './flow.ts';
import { familyOf } from './ip-address.ts';
import type { TransportLimits } from './transport-limits.ts';
import type { TransportStats } from './transport-stats.ts';

/** What a UDP endpoint shares with the other endpoints of its transport layer. */
export interface UdpParts {
  readonly handler: TransportHandler;
  readonly limits: TransportLimits;
  readonly stats: TransportStats;
  readonly logger: Logger;
  readonly nextFlowId: () => number;
}

/** One UDP listener: datagrams in, flows and datagrams out (RFC 3261 §18). */
export class UdpEndpoint implements DatagramReceiver {
  readonly listener: BoundListener;
  readonly #socket: DatagramSocket;
  readonly #parts: UdpParts;
  #lastFlow: UdpFlow | undefined;
  #open: boolean;

  /** @param socket bound to the listener's address; begins to deliver now */
  constructor(listener: BoundListener, socket: DatagramSocket, parts: UdpParts) {
    this.listener = listener;
    this.#socket = socket;
    this.#parts = parts;
    this.#lastFlow = undefined;
    this.#open = true;
    socket.receive(this);
  }

  onDatagrams(batch: DatagramBatch): void {
    const { stats, handler, limits } = this.#parts;
    for (let index = 0; index < batch.count; index += 1) {
      const bytes = batch.bytes(index);
      const flow = this.flowTo(batch.address(index), batch.port(index));
      if (isKeepalive(bytes)) {
        stats.datagramKeepalives += 1;
        handler.onDropped('keepalive', flow);
      } else if (bytes.length > limits.maxDatagramBytes) {
        stats.oversizeDatagrams += 1;
        handler.onDropped('too-large', flow);
      } else {
        stats.datagramsReceived += 1;
        stats.bytesReceived += bytes.length;
        handler.onMessage(flow, bytes);
      }
    }
  }

  onSendError(error: Error, address: string, port: number): void {
    const { stats, logger, handler } = this.#parts;
    stats.sendErrors += 1;
    logger.debug('datagram not sent', { listener: String(this.listener), address, port, error: error.message });
    handler.onSendError?.(this.flowTo(address, port), error);
  }

  onSocketError(error: Error): void {
    this.#parts.stats.socketErrors += 1;
    this.#parts.logger.warn('UDP socket error', { listener: String(this.listener), error: error.message });
  }

  /** The flow to an address; the same object again when the last one was to the same place. */
  flowTo(address: string, port: number): UdpFlow {
    const last = this.#lastFlow;
    if (last && last.remotePort === port && last.remoteAddress === address) return last;
    const flow = new UdpFlow(this.#parts.nextFlowId(), this, this.listener, address, port);
    this.#lastFlow = flow;
    return flow;
  }

  /** Sends one datagram; bounded by `maxDatagramQueueBytes`. */
  send(bytes: Buffer, address: string, port: number): SendResult {
    const result = this.#admit(bytes.length, address, port);
    if (result === 'sent') this.#socket.send(bytes, address, port);
    return result;
  }

  /** Sends a text of one byte per character as one datagram. */
  sendText(text: string, address: string, port: number): SendResult {
    const result = this.#admit(text.length, address, port);
    if (result !== 'sent') return result;
    if (this.#socket.sendLatin1) this.#socket.sendLatin1(text, address, port);
    else this.#socket.send(Buffer.from(text, 'latin1'), address, port);
    return 'sent';
  }

  /** Frees the port; what is sent afterwards goes nowhere. */
  close(): Promise<void> {
    this.#open = false;
    return this.#socket.close();
  }

  /** Whether a datagram may go out, counted. */
  #admit(length: number, address: string, port: number): SendResult {
    const { stats, limits } = this.#parts;
    // Port 0 can be forged as a source (RFC 768), but nothing can be sent to it.
    if (!this.#open || port < 1 || port > 65_535 || familyOf(address) !== this.listener.family) {
      stats.sendsToClosed += 1;
      return 'closed';
    }
    if (this.#socket.queuedBytes + length > limits.maxDatagramQueueBytes) {
      stats.sendOverflows += 1;
      return 'overflow';
    }
    stats.datagramsSent += 1;
    stats.bytesSent += length;
    return 'sent';
  }
}

/** A pair of addresses that datagrams travel between. */
export class UdpFlow implements Flow {
  readonly id: number;
  readonly transport: TransportName;
  readonly listener: Listener;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly reliable: boolean;
  readonly open: boolean;
  readonly endpoint: UdpEndpoint;

  constructor(id: number, endpoint: UdpEndpoint, listener: Listener, remoteAddress: string, remotePort: number) {
    this.id = id;
    this.transport = 'udp';
    this.listener = listener;
    this.localAddress = listener.address;
    this.localPort = listener.port;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.reliable = false;
    this.open = true;
    this.endpoint = endpoint;
  }

  send(bytes: Buffer): SendResult {
    return this.endpoint.send(bytes, this.remoteAddress, this.remotePort);
  }

  sendText(text: string): SendResult {
    return this.endpoint.sendText(text, this.remoteAddress, this.remotePort);
  }
}

/**
 * Whether a datagram only holds a NAT binding open: nothing, or nothing but CR, LF, blanks and zero bytes. A message
 * begins with a letter, so one comparison decides for almost all.
 */
function isKeepalive(bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte !== 0x0d && byte !== 0x0a && byte !== 0x20 && byte !== 0) return false;
  }
  return true;
}
