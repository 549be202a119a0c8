import { connect, createServer, type Server, type Socket } from 'node:net';
import { AortaError } from '../base/errors.ts';
import type { BoundListener } from './bound-listener.ts';
import type { Hop } from './flow.ts';
import { canonicalAddress, familyOf, withBrackets } from './ip-address.ts';
import { type ConnectionParts, StreamConnection } from './stream-connection.ts';

/** Socket options of every connection, accepted or opened. */
const socketOptions = {
  // A message is written whole; waiting for more only delays it.
  noDelay: true,
  // A phone that left without a FIN is noticed within minutes, also when it sends no keep-alives of its own.
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
  // A peer may end its side and still wait for replies; the connection ends ours at its own deadline.
  allowHalfOpen: true,
} as const;

/** Binds a TCP server; its connections wait until a `TcpEndpoint` takes it over. Rejects with the system's error. */
export function bindTcp(address: string, port: number): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer(socketOptions);
    server.once('error', reject);
    server.listen({ host: address, port, ipv6Only: familyOf(address) === 6, backlog: 1024, exclusive: true }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve({ server, port: bound !== null && typeof bound === 'object' ? bound.port : port });
    });
  });
}

/** One TCP listener: accepts connections and opens those that carry its name in their Via (RFC 3261 §18). */
export class TcpEndpoint {
  readonly listener: BoundListener;
  readonly #server: Server;
  readonly #parts: ConnectionParts;
  readonly #opening: Set<Socket>;
  #open: boolean;

  constructor(listener: BoundListener, server: Server, parts: ConnectionParts) {
    this.listener = listener;
    this.#server = server;
    this.#parts = parts;
    this.#opening = new Set();
    this.#open = true;
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => {
      parts.stats.socketErrors += 1;
      parts.logger.warn('TCP listener error', { listener: String(listener), error: error.message });
    });
  }

  /**
   * Opens a connection; the place in the table is taken at once. Never rejects.
   *
   * @returns the connection, or why there is none: `TRANSPORT_OVERFLOW` or `TRANSPORT_CONNECT_FAILED`
   */
  connect(hop: Hop): Promise<StreamConnection | AortaError> {
    const { table, limits, stats, clock } = this.#parts;
    const place = `${hop.transport}:${withBrackets(hop.address)}:${hop.port}`;
    if (!this.#open) return Promise.resolve(new AortaError('SERVER_NOT_RUNNING', `no connection to ${place}: stopped`));
    if (!table.reserve()) {
      const message = `no connection to ${place}: all ${limits.maxConnections} connections are in use`;
      return Promise.resolve(new AortaError('TRANSPORT_OVERFLOW', message));
    }
    return new Promise((resolve) => {
      const socket = connect({
        ...socketOptions,
        host: hop.address,
        port: hop.port,
        ...(this.listener.wildcard ? {} : { localAddress: this.listener.address }),
      });
      this.#opening.add(socket);
      const limit = clock.after(limits.connectMs, () => {
        socket.destroy(new Error(`not connected within ${limits.connectMs} ms`));
      });
      let cause: Error | undefined;
      const failing = (error: Error): void => {
        cause = error;
      };
      const settle = (): void => {
        limit.cancel();
        this.#opening.delete(socket);
        table.release();
        socket.off('error', failing);
        socket.off('close', closed);
      };
      const closed = (): void => {
        settle();
        stats.connectFailures += 1;
        const why = cause?.message ?? 'closed before it was connected';
        resolve(new AortaError('TRANSPORT_CONNECT_FAILED', `no connection to ${place}: ${why}`, { cause }));
      };
      socket.on('error', failing);
      socket.once('close', closed);
      socket.once('connect', () => {
        settle();
        stats.connectionsOpened += 1;
        resolve(new StreamConnection(socket, this.listener, false, this.#parts));
      });
    });
  }

  /** Takes no more connections and gives up those being opened; the ones that are open belong to the table. */
  close(): Promise<void> {
    this.#open = false;
    for (const socket of this.#opening) socket.destroy(new Error('stopped'));
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress === undefined ? undefined : canonicalAddress(socket.remoteAddress);
    // Without an address the peer has reset the connection already.
    if (!this.#open || address === undefined || !this.#parts.table.admits(address)) {
      socket.on('error', ignore);
      socket.resetAndDestroy();
      return;
    }
    this.#parts.stats.connectionsAccepted += 1;
    new StreamConnection(socket, this.listener, true, this.#parts);
  }
}

/** The error of a connection that was refused and is gone concerns nobody. */
function ignore(): void {}
