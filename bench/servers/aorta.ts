import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnPinned } from '../system/pinned.ts';
import { ServerUnderTest, stopProcess } from './server.ts';
import type { DatabaseMode } from './stored.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = 'src/cli/main.ts';
const REDIRECT_CONFIG = fileURLToPath(new URL('./redirect.config.ts', import.meta.url));
const DEFAULT_CFG = fileURLToPath(new URL('./default.cfg', import.meta.url));
const START_MS = 120_000; // a million rows of a database are loaded before the ready line

/** How Aorta is started for a comparison: as shipped, with its default route. */
export interface AortaOptions {
  readonly core: number;
  readonly transport: 'udp' | 'tcp';
  /** `batched`: as shipped. `dgram`: without native addons, so that it falls back to node:dgram. */
  readonly driver: 'batched' | 'dgram';
  /** Runs bench/servers/default.cfg instead of the built-in route. */
  readonly cfg?: boolean;
  /** Where bindings are kept, and when they are written; in memory alone when not given. */
  readonly database?: { readonly url: string; readonly mode: DatabaseMode };
  /** The one to listen on; otherwise one that is free. */
  readonly port?: number;
  /** Answers OPTIONS to a user 302 with the contacts instead of relaying it. */
  readonly redirect: boolean;
}

/** Whether this clone has a server to start. */
export function hasAorta(): boolean {
  return existsSync(`${REPOSITORY}${MAIN}`);
}

/** Starts Aorta from this clone and waits for its ready line. */
export async function startAorta(options: AortaOptions): Promise<ServerUnderTest> {
  const args = [
    ...(options.driver === 'dgram' ? ['--no-addons'] : []),
    '--conditions=aorta-source',
    MAIN,
    'start',
    ...(options.redirect ? [REDIRECT_CONFIG] : options.cfg ? [DEFAULT_CFG] : []),
    ...['--listen', `${options.transport}:127.0.0.1:${options.port ?? 0}`],
    ...(options.database ? ['--db', options.database.url, '--db-mode', options.database.mode] : ['--db', 'memory:']),
    ...['--admin', 'off'],
  ];
  const child = spawnPinned(options.core, process.execPath, args, {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await readyPort(child, options.transport, 'aorta');
  const name = options.cfg ? 'Aorta with an openser.cfg' : options.driver === 'dgram' ? 'Aorta on node:dgram' : 'Aorta';
  return new ServerUnderTest(name, port, child);
}

/**
 * The port of 127.0.0.1 that a server's ready line names on stdout. Ends the server when there is none in time.
 *
 * @param child with stdout and stderr as pipes
 */
export async function readyPort(child: ChildProcess, transport: 'udp' | 'tcp', name: string): Promise<number> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('latin1')).slice(-4000);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      let line = '';
      const limit = setTimeout(() => reject(new Error(`no ready line in ${START_MS} ms`)), START_MS);
      child.once('exit', (code) => {
        clearTimeout(limit);
        reject(new Error(`ended with code ${code}`));
      });
      child.stdout?.on('data', (chunk: Buffer) => {
        line += chunk.toString('latin1');
        const found = new RegExp(`${transport}:127\\.0\\.0\\.1:(\\d+)`).exec(line);
        if (found === null || !line.includes('\n')) return;
        clearTimeout(limit);
        resolve(Number(found[1]));
      });
    });
  } catch (error) {
    await stopProcess(child);
    throw new Error(`${name} did not start: ${String(error)}\n${errors}`);
  }
}
