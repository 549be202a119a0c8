import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TcpPeer } from './tcp-peer.ts';

/** A TCP port of 127.0.0.1 that others connect to and speak SIP. */
export class TcpListener {
  readonly port: number;
  readonly #server: Server;
  readonly #accepted: TcpPeer[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => this.#accepted.push(TcpPeer.of(socket)));
  }

  static async open(): Promise<TcpListener> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpListener(server);
  }

  /** The newest connection; waits for the first one. */
  async peer(): Promise<TcpPeer> {
    if (this.#accepted.length === 0) await once(this.#server, 'connection');
    return this.#accepted.at(-1) as TcpPeer;
  }

  close(): void {
    this.#server.close();
    for (const peer of this.#accepted) peer.close();
  }
}
