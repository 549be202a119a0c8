import assert from 'node:assert/strict';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { silentLogger } from '../../base/logger.ts';
import { parseVia, type Via } from '../../sip/headers/via.ts';
import { isSipError } from '../../sip/sip-error.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { Listener } from '../flow.ts';
import { type ListenAddress, parseListenAddress } from '../listen-address.ts';
import { TransportLayer, type TransportParts } from '../transport-layer.ts';
import { RecordingHandler } from './recording-handler.ts';

/** A reason to skip, visible in the output, when the machine has no IPv6 loopback; else false. */
export const skipWithoutIpv6: string | false = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)
  ? false
  : 'this machine has no ::1';

export function listenOn(...texts: readonly string[]): readonly ListenAddress[] {
  return texts.map((text) => {
    const listen = parseListenAddress(text);
    assert.ok(typeof listen !== 'string', String(listen));
    return listen;
  });
}

/** A started transport layer with what a test looks at. */
export interface Running {
  readonly layer: TransportLayer;
  readonly handler: RecordingHandler;
  readonly clock: FakeClock;
  readonly listener: Listener;
}

export async function startLayer(
  listen: readonly string[],
  parts: Partial<Omit<TransportParts, 'listen'>> = {},
): Promise<Running> {
  const handler = new RecordingHandler();
  const clock = new FakeClock();
  const layer = new TransportLayer({ listen: listenOn(...listen), handler, clock, logger: silentLogger, ...parts });
  await layer.start();
  const [listener] = layer.listeners;
  assert.ok(listener);
  return { layer, handler, clock, listener };
}

/** A UDP peer. */
export class UdpPeer {
  readonly socket: DatagramSocket;
  readonly received: { readonly text: string; readonly port: number }[] = [];
  #waiting: () => void = () => {};

  private constructor(socket: DatagramSocket) {
    this.socket = socket;
    socket.on('message', (bytes, { port }) => {
      this.received.push({ text: bytes.toString('latin1'), port });
      this.#waiting();
    });
  }

  static async bind(address = '127.0.0.1'): Promise<UdpPeer> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new UdpPeer(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  send(text: string, to: Listener): void {
    this.socket.send(Buffer.from(text, 'latin1'), to.port, to.address);
  }

  /** The datagram of that index, as soon as it is there. */
  async datagram(index = 0): Promise<{ readonly text: string; readonly port: number }> {
    for (;;) {
      const datagram = this.received[index];
      if (datagram) return datagram;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  close(): void {
    this.socket.close();
  }
}

/** One side of a TCP connection, as a phone has it. */
export class TcpPeer {
  readonly socket: Socket;
  /** Resolves when the socket is gone, whatever ended it. */
  readonly gone: Promise<void>;
  /** Resolves when the other side has ended. */
  readonly ended: Promise<void>;
  text: string;
  #waiting: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.text = '';
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    this.ended = new Promise((resolve) => socket.once('end', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      this.#waiting();
    });
  }

  /** Begins to connect; the other side may refuse. */
  static dial(to: Listener): TcpPeer {
    return new TcpPeer(connect({ host: to.address, port: to.port, allowHalfOpen: true }));
  }

  static async connect(to: Listener): Promise<TcpPeer> {
    const peer = TcpPeer.dial(to);
    await once(peer.socket, 'connect');
    return peer;
  }

  get port(): number {
    return this.socket.localPort ?? 0;
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves when all that came so far contains `text`. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}

/** A TCP server that takes connections and keeps what they say. */
export class TcpServerPeer {
  readonly server: Server;
  readonly peers: TcpPeer[] = [];

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket) => this.peers.push(new TcpPeer(socket)));
  }

  static async listen(address = '127.0.0.1'): Promise<TcpServerPeer> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, address);
    await once(server, 'listening');
    return new TcpServerPeer(server);
  }

  get port(): number {
    const address = this.server.address();
    assert.ok(address !== null && typeof address === 'object');
    return address.port;
  }

  async peer(index = 0): Promise<TcpPeer> {
    for (;;) {
      const peer = this.peers[index];
      if (peer) return peer;
      await once(this.server, 'connection');
    }
  }

  close(): void {
    for (const { socket } of this.peers) socket.destroy();
    this.server.close();
  }
}

/** Lets the event loop turn until `condition` holds, for what no event announces. */
export async function turnUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** A message with a Content-Length, so that a stream can carry it. */
export function message(name: string, body = ''): string {
  return `OPTIONS sip:${name}@example.org SIP/2.0\r\nCall-ID: ${name}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

export function via(text: string): Via {
  const parsed = parseVia(text);
  assert.ok(!isSipError(parsed));
  return parsed;
}
