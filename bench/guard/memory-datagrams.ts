import type {
  DatagramBatch,
  DatagramDriver,
  DatagramReceiver,
  DatagramSocket,
} from '../../src/transport/datagram-driver.ts';

/** Takes one datagram that the server sent. */
export type Sink = (bytes: Buffer) => void;

/** UDP without a kernel: what is delivered reaches the server at once, what it sends goes to `sink`. */
export class MemoryDatagrams implements DatagramDriver, DatagramSocket {
  readonly port = 5060;
  readonly queuedBytes = 0;
  sink: Sink = () => {};
  // The server may send, and so be delivered to, while it receives: the inner datagram has a batch of its own.
  readonly #batches = [new OneDatagram(), new OneDatagram(), new OneDatagram()];
  #depth = 0;
  #receiver: DatagramReceiver | undefined = undefined;

  /** Hands one datagram to the server. */
  deliver(bytes: Buffer): void {
    const batch = this.#batches[this.#depth++] as OneDatagram;
    batch.held = bytes;
    this.#receiver?.onDatagrams(batch);
    this.#depth--;
  }

  bind(): Promise<DatagramSocket> {
    return Promise.resolve(this);
  }

  receive(receiver: DatagramReceiver): void {
    this.#receiver = receiver;
  }

  send(bytes: Buffer): void {
    this.sink(bytes);
  }

  flush(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class OneDatagram implements DatagramBatch {
  readonly count = 1;
  held: Buffer = Buffer.alloc(0);

  bytes(): Buffer {
    return this.held;
  }

  address(): string {
    return '127.0.0.1';
  }

  port(): number {
    return 40_000;
  }
}
