import type {
  DatagramBatch,
  DatagramDriver,
  DatagramReceiver,
  DatagramSocket,
} from '../../src/transport/datagram-driver.ts';

const SLAB_BYTES = 65_536;

/** Takes one datagram that the server sent; good until the next one. */
export type Sink = (bytes: Buffer) => void;

/** UDP without a kernel: what is delivered reaches the server at once, what it sends goes to `sink`. */
export class MemoryDatagrams implements DatagramDriver, DatagramSocket {
  readonly port = 5060;
  readonly queuedBytes = 0;
  sink: Sink = () => {};
  // The server may send, and so be delivered to, while it receives: the inner datagram has a batch of its own.
  readonly #batches = [new OneDatagram(), new OneDatagram(), new OneDatagram()];
  // What is sent while another datagram is still looked at lies elsewhere.
  readonly #slabs = Array.from({ length: this.#batches.length + 1 }, () => new SendSlab());
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

  // As the batched driver does: the text is written where a system call would take it from, and no Buffer is made.
  sendLatin1(text: string): void {
    const slab = this.#slabs[this.#depth] as SendSlab;
    this.sink(slab.write(text));
  }

  flush(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where what is sent lies until the next: the same Buffer for texts of the same length. */
class SendSlab {
  readonly #bytes = Buffer.alloc(SLAB_BYTES);
  readonly #views: (Buffer | undefined)[] = [];

  write(text: string): Buffer {
    this.#bytes.write(text, 0, 'latin1');
    this.#views[text.length] ??= this.#bytes.subarray(0, text.length);
    return this.#views[text.length] as Buffer;
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
