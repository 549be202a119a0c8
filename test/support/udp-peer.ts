import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';

/** How long a peer waits for what must come; nothing is asserted about time. */
const patienceMs = 10_000;

interface Waiting {
  readonly wants: (message: SipRequest | SipResponse) => boolean;
  readonly take: (message: SipRequest | SipResponse) => void;
}

/** A UDP socket that speaks SIP: sends what it is told, and hands out what comes, in order. */
export class UdpPeer {
  readonly host: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #serverPort: number;
  readonly #inbox: (SipRequest | SipResponse)[] = [];
  #waiting: Waiting[] = [];

  private constructor(socket: Socket, serverPort: number, host: string) {
    this.#socket = socket;
    this.#serverPort = serverPort;
    this.host = host;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#receive(bytes));
  }

  /** Binds a free port of 127.0.0.1, or of another address of this machine, and talks to `serverPort` there. */
  static async open(serverPort: number, host = '127.0.0.1'): Promise<UdpPeer> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    return new UdpPeer(socket, serverPort, host);
  }

  /** Sends one datagram to the server. */
  send(bytes: Buffer | string): void {
    this.#socket.send(bytes, this.#serverPort, this.host);
  }

  /** The next response, whatever came before it that nobody asked for. */
  async response(wants: (response: SipResponse) => boolean = () => true): Promise<SipResponse> {
    return (await this.#next((message) => message instanceof SipResponse && wants(message))) as SipResponse;
  }

  /** The next request, of that method when one is given. */
  async request(method?: string): Promise<SipRequest> {
    const found = await this.#next(
      (message) => message instanceof SipRequest && (method === undefined || message.method === method),
    );
    return found as SipRequest;
  }

  /** Sends a request and waits for its final response, by Call-ID and CSeq. */
  async ask(request: SipRequest): Promise<SipResponse> {
    this.send(request.toBuffer());
    return this.finalFor(request);
  }

  /** The final response to a request that was sent. */
  async finalFor(request: SipRequest): Promise<SipResponse> {
    const callId = request.header('call-id');
    const cseq = request.header('cseq');
    return this.response(
      (response) => response.status >= 200 && response.header('call-id') === callId && response.header('cseq') === cseq,
    );
  }

  /** What came and was not asked for, oldest first. */
  get unread(): readonly (SipRequest | SipResponse)[] {
    return this.#inbox;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Buffer): void {
    const message = parseMessage(bytes);
    if (isSipError(message)) return;
    const index = this.#waiting.findIndex(({ wants }) => wants(message));
    if (index < 0) {
      this.#inbox.push(message);
      return;
    }
    const [waiting] = this.#waiting.splice(index, 1);
    waiting?.take(message);
  }

  #next(wants: (message: SipRequest | SipResponse) => boolean): Promise<SipRequest | SipResponse> {
    const index = this.#inbox.findIndex(wants);
    const [known] = index < 0 ? [] : this.#inbox.splice(index, 1);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        wants,
        take: (message) => {
          clearTimeout(timeout);
          resolve(message);
        },
      };
      const timeout = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        const seen = this.#inbox.map((message) =>
          message instanceof SipRequest ? message.method : `${message.status} ${message.reason}`,
        );
        reject(new Error(`nothing came that was waited for; unread: ${seen.join(', ') || 'nothing'}`));
      }, patienceMs);
      this.#waiting.push(waiting);
    });
  }
}
