import { fileURLToPath } from 'node:url';
import { spawnPinned } from '../system/pinned.ts';
import { readyPort } from './aorta.ts';
import { ServerUnderTest } from './server.ts';

const MAIN = fileURLToPath(new URL('./canned-main.ts', import.meta.url));

/** Starts the server that does nothing, on one of the two drivers. */
export async function startCanned(core: number, driver: 'batched' | 'dgram'): Promise<ServerUnderTest> {
  const child = spawnPinned(core, process.execPath, ['--conditions=aorta-source', MAIN, driver], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const name = driver === 'dgram' ? 'canned reply on node:dgram' : 'canned reply';
  return new ServerUnderTest(name, await readyPort(child, 'udp', name), child);
}
