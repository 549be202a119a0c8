import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { LookupOneOptions } from 'node:dns';
import type {
  DatagramBatch,
  DatagramBinding,
  DatagramDriver,
  DatagramReceiver,
  DatagramSocket,
} from './datagram-driver.ts';
import { familyOf } from './ip-address.ts';

/** UDP by `node:dgram`: works everywhere, one system call and one event per datagram. */
export const dgramDriver: DatagramDriver = {
  bind(binding: DatagramBinding): Promise<DatagramSocket> {
    return new Promise((resolve, reject) => {
      const family = familyOf(binding.address);
      const socket = createSocket({
        type: family === 6 ? 'udp6' : 'udp4',
        // A listener on :: and one on 0.0.0.0 with the same port are two sockets.
        ipv6Only: family === 6,
        recvBufferSize: binding.receiveBufferBytes,
        lookup: asItIs,
      });
      const failed = (error: Error): void => {
        socket.close();
        reject(error);
      };
      socket.once('error', failed);
      socket.bind({ address: binding.address, port: binding.port, exclusive: true }, () => {
        socket.off('error', failed);
        resolve(new DgramSocket(socket));
      });
    });
  },
};

/** Only IP literals are sent to, and `dns.lookup` would defer even those to the next tick. */
function asItIs(
  address: string,
  _options: LookupOneOptions,
  done: (error: null, address: string, family: number) => void,
): void {
  done(null, address, familyOf(address));
}

class DgramSocket implements DatagramSocket {
  readonly port: number;
  readonly #socket: Socket;
  readonly #batch: BatchOfOne;
  readonly #sent: (error: Error | null) => void;
  #receiver: DatagramReceiver | undefined;
  #closed: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.port = socket.address().port;
    this.#socket = socket;
    this.#batch = new BatchOfOne();
    this.#receiver = undefined;
    this.#closed = undefined;
    // One callback for all sends: the error itself names the destination.
    this.#sent = (error) => {
      if (!error || this.#closed) return;
      const { address = '', port = 0 } = error as Error & { readonly address?: string; readonly port?: number };
      this.#receiver?.onSendError(error, address, port);
    };
    socket.on('error', (error) => this.#receiver?.onSocketError(error));
  }

  receive(receiver: DatagramReceiver): void {
    this.#receiver = receiver;
    this.#socket.on('message', (bytes, source) => {
      this.#batch.hold(bytes, source);
      receiver.onDatagrams(this.#batch);
    });
  }

  get queuedBytes(): number {
    return this.#closed ? 0 : this.#socket.getSendQueueSize();
  }

  send(bytes: Buffer, address: string, port: number): void {
    if (!this.#closed) this.#socket.send(bytes, port, address, this.#sent);
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#receiver = undefined;
      this.#socket.removeAllListeners('message');
      this.#socket.close(resolve);
    });
    return this.#closed;
  }
}

class BatchOfOne implements DatagramBatch {
  readonly count: number;
  #bytes: Buffer;
  #address: string;
  #port: number;

  constructor() {
    this.count = 1;
    this.#bytes = Buffer.alloc(0);
    this.#address = '';
    this.#port = 0;
  }

  hold(bytes: Buffer, source: RemoteInfo): void {
    this.#bytes = bytes;
    this.#address = source.address;
    this.#port = source.port;
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
