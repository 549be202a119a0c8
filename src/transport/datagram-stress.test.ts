import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DatagramBatch, DatagramReceiver, DatagramSocket } from './datagram-driver.ts';
import { testedDrivers } from './testing/datagram-drivers.ts';
import { skipWithoutIpv6 } from './testing/harness.ts';

const datagrams = 200_000;
// Far from filling a receive buffer: on loopback nothing may be lost then, so every count is exact.
const window = 256;
const sources = 8;

/** Numbers every datagram and wants every answer exactly once, in its order. */
class Asker implements DatagramReceiver {
  readonly done: Promise<void>;
  readonly #socket: DatagramSocket;
  readonly #to: { readonly address: string; readonly port: number };
  readonly #count: number;
  #sent = 0;
  #answered = 0;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;

  constructor(socket: DatagramSocket, to: { readonly address: string; readonly port: number }, count: number) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#socket = socket;
    this.#to = to;
    this.#count = count;
    socket.receive(this);
    this.#send();
  }

  onDatagrams(batch: DatagramBatch): void {
    for (let index = 0; index < batch.count; index += 1) {
      const bytes = batch.bytes(index);
      const problem =
        bytes.length !== 4 + (this.#answered % 700) || bytes.readUInt32LE(0) !== this.#answered
          ? `answer ${this.#answered} is ${bytes.length} bytes and says ${bytes.readUInt32LE(0)}`
          : batch.port(index) !== this.#to.port || batch.address(index) !== this.#to.address
            ? `answer from ${batch.address(index)}:${batch.port(index)}`
            : undefined;
      if (problem !== undefined) this.#reject(new Error(problem));
      this.#answered += 1;
    }
    if (this.#answered === this.#count) this.#resolve();
    else this.#send();
  }

  onSendError(error: Error): void {
    this.#reject(error);
  }

  onSocketError(error: Error): void {
    this.#reject(error);
  }

  #send(): void {
    while (this.#sent < this.#count && this.#sent - this.#answered < window / sources) {
      const bytes = Buffer.alloc(4 + (this.#sent % 700));
      bytes.writeUInt32LE(this.#sent, 0);
      this.#sent += 1;
      this.#socket.send(bytes, this.#to.address, this.#to.port);
    }
  }
}

for (const { name, driver, skip: skipDriver } of testedDrivers) {
  for (const [address, skip] of [
    ['127.0.0.1', false],
    ['::1', skipWithoutIpv6],
  ] as const) {
    describe(`${datagrams / 2} datagrams by ${name} to ${address}`, {
      timeout: 60_000,
      skip: skipDriver || skip,
    }, () => {
      it('each arrives once, in the order of its source, and so does each answer', async () => {
        const binding = { address, port: 0, receiveBufferBytes: 4 * 1024 * 1024 };
        const server = await driver.bind(binding);
        let served = 0;
        server.receive({
          onDatagrams(batch) {
            for (let index = 0; index < batch.count; index += 1) {
              served += 1;
              server.send(Buffer.from(batch.bytes(index)), batch.address(index), batch.port(index));
            }
          },
          onSendError: assert.fail,
          onSocketError: assert.fail,
        });
        const each = datagrams / 4 / sources;
        const sockets = await Promise.all(Array.from({ length: sources }, () => driver.bind(binding)));
        await Promise.all(sockets.map((socket) => new Asker(socket, { address, port: server.port }, each).done));
        assert.equal(served, datagrams / 4);
        await Promise.all([server, ...sockets].map((socket) => socket.close()));
      });
    });
  }
}
