import { createRequest } from '../../src/sip/create-request.ts';
import { createResponse } from '../../src/sip/create-response.ts';
import { type SipMessage, SipRequest, SipResponse } from '../../src/sip/message.ts';
import { TcpListener } from '../support/tcp-listener.ts';
import { TcpPeer } from '../support/tcp-peer.ts';

/** A phone that registers by a TCP connection of its own each time, and has a port where others call it. */
export class TcpPhone {
  readonly user: string;
  readonly #listener: TcpListener;
  readonly #connections: TcpPeer[] = [];
  #cseq = 0;

  private constructor(user: string, listener: TcpListener) {
    this.user = user;
    this.#listener = listener;
  }

  static async open(user: string): Promise<TcpPhone> {
    return new TcpPhone(user, await TcpListener.open());
  }

  get contact(): string {
    return `sip:${this.user}@127.0.0.1:${this.#listener.port};transport=tcp`;
  }

  /** Registers, or refreshes by the same call; the connection stays. */
  async registerAt(serverPort: number): Promise<SipResponse> {
    const connection = await TcpPeer.open(serverPort);
    this.#connections.push(connection);
    this.#cseq += 1;
    const aor = `<sip:${this.user}@example.com>`;
    const request = createRequest({
      method: 'REGISTER',
      uri: 'sip:example.com',
      headers: [
        ['Via', `SIP/2.0/TCP 127.0.0.1:${connection.port};branch=z9hG4bK${this.user}${connection.port}`],
        ['Max-Forwards', '70'],
        ['From', `${aor};tag=${this.user}`],
        ['To', aor],
        ['Call-ID', `${this.#listener.port}@tcp`],
        ['CSeq', `${this.#cseq} REGISTER`],
        ['Contact', `<${this.contact}>;expires=600`],
      ],
      body: Buffer.alloc(0),
    });
    connection.send(request.toBuffer());
    return connection.next((message: SipMessage) => message instanceof SipResponse);
  }

  /** Waits at its port for a MESSAGE, and answers it; where it was sent to. */
  async answerMessage(): Promise<string> {
    const peer = await this.#listener.peer();
    const request = await peer.next((message: SipMessage) => message instanceof SipRequest);
    peer.send(createResponse(request, 200, 'OK', { toTag: this.user }).toBuffer());
    return request.uriText;
  }

  close(): void {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
  }
}
