import { fileURLToPath } from 'node:url';
import { Child, type Exit } from './child.ts';

/** A server as a user starts it. */
export interface Server {
  readonly child: Child;
  readonly domain: string;
  readonly udpPort: number;
  readonly tcpPort: number;
  /** Ends it as an operator does, by SIGTERM. */
  stop(): Promise<Exit>;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts the server by the README's command on free ports of the loopback, and waits for its ready line.
 *
 * `INTEROP_START` names another command to run in place of `npm start --`, for instance `aorta start` of an installed
 * package: the same suite then proves that.
 *
 * @param args more options, as `--set`, `registrar.min_expires=1`
 */
export async function startServer(...args: readonly string[]): Promise<Server> {
  const domain = 'example.test';
  const [command = 'npm', ...before] = (process.env.INTEROP_START ?? 'npm start --silent --').split(' ');
  const listen = ['--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0', '--domain', domain];
  const child = new Child('server', command, [...before, ...listen, '--db', 'memory:', '--admin', 'off', ...args], {
    cwd: repository,
  });
  const ready = await child.output('the ready line', (stdout) => /^aorta ready: .*$/m.exec(stdout));
  return {
    child,
    domain,
    udpPort: port(ready[0], 'udp'),
    tcpPort: port(ready[0], 'tcp'),
    stop: () => child.stop(),
  };
}

function port(readyLine: string, transport: string): number {
  const found = new RegExp(` ${transport}:127\\.0\\.0\\.1:(\\d+)`).exec(readyLine);
  if (!found) throw new Error(`no ${transport} address in "${readyLine}"`);
  return Number(found[1]);
}
