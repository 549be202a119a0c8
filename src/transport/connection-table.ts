import { assert } from '../base/assert.ts';
import type { Hop } from './flow.ts';
import { sourceOf } from './ip-address.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { TransportLimits } from './transport-limits.ts';
import type { TransportStats } from './transport-stats.ts';

/**
 * All connections of a transport layer: found by their remote end (RFC 3261 §18.1.1, §18.2.2), counted against the
 * limits, looked over for deadlines. One that can carry no more requests is not found any more, but counts until
 * its socket is gone.
 */
export class ConnectionTable {
  readonly #limits: TransportLimits;
  readonly #stats: TransportStats;
  readonly #all: Set<StreamConnection>;
  readonly #byRemote: Map<string, StreamConnection>;
  readonly #bySource: Map<string, number>;
  #opening: number;
  #queuedBytes: number;
  #emptied: (() => void) | undefined;

  constructor(limits: TransportLimits, stats: TransportStats) {
    this.#limits = limits;
    this.#stats = stats;
    this.#all = new Set();
    this.#byRemote = new Map();
    this.#bySource = new Map();
    this.#opening = 0;
    this.#queuedBytes = 0;
    this.#emptied = undefined;
  }

  /** Connections whose sockets are not gone yet. */
  get size(): number {
    return this.#all.size;
  }

  /** Bytes that wait to be sent on all connections together. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** The connection that a request to this hop goes along, whoever opened it. */
  find(hop: Hop): StreamConnection | undefined {
    return this.#byRemote.get(remoteKey(hop.transport, hop.address, hop.port));
  }

  /** Whether a connection from `address` may be taken; a refusal is counted. */
  admits(address: string): boolean {
    if (this.#all.size + this.#opening >= this.#limits.maxConnections) {
      this.#stats.refusedTotal += 1;
      return false;
    }
    if ((this.#bySource.get(sourceOf(address)) ?? 0) >= this.#limits.maxConnectionsPerSource) {
      this.#stats.refusedPerSource += 1;
      return false;
    }
    return true;
  }

  /** Takes a place for a connection that is being opened, to be given back by `release`; false when all are taken. */
  reserve(): boolean {
    if (this.#all.size + this.#opening >= this.#limits.maxConnections) {
      this.#stats.refusedTotal += 1;
      return false;
    }
    this.#opening += 1;
    return true;
  }

  release(): void {
    assert(this.#opening > 0, 'a place is given back once');
    this.#opening -= 1;
  }

  add(connection: StreamConnection): void {
    this.#all.add(connection);
    // Two connections can share a remote end when they end at different addresses of ours: the newer one is known to live.
    this.#byRemote.set(keyOf(connection), connection);
    if (connection.openedByPeer) {
      const source = sourceOf(connection.remoteAddress);
      this.#bySource.set(source, (this.#bySource.get(source) ?? 0) + 1);
    }
  }

  /** The connection carries no more requests. */
  retire(connection: StreamConnection): void {
    const key = keyOf(connection);
    if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
  }

  /** The socket is gone. */
  remove(connection: StreamConnection): void {
    this.retire(connection);
    if (!this.#all.delete(connection)) return;
    if (connection.openedByPeer) {
      const source = sourceOf(connection.remoteAddress);
      const left = (this.#bySource.get(source) ?? 0) - 1;
      if (left > 0) this.#bySource.set(source, left);
      else this.#bySource.delete(source);
    }
    if (this.#all.size === 0) this.#emptied?.();
  }

  /** Whether `bytes` more may wait, all connections together. */
  hasRoomFor(bytes: number): boolean {
    return this.#queuedBytes + bytes <= this.#limits.maxTotalQueueBytes;
  }

  /** A connection's queue grew or, when negative, shrank. */
  noteQueued(bytes: number): void {
    this.#queuedBytes += bytes;
  }

  /** Lets every connection look at its deadlines. */
  sweep(now: number): void {
    for (const connection of this.#all) connection.checkDeadlines(now);
  }

  /** Ends all connections; resolves when their sockets are gone. */
  stopAll(reason: string): Promise<void> {
    for (const connection of this.#all) connection.stop(reason);
    if (this.#all.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#emptied = resolve;
    });
  }

  /** Drops what `stopAll` could not end in time. */
  destroyAll(reason: string): void {
    for (const connection of this.#all) connection.destroy(reason);
  }
}

function keyOf(connection: StreamConnection): string {
  return remoteKey(connection.transport, connection.remoteAddress, connection.remotePort);
}

function remoteKey(transport: string, address: string, port: number): string {
  return `${transport} ${address} ${port}`;
}
