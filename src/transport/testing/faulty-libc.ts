import type { Libc } from '../libc.ts';

/** The calls that a test makes fail. */
export type FaultyCall = 'recvmmsg' | 'sendmmsg' | 'socket' | 'setsockopt';

/**
 * The real C library, except where a test plans a failure: what no test can make the kernel do on a loopback
 * interface, such as a full send buffer.
 */
export class FaultyLibc {
  readonly libc: Libc;
  readonly calls: { readonly call: FaultyCall; readonly result: number }[] = [];
  readonly #planned: Map<FaultyCall, number[]> = new Map();
  #errno = 0;

  constructor(real: Libc) {
    const answer = (call: FaultyCall, run: () => number): number => {
      const errno = this.#planned.get(call)?.shift() ?? 0;
      const result = errno > 0 ? -1 : run();
      this.#errno = errno;
      this.calls.push({ call, result });
      return result;
    };
    this.libc = {
      ...real,
      socket: (...parts) => answer('socket', () => real.socket(...parts)),
      setsockopt: (...parts) => answer('setsockopt', () => real.setsockopt(...parts)),
      recvmmsg: (...parts) => answer('recvmmsg', () => real.recvmmsg(...parts)),
      sendmmsg: (fd, messages, count, flags) =>
        answer('sendmmsg', () => real.sendmmsg(fd, messages, Math.min(count, this.sendAtMost), flags)),
      errno: () => this.#errno || real.errno(),
    };
  }

  /** What one sendmmsg takes at most. */
  sendAtMost = Number.MAX_SAFE_INTEGER;

  /** Lets the next calls fail, one after the other; 0 lets one through. */
  fail(call: FaultyCall, ...errnos: readonly number[]): void {
    this.#planned.set(call, [...(this.#planned.get(call) ?? []), ...errnos]);
  }

  /** How often a call was made. */
  count(call: FaultyCall): number {
    return this.calls.filter((made) => made.call === call).length;
  }
}
