import type { DatagramBinding, DatagramDriver } from './datagram-driver.ts';
import { DatagramPump, type PumpSettings } from './datagram-pump.ts';
import { familyOf, withBrackets } from './ip-address.ts';
import {
  AF_INET,
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  type Libc,
  openLibc,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from './libc.ts';
import { MmsgSocket } from './mmsg-socket.ts';
import { ReceiveSlab } from './receive-slab.ts';
import { SendSlab } from './send-slab.ts';
import { portAt, SocketAddresses, socketAddressBytes, socketAddressLength } from './socket-address.ts';
import { systemError } from './system-error.ts';

/**
 * UDP in batches, for Linux: one recvmmsg takes what has arrived, one sendmmsg sends what was answered. It delivers
 * on the thread that made it.
 */
export class MmsgDriver implements DatagramDriver {
  readonly #libc: Libc;
  readonly #addresses: SocketAddresses;
  readonly #pump: DatagramPump;
  readonly #incoming: ReceiveSlab;

  constructor(libc: Libc, pump?: PumpSettings) {
    this.#libc = libc;
    this.#addresses = new SocketAddresses(libc);
    this.#pump = new DatagramPump(libc, pump);
    this.#incoming = new ReceiveSlab(libc, this.#addresses);
  }

  async bind(binding: DatagramBinding): Promise<MmsgSocket> {
    const libc = this.#libc;
    const family = familyOf(binding.address);
    const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = libc.socket(family === 6 ? AF_INET6 : AF_INET, type, 0);
    if (fd < 0) throw systemError('socket', libc.errno());
    try {
      const port = this.#bindDescriptor(fd, family, binding);
      const outgoing = new SendSlab(libc, this.#addresses, family);
      return new MmsgSocket({ libc, fd, port, pump: this.#pump, incoming: this.#incoming, outgoing });
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  /** Sets the options and binds; returns the port that the system gave. */
  #bindDescriptor(fd: number, family: 4 | 6, { address, port, receiveBufferBytes }: DatagramBinding): number {
    const libc = this.#libc;
    const scratch = new Uint32Array(socketAddressBytes / 4 + 1);
    const start = libc.addressOf(scratch.buffer);
    const setOption = (level: number, option: number, value: number): boolean => {
      scratch[0] = value;
      return libc.setsockopt(fd, level, option, start, 4) === 0;
    };
    // A listener on :: and one on 0.0.0.0 with the same port are two sockets.
    if (family === 6) setOption(IPPROTO_IPV6, IPV6_V6ONLY, 1);
    // Beyond net.core.rmem_max by whoever may (CAP_NET_ADMIN), else up to it.
    if (!setOption(SOL_SOCKET, SO_RCVBUFFORCE, receiveBufferBytes)) {
      setOption(SOL_SOCKET, SO_RCVBUF, receiveBufferBytes);
    }
    scratch.fill(0);
    this.#addresses.write(scratch, 0, address, port);
    if (libc.bind(fd, start, socketAddressLength(family)) < 0) {
      throw systemError('bind', libc.errno(), `${withBrackets(address)}:${port}`);
    }
    const lengthWord = socketAddressBytes / 4;
    scratch[lengthWord] = socketAddressBytes;
    if (libc.getsockname(fd, start, start + socketAddressBytes) < 0) throw systemError('getsockname', libc.errno());
    return portAt(scratch, 0);
  }
}

/**
 * The batched driver, when this machine can run it: two datagrams to ourselves must have arrived as they were sent.
 *
 * @returns the driver and what it stands on, or why there is none: a clause that follows "because"
 */
export async function openMmsgDriver(
  open: () => Promise<Libc | string> = openLibc,
): Promise<{ readonly driver: MmsgDriver; readonly version: string } | string> {
  const libc = await open();
  if (typeof libc === 'string') return libc;
  const driver = new MmsgDriver(libc);
  const problem = await selfTest(driver).catch((error: unknown) => String(error));
  return problem === undefined ? { driver, version: libc.version } : `its self-test failed (${problem})`;
}

const selfTestMs = 2_000;

/** Sends two datagrams to ourselves; returns what is wrong with them. */
async function selfTest(driver: MmsgDriver): Promise<string | undefined> {
  const address = '127.0.0.1';
  const socket = await driver.bind({ address, port: 0, receiveBufferBytes: 65_536 });
  const texts = ['self-test', 'the second one is longer'];
  const arrived: string[] = [];
  let patience: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((resolve) => {
      patience = setTimeout(() => resolve(`${arrived.length} of 2 datagrams arrived`), selfTestMs);
      socket.receive({
        onDatagrams(batch) {
          for (let index = 0; index < batch.count; index += 1) {
            arrived.push(`${batch.bytes(index)} from ${batch.address(index)}:${batch.port(index)}`);
          }
          if (arrived.length < texts.length) return;
          const wanted = texts.map((text) => `${text} from ${address}:${socket.port}`).join();
          resolve(arrived.join() === wanted ? undefined : `not what was sent: ${arrived.join()}`);
        },
        onSendError: (error) => resolve(String(error)),
        onSocketError: (error) => resolve(String(error)),
      });
      for (const text of texts) socket.send(Buffer.from(text), address, socket.port);
    });
  } finally {
    clearTimeout(patience);
    await socket.close();
  }
}
