import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A UDP port of 127.0.0.1 that nobody holds, for a peer that cannot tell which one it got. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A TCP port of 127.0.0.1 that nobody holds. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * A port of 127.0.0.1 that is free for UDP and TCP, for programs that take turns with it. It is none of those that the
 * kernel gives to others (by default 32768 and above), so that nobody takes it in between.
 */
export async function freeLastingPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (
      (await isFree(createSocket('udp4').bind(port, '127.0.0.1'))) &&
      (await isFree(createServer().listen(port, '127.0.0.1')))
    )
      return port;
  }
}

async function isFree(holder: Socket | Server): Promise<boolean> {
  try {
    await once(holder, 'listening');
  } catch {
    return false;
  }
  const closed = once(holder, 'close');
  holder.close();
  await closed;
  return true;
}
