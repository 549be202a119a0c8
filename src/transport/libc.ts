/**
 * The calls of the Linux C library that UDP in batches needs, and libuv's watch on a descriptor. Pointers are plain
 * numbers (an address below 2^53), so that no call allocates a BigInt. Calls answer -1 for a failure; `errno` says
 * which.
 */
export interface Libc {
  /** What binds the calls, for the log. */
  readonly version: string;
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  getsockname(fd: number, address: number, length: number): number;
  setsockopt(fd: number, level: number, option: number, value: number, length: number): number;
  close(fd: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  /** Sleeps with the whole thread; a signal ends it early. */
  usleep(microseconds: number): number;
  ifNameToIndex(name: string): number;
  ifIndexToName(index: number, name: number): number;
  /** The error number of the last call that failed. */
  errno(): number;
  /** Where a block of memory lies. The caller keeps the block alive for as long as the system may use it. */
  addressOf(block: ArrayBuffer): number;
  /** Calls `run` in every turn of the event loop in which `fd` has something to read. Keep the watch, or it ends. */
  watch(fd: number, run: () => void): Watch;
}

/** A watch on a descriptor, running from the start. */
export interface Watch {
  pause(): void;
  resume(): void;
  /** Must come before the descriptor is closed. */
  close(): void;
}

// The constants and structures are those of Linux on these processors: 64 bits, little-endian.
const processors: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64'];

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_RCVBUFFORCE = 33;
export const IPPROTO_IPV6 = 41;
export const IPV6_V6ONLY = 26;
export const MSG_DONTWAIT = 0x40;
export const EINTR = 4;
export const EAGAIN = 11;
export const EMSGSIZE = 90;
export const ENOBUFS = 105;

/**
 * Binds the calls by koffi, which is optional.
 *
 * @returns the calls, or why there are none: a clause that follows "because"
 */
export async function openLibc(): Promise<Libc | string> {
  if (process.platform !== 'linux') return `recvmmsg is a call of Linux, and this is ${process.platform}`;
  if (!processors.includes(process.arch)) return `its structures are not known for ${process.arch}`;
  let koffi: typeof import('koffi');
  try {
    koffi = await import('koffi');
  } catch (error) {
    return whyNotLoaded(error);
  }
  try {
    return bindCalls(koffi);
  } catch (error) {
    return `koffi cannot bind the C library (${firstLine(error)})`;
  }
}

function bindCalls(koffi: typeof import('koffi')): Libc {
  const library = koffi.load(null);
  const call = (definition: string) => library.func(definition);
  return {
    version: `koffi ${koffi.version}`,
    socket: call('int socket(int, int, int)'),
    bind: call('int bind(int, int64_t, int)'),
    getsockname: call('int getsockname(int, int64_t, int64_t)'),
    setsockopt: call('int setsockopt(int, int, int, int64_t, int)'),
    close: call('int close(int)'),
    recvmmsg: call('int recvmmsg(int, int64_t, int, int, int64_t)'),
    sendmmsg: call('int sendmmsg(int, int64_t, int, int)'),
    usleep: call('int usleep(int)'),
    ifNameToIndex: call('int if_nametoindex(const char *)'),
    ifIndexToName: call('int64_t if_indextoname(int, int64_t)'),
    errno: () => koffi.errno(),
    addressOf: (block) => Number(koffi.address(new Uint8Array(block))),
    watch: (fd, run) => {
      const readable = { readable: true };
      const handle = koffi.node.poll(fd, readable, run);
      return {
        pause: () => handle.stop(),
        resume: () => handle.start(readable, run),
        close: () => handle.close(),
      };
    },
  };
}

function whyNotLoaded(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND') return 'the optional package koffi is not installed';
  if (code === 'ERR_DLOPEN_DISABLED') return 'native addons are switched off';
  return `koffi cannot be loaded (${firstLine(error)})`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
