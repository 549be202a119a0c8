import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { type SipMessage, SipRequest } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { StreamFramer } from '../../src/sip/stream-framer.ts';

/** A TCP connection that speaks SIP, and hands out what comes in order. */
export class TcpPeer {
  readonly port: number;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #inbox: SipMessage[] = [];
  #wake: (() => void) | undefined = undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.localPort ?? 0;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => {});
  }

  /** Connects to a port of 127.0.0.1, from a port of its own choice when one is given. */
  static async open(port: number, localPort?: number): Promise<TcpPeer> {
    // By its address, so that nobody's port on another one is in the way.
    const from = localPort !== undefined && { localPort, localAddress: '127.0.0.1' };
    const socket = createConnection({ host: '127.0.0.1', port, ...from });
    await once(socket, 'connect');
    return new TcpPeer(socket);
  }

  /** Speaks SIP on a connection that somebody else has opened. */
  static of(socket: Socket): TcpPeer {
    return new TcpPeer(socket);
  }

  send(bytes: Buffer | string): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next message that `wants` takes. */
  async next<T extends SipMessage>(wants: (message: SipMessage) => message is T): Promise<T> {
    for (;;) {
      const index = this.#inbox.findIndex(wants);
      const [found] = index < 0 ? [] : this.#inbox.splice(index, 1);
      if (found && wants(found)) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next request of that method. */
  request(method: string): Promise<SipRequest> {
    return this.next((message): message is SipRequest => message instanceof SipRequest && message.method === method);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#framer.push(chunk);
    for (let item = this.#framer.next(); item !== undefined; item = this.#framer.next()) {
      if (typeof item === 'string') continue;
      if (isSipError(item)) return;
      const message = parseMessage(item);
      if (!isSipError(message)) this.#inbox.push(message);
    }
    this.#wake?.();
  }
}
