import { contactCount } from './build-pinger.ts';
import type { AortaServer } from './server.ts';

/**
 * The one line that `aorta start` prints on stdout when it serves:
 * `aorta ready: udp:127.0.0.1:5060 tcp:127.0.0.1:5060 admin:http://127.0.0.1:8060 (312 ms, 0 bindings)`.
 *
 * @param elapsedMs from the start of the program to now
 */
export async function wordsOf(server: AortaServer, elapsedMs: number): Promise<string> {
  const bindings = await contactCount(server.location);
  const places = [
    ...server.listeners.map(String),
    ...(server.adminUrl === undefined ? [] : [`admin:${server.adminUrl}`]),
  ];
  return `aorta ready: ${places.join(' ')} (${Math.round(elapsedMs)} ms, ${bindings} bindings)`;
}
