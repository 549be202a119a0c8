import type { DatagramReceiver, DatagramSocket } from './datagram-driver.ts';
import type { DatagramPump, PumpedSocket } from './datagram-pump.ts';
import { EAGAIN, EINTR, EMSGSIZE, ENOBUFS, type Libc } from './libc.ts';
import type { ReceiveSlab } from './receive-slab.ts';
import { maxDatagramBytes, type SendSlab } from './send-slab.ts';
import { systemError } from './system-error.ts';

// The send buffer is full, or the device's queue is: both empty themselves within about that time.
const retryMs = 1;
// ICMP errors are said once each, before the datagrams behind them; what goes on for longer is something else.
const maxErrorsInARow = 8;
// An error that does not go away is asked for again after so long, instead of in every turn of the event loop.
const pauseAfterErrorsMs = 100;

/** A datagram that waits behind a full send buffer. */
interface Waiting {
  readonly bytes: Buffer;
  readonly address: string;
  readonly port: number;
}

/** A send that failed, to be told when the receiver is not in the middle of something. */
interface Failure {
  readonly error: Error;
  readonly address: string;
  readonly port: number;
}

/** What a socket is made of. */
export interface MmsgSocketParts {
  readonly libc: Libc;
  readonly fd: number;
  readonly port: number;
  readonly pump: DatagramPump;
  readonly incoming: ReceiveSlab;
  readonly outgoing: SendSlab;
}

/** One bound UDP socket that receives by recvmmsg and sends by sendmmsg. */
export class MmsgSocket implements DatagramSocket, PumpedSocket {
  readonly fd: number;
  readonly port: number;
  readonly #libc: Libc;
  readonly #pump: DatagramPump;
  readonly #incoming: ReceiveSlab;
  readonly #outgoing: SendSlab;
  readonly #retry: () => void;
  readonly #flushLater: () => void;
  #receiver: DatagramReceiver | undefined;
  #receiving: boolean;
  #flushPlanned: boolean;
  /** While the system takes nothing: the slab keeps what it has, and what comes later waits behind it. */
  #blocked: boolean;
  #waiting: Waiting[];
  #waitingBytes: number;
  #failures: Failure[];
  #errorsInARow: number;
  #retryTimer: NodeJS.Timeout | undefined;
  #pauseTimer: NodeJS.Timeout | undefined;
  #closed: boolean;

  /** @param parts of a bound descriptor, which belongs to the socket from now on */
  constructor(parts: MmsgSocketParts) {
    this.fd = parts.fd;
    this.port = parts.port;
    this.#libc = parts.libc;
    this.#pump = parts.pump;
    this.#incoming = parts.incoming;
    this.#outgoing = parts.outgoing;
    this.#retry = () => this.#unblock();
    this.#flushLater = () => {
      this.#flushPlanned = false;
      this.flush();
    };
    this.#receiver = undefined;
    this.#receiving = false;
    this.#flushPlanned = false;
    this.#blocked = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#failures = [];
    this.#errorsInARow = 0;
    this.#retryTimer = undefined;
    this.#pauseTimer = undefined;
    this.#closed = false;
  }

  receive(receiver: DatagramReceiver): void {
    if (this.#closed) return;
    this.#receiver = receiver;
    this.#pump.add(this);
  }

  get queuedBytes(): number {
    return this.#blocked ? this.#outgoing.byteLength + this.#waitingBytes : 0;
  }

  send(bytes: Buffer, address: string, port: number): void {
    if (this.#closed) return;
    if (bytes.length > maxDatagramBytes) {
      this.#fail(EMSGSIZE, address, port);
    } else if (this.#blocked || !this.#hold(bytes, address, port)) {
      this.#waiting.push({ bytes, address, port });
      this.#waitingBytes += bytes.length;
    }
    if (!this.#receiving) this.#planFlush();
  }

  sendLatin1(text: string, address: string, port: number): void {
    const isHeld = !this.#closed && !this.#blocked && this.#outgoing.addLatin1(text, address, port);
    if (!isHeld) this.send(Buffer.from(text, 'latin1'), address, port);
    else if (!this.#receiving) this.#planFlush();
  }

  flush(): void {
    if (!this.#closed && !this.#blocked) this.#transmit();
    if (this.#failures.length === 0) return;
    const failures = this.#failures;
    this.#failures = [];
    for (const { error, address, port } of failures) this.#receiver?.onSendError(error, address, port);
  }

  /** Takes what has arrived, at most one batch, and delivers it; returns how many datagrams that were. */
  pump(): number {
    const receiver = this.#receiver;
    if (!receiver) return 0;
    const count = this.#incoming.receive(this.fd);
    if (count > 0) {
      this.#errorsInARow = 0;
      this.#receiving = true;
      try {
        receiver.onDatagrams(this.#incoming);
      } finally {
        this.#receiving = false;
        this.flush();
      }
      return count;
    }
    if (count < 0) this.#receiveFailed(receiver, this.#libc.errno());
    return 0;
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.flush();
      this.#closed = true;
      this.#receiver = undefined;
      this.#waiting = [];
      this.#failures = [];
      clearTimeout(this.#retryTimer);
      clearTimeout(this.#pauseTimer);
      this.#pump.remove(this);
      this.#libc.close(this.fd);
    }
    return Promise.resolve();
  }

  /** Puts a datagram into the slab, emptying it first when it is full; false when it must wait. */
  #hold(bytes: Buffer, address: string, port: number): boolean {
    if (this.#outgoing.add(bytes, address, port)) return true;
    this.#transmit();
    return this.#outgoing.add(bytes, address, port);
  }

  #transmit(): void {
    const outgoing = this.#outgoing;
    while (!outgoing.isEmpty) {
      if (outgoing.send(this.fd) > 0) continue;
      const errno = this.#libc.errno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN || errno === ENOBUFS) {
        this.#block();
        return;
      }
      // Nothing of what was asked for was sent: the error is that of the first datagram.
      this.#fail(errno, outgoing.firstAddress, outgoing.firstPort);
      outgoing.dropFirst();
    }
  }

  #block(): void {
    this.#blocked = true;
    this.#retryTimer = setTimeout(this.#retry, retryMs);
  }

  #unblock(): void {
    this.#blocked = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#transmit();
    for (const { bytes, address, port } of waiting) this.send(bytes, address, port);
    this.flush();
  }

  #planFlush(): void {
    if (this.#flushPlanned || this.#blocked) return;
    this.#flushPlanned = true;
    process.nextTick(this.#flushLater);
  }

  #fail(errno: number, address: string, port: number): void {
    this.#failures.push({ error: systemError('sendmmsg', errno, `${address}:${port}`), address, port });
  }

  #receiveFailed(receiver: DatagramReceiver, errno: number): void {
    if (errno === EAGAIN || errno === EINTR) {
      this.#errorsInARow = 0;
      return;
    }
    this.#errorsInARow += 1;
    if (this.#errorsInARow >= maxErrorsInARow) this.#pause();
    receiver.onSocketError(systemError('recvmmsg', errno));
  }

  #pause(): void {
    this.#errorsInARow = 0;
    this.#pump.remove(this);
    this.#pauseTimer = setTimeout(() => this.#pump.add(this), pauseAfterErrorsMs);
  }
}
