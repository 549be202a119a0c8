import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { SipError } from '../sip/sip-error.ts';
import { StreamFramer } from '../sip/stream-framer.ts';
import type { ConnectionTable } from './connection-table.ts';
import type { Flow, Listener, SendResult, TransportHandler, TransportName } from './flow.ts';
import { canonicalAddress } from './ip-address.ts';
import type { TransportLimits } from './transport-limits.ts';
import type { TransportStats } from './transport-stats.ts';

/** What a connection shares with the others of its transport layer. */
export interface ConnectionParts {
  readonly table: ConnectionTable;
  readonly handler: TransportHandler;
  readonly limits: TransportLimits;
  readonly stats: TransportStats;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nextFlowId: () => number;
}

/** RFC 5626 §3.5.1: the answer to a double CRLF. */
const pong = '\r\n';

/**
 * - `open`: requests and replies, both ways
 * - `finishing`: no more requests are read and none should be sent, but replies under way still go out
 * - `closed`: the socket is gone or about to be
 */
type ConnectionState = 'open' | 'finishing' | 'closed';

/**
 * A connection as a flow (RFC 3261 §18.3): frames what arrives, sends whole messages, and ends at a deadline. Any
 * socket event may come at any moment, also twice or in the middle of a message.
 */
export class StreamConnection implements Flow {
  readonly id: number;
  readonly transport: TransportName;
  readonly listener: Listener;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly reliable: boolean;
  readonly openedByPeer: boolean;
  readonly #socket: Socket;
  readonly #parts: ConnectionParts;
  readonly #framer: StreamFramer;
  readonly #written: () => void;
  readonly #openedAt: number;
  #state: ConnectionState;
  #spoken: boolean;
  #activeAt: number;
  #partialSince: number | undefined;
  #writtenAt: number;
  #finishingSince: number;
  #queuedBytes: number;
  #isReading: boolean;
  /** What was sent while a segment is read, one character per byte: it leaves in one write, and so in one segment. */
  #gathered: string;

  /** @param socket connected; the connection puts itself into the table and begins to deliver */
  constructor(socket: Socket, listener: Listener, openedByPeer: boolean, parts: ConnectionParts) {
    const now = parts.clock.now();
    this.id = parts.nextFlowId();
    this.transport = listener.transport;
    this.listener = listener;
    this.localAddress = canonical(socket.localAddress);
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = canonical(socket.remoteAddress);
    this.remotePort = socket.remotePort ?? 0;
    this.reliable = true;
    this.openedByPeer = openedByPeer;
    this.#socket = socket;
    this.#parts = parts;
    this.#framer = new StreamFramer();
    this.#written = () => this.#onWritten();
    this.#openedAt = now;
    this.#state = 'open';
    this.#spoken = false;
    this.#activeAt = now;
    this.#partialSince = undefined;
    this.#writtenAt = now;
    this.#finishingSince = 0;
    this.#queuedBytes = 0;
    this.#isReading = false;
    this.#gathered = '';
    parts.table.add(this);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('end', () => this.finish('ended by the peer'));
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', () => this.#onClose());
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  send(bytes: Buffer): SendResult {
    const result = this.#admit(bytes.length);
    if (result !== 'sent') return result;
    if (this.#isReading) this.#gathered += bytes.toString('latin1');
    else this.#socket.write(bytes, this.#written);
    this.#noteQueue();
    return 'sent';
  }

  sendText(text: string): SendResult {
    const result = this.#admit(text.length);
    if (result !== 'sent') return result;
    if (this.#isReading) this.#gathered += text;
    else this.#socket.write(text, 'latin1', this.#written);
    this.#noteQueue();
    return 'sent';
  }

  /**
   * No more requests; what is queued and the replies under way still go out. The socket ends as soon as its queue is
   * empty when we end it, and `halfOpenMs` later at the latest.
   */
  finish(reason: string): void {
    if (this.#state !== 'open') return;
    this.#leave('finishing', reason);
    this.#writeGathered();
    this.#finishingSince = this.#parts.clock.now();
    this.#partialSince = undefined;
    // Read on, into nothing: closing with unread bytes would reset the connection and lose the last reply.
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    // A peer that has ended its side may still wait for replies; the deadline ends ours.
    if (!this.#socket.readableEnded) this.#socket.end();
  }

  /** Ends the connection without waiting for the peer; what is queued still goes out if the peer reads it. */
  stop(reason: string): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#leave('finishing', reason);
    this.#writeGathered();
    this.#finishingSince = this.#parts.clock.now();
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    this.#socket.destroySoon();
  }

  /** Drops the connection and everything queued. */
  destroy(reason: string): void {
    if (this.#state === 'closed') return;
    this.#leave('closed', reason);
    this.#socket.destroy();
  }

  /** Ends the connection when one of its deadlines has passed; called every `sweepMs`. */
  checkDeadlines(now: number): void {
    const { limits, stats } = this.#parts;
    if (this.#state === 'closed') return;
    if (this.#state === 'finishing') {
      if (now - this.#finishingSince >= limits.halfOpenMs) this.destroy('half open for too long');
    } else if (this.#queuedBytes > 0 && now - this.#writtenAt >= limits.stalledSendMs) {
      stats.closedStalled += 1;
      this.destroy('the peer does not read');
    } else if (this.#partialSince !== undefined && now - this.#partialSince >= limits.partialMessageMs) {
      stats.closedPartial += 1;
      this.destroy('a message was not completed in time');
    } else if (this.openedByPeer && !this.#spoken && now - this.#openedAt >= limits.firstMessageMs) {
      stats.closedSilent += 1;
      this.destroy('the peer has said nothing');
    } else if (now - this.#activeAt >= limits.idleMs) {
      stats.closedIdle += 1;
      this.finish('idle');
    }
  }

  #onData(chunk: Buffer): void {
    const framer = this.#framer;
    framer.push(chunk);
    this.#isReading = true;
    let progress = false;
    while (this.#state === 'open') {
      const item = framer.next();
      if (item === undefined) break;
      progress = true;
      if (item instanceof SipError) this.#onBadStream(item);
      else this.#deliver(item);
    }
    this.#isReading = false;
    this.#writeGathered();
    if (this.#state !== 'open') return;
    const now = this.#parts.clock.now();
    if (progress) {
      this.#spoken = true;
      this.#activeAt = now;
      this.#partialSince = undefined;
    }
    if (framer.pendingBytes > 0) this.#partialSince ??= now;
  }

  /** Whether a message may go out, counted. */
  #admit(length: number): SendResult {
    const { stats, limits, table, clock } = this.#parts;
    if (this.#state === 'closed' || !this.#socket.writable) {
      stats.sendsToClosed += 1;
      return 'closed';
    }
    if (this.#queuedBytes + length > limits.maxConnectionQueueBytes || !table.hasRoomFor(length)) {
      stats.sendOverflows += 1;
      return 'overflow';
    }
    stats.streamMessagesSent += 1;
    stats.bytesSent += length;
    this.#activeAt = clock.now();
    if (this.#queuedBytes === 0) this.#writtenAt = this.#activeAt;
    return 'sent';
  }

  /** Gives the socket what was sent while a segment was read. */
  #writeGathered(): void {
    const text = this.#gathered;
    if (text === '') return;
    this.#gathered = '';
    if (this.#state !== 'closed') this.#socket.write(text, 'latin1', this.#written);
    this.#noteQueue();
  }

  #deliver(item: Buffer | 'keepalive-ping' | 'keepalive-pong'): void {
    const { stats, handler } = this.#parts;
    if (item === 'keepalive-ping') {
      stats.streamPings += 1;
      this.sendText(pong);
      handler.onDropped('keepalive', this);
    } else if (item === 'keepalive-pong') {
      stats.streamPongs += 1;
      handler.onDropped('keepalive', this);
    } else {
      stats.streamMessagesReceived += 1;
      stats.bytesReceived += item.length;
      handler.onMessage(this, item);
    }
  }

  /** RFC 3261 §18.3: without a Content-Length that can be trusted nobody knows where the next message begins. */
  #onBadStream(problem: SipError): void {
    const { stats, handler, logger } = this.#parts;
    stats.badStreams += 1;
    logger.debug('stream framing lost', {
      remote: this.remoteAddress,
      port: this.remotePort,
      problem: problem.message,
    });
    handler.onDropped('bad-stream', this, problem, this.#framer.lostBytes);
    this.finish('framing lost');
  }

  #onWritten(): void {
    this.#writtenAt = this.#parts.clock.now();
    this.#noteQueue();
  }

  /** Keeps the table's total equal to what the sockets hold. */
  #noteQueue(): void {
    const queued = this.#state === 'closed' ? 0 : this.#socket.writableLength + this.#gathered.length;
    if (queued === this.#queuedBytes) return;
    this.#parts.table.noteQueued(queued - this.#queuedBytes);
    this.#queuedBytes = queued;
  }

  #onError(error: Error): void {
    this.#parts.stats.socketErrors += 1;
    this.#parts.logger.debug('connection failed', {
      remote: this.remoteAddress,
      port: this.remotePort,
      error: error.message,
    });
    this.destroy(error.message);
  }

  #onClose(): void {
    this.destroy('closed');
    this.#parts.table.remove(this);
  }

  #leave(state: 'finishing' | 'closed', reason: string): void {
    const wasOpen = this.#state === 'open';
    this.#state = state;
    if (state === 'closed') this.#noteQueue();
    this.#parts.table.retire(this);
    if (wasOpen) this.#parts.handler.onFlowClosed(this, reason);
  }
}

function canonical(address: string | undefined): string {
  return address === undefined ? '' : (canonicalAddress(address) ?? address);
}
