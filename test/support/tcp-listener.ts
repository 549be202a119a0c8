import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TcpPeer } from './tcp-peer.ts';

/** A TCP port of 127.0.0.1 that others connect to and speak SIP. */
export class TcpListener {
  readonly port: number;
  readonly #server: Server;
  #open: readonly TcpPeer[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => {
      const peer = TcpPeer.of(socket);
      this.#open = [...this.#open, peer];
      socket.once('close', () => {
        this.#open = this.#open.filter((other) => other !== peer);
      });
    });
  }

  static async open(): Promise<TcpListener> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpListener(server);
  }

  /** The newest connection that is still there; waits for one. */
  async peer(): Promise<TcpPeer> {
    for (;;) {
      const newest = this.#open.at(-1);
      if (newest !== undefined) return newest;
      await once(this.#server, 'connection');
    }
  }

  close(): void {
    this.#server.close();
    for (const peer of this.#open) peer.close();
  }
}
