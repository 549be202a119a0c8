import { AF_INET, addressOf } from './libc.ts';

/** A `struct sockaddr_in` of the loopback network that the kernel can read and fill in. */
export class LoopbackAddress {
  readonly #block = new ArrayBuffer(32);
  readonly #view: DataView;
  readonly address: number;
  readonly length = 16;

  /** @param host the last byte of the address: 127.0.0.`host` */
  constructor(port: number, host = 1) {
    this.#view = new DataView(this.#block);
    this.address = addressOf(this.#block);
    this.#view.setUint16(0, AF_INET, true);
    this.#view.setUint16(2, port, false);
    this.#view.setUint32(4, 0x7f000000 + host, false);
    this.#view.setUint32(16, this.length, true);
  }

  /** Where the length stands that getsockname(2) reads and writes. */
  get lengthAddress(): number {
    return this.address + 16;
  }

  get port(): number {
    return this.#view.getUint16(2, false);
  }
}
