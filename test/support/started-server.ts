import { silentLogger } from '../../src/base/logger.ts';
import type { AortaOptions } from '../../src/server/options.ts';
import { type AortaServer, createServer, type Surroundings } from '../../src/server/server.ts';

/** A server on free ports of 127.0.0.1, and what a test needs to know of it. */
export interface StartedServer {
  readonly server: AortaServer;
  readonly udpPort: number;
  readonly tcpPort: number;
}

/** Starts a server that listens on free ports unless the options say where. */
export async function startServer(options: AortaOptions = {}, surroundings: Surroundings = {}): Promise<StartedServer> {
  const server = createServer(
    { listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'], ...options },
    { logger: silentLogger, ...surroundings },
  );
  await server.start();
  const portOf = (name: string): number => server.listeners.find(({ transport }) => transport === name)?.port ?? 0;
  return { server, udpPort: portOf('udp'), tcpPort: portOf('tcp') };
}
