import type {
  DatagramBatch,
  DatagramBinding,
  DatagramDriver,
  DatagramReceiver,
  DatagramSocket,
} from '../../src/transport/datagram-driver.ts';
import type { Flow, Listener, SendResult, TransportName } from '../../src/transport/flow.ts';

/** Takes what a server sends: the bytes as text, one character for each, and where they went. */
export type Record = (sent: string, destination: string) => void;

/** UDP without a system: what a test delivers reaches the server at once, what it sends is recorded. */
export class RecordedSockets implements DatagramDriver {
  readonly #sockets = new Map<string, RecordedSocket>();
  readonly #record: Record;

  constructor(record: Record) {
    this.#record = record;
  }

  bind({ address, port }: DatagramBinding): Promise<DatagramSocket> {
    const socket = new RecordedSocket(address, port, this.#record);
    this.#sockets.set(address, socket);
    return Promise.resolve(socket);
  }

  /** Delivers one datagram to the socket that is bound to `local`. */
  deliver(local: string, bytes: Buffer, address: string, port: number): void {
    this.#sockets.get(local)?.deliver(bytes, address, port);
  }
}

class RecordedSocket implements DatagramSocket {
  readonly port: number;
  readonly queuedBytes = 0;
  readonly #address: string;
  readonly #record: Record;
  #receiver: DatagramReceiver | undefined = undefined;

  constructor(address: string, port: number, record: Record) {
    this.port = port;
    this.#address = address;
    this.#record = record;
  }

  receive(receiver: DatagramReceiver): void {
    this.#receiver = receiver;
  }

  deliver(bytes: Buffer, address: string, port: number): void {
    this.#receiver?.onDatagrams(new OneDatagram(bytes, address, port));
  }

  send(bytes: Buffer, address: string, port: number): void {
    this.#record(bytes.toString('latin1'), `${this.#address} to ${address} ${port}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class OneDatagram implements DatagramBatch {
  readonly count = 1;
  readonly #bytes: Buffer;
  readonly #address: string;
  readonly #port: number;

  constructor(bytes: Buffer, address: string, port: number) {
    this.#bytes = bytes;
    this.#address = address;
    this.#port = port;
  }

  bytes(): Buffer {
    return this.#bytes;
  }

  address(): string {
    return this.#address;
  }

  port(): number {
    return this.#port;
  }
}

/** A connection without a system: what is sent on it is recorded. */
export class RecordedConnection implements Flow {
  readonly id: number;
  readonly transport: TransportName = 'tcp';
  readonly listener: Listener;
  readonly localAddress = '127.0.0.1';
  readonly localPort = 5060;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly reliable = true;
  /** What becomes of the messages that are sent on it. */
  result: SendResult = 'sent';
  readonly #record: Record;

  constructor(id: number, remoteAddress: string, remotePort: number, record: Record) {
    this.id = id;
    this.listener = tcpListener;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.#record = record;
  }

  get open(): boolean {
    return this.result !== 'closed';
  }

  send(bytes: Buffer): SendResult {
    this.#record(bytes.toString('latin1'), `connection ${this.id}, ${this.result}`);
    return this.result;
  }
}

const tcpListener: Listener = {
  transport: 'tcp',
  address: '127.0.0.1',
  port: 5060,
  advertisedHost: '127.0.0.1',
  advertisedPort: 5060,
  toString: () => 'tcp:127.0.0.1:5060',
};
