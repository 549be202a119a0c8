import koffi from 'koffi';

/**
 * The calls of the C library that the load generator needs. Pointers are plain numbers (an address below 2^53),
 * so that no call allocates a BigInt. Linux on x86-64 and arm64: the constants are those of that kernel ABI.
 */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  connect(fd: number, address: number, length: number): number;
  getsockname(fd: number, address: number, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: number, length: number): number;
  close(fd: number): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  send(fd: number, bytes: number, length: number, flags: number): number;
  recv(fd: number, bytes: number, length: number, flags: number): number;
  ppoll(polled: number, count: number, timeout: number, signals: number): number;
  epollCreate(flags: number): number;
  epollControl(epoll: number, operation: number, fd: number, event: number): number;
  epollWait(epoll: number, events: number, capacity: number, timeoutMs: number): number;
}

export const AF_INET = 2;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const POLLIN = 1;
export const EPOLL_CTL_ADD = 1;
export const EPOLLIN = 1;
export const EINTR = 4;
export const EAGAIN = 11;

/** Binds the calls; throws where there is no Linux C library to bind. */
export function openLibc(): Libc {
  if (process.platform !== 'linux') throw new Error('the load generator needs Linux (recvmmsg, sendmmsg, epoll)');
  const library = koffi.load(null);
  const bindCall = (definition: string) => library.func(definition);
  return {
    socket: bindCall('int socket(int, int, int)'),
    bind: bindCall('int bind(int, int64_t, int)'),
    connect: bindCall('int connect(int, int64_t, int)'),
    getsockname: bindCall('int getsockname(int, int64_t, int64_t)'),
    setsockopt: bindCall('int setsockopt(int, int, int, int64_t, int)'),
    getsockopt: bindCall('int getsockopt(int, int, int, int64_t, int64_t)'),
    close: bindCall('int close(int)'),
    sendmmsg: bindCall('int sendmmsg(int, int64_t, int, int)'),
    recvmmsg: bindCall('int recvmmsg(int, int64_t, int, int, int64_t)'),
    send: bindCall('int64_t send(int, int64_t, int64_t, int)'),
    recv: bindCall('int64_t recv(int, int64_t, int64_t, int)'),
    ppoll: bindCall('int ppoll(int64_t, int64_t, int64_t, int64_t)'),
    epollCreate: bindCall('int epoll_create1(int)'),
    epollControl: bindCall('int epoll_ctl(int, int, int, int64_t)'),
    epollWait: bindCall('int epoll_wait(int, int64_t, int, int)'),
  };
}

/** The error number of the last call. */
export function errno(): number {
  return koffi.errno();
}

/** The address of a block; the caller keeps the block alive as long as the kernel may use it. */
export function addressOf(block: ArrayBuffer): number {
  return Number(koffi.address(new Uint8Array(block)));
}
