import { contactCount } from './build-pinger.ts';
import type { AortaServer } from './server.ts';

/**
 * The one line that `aorta start` prints on stdout when it serves:
 * `aorta ready: udp:127.0.0.1:5060 tcp:127.0.0.1:5060 (312 ms, 0 bindings)`.
 *
 * @param elapsedMs from the start of the program to now
 */
export function wordsOf(server: AortaServer, elapsedMs: number): string {
  const bindings = contactCount(server.location);
  return `aorta ready: ${server.listeners.join(' ')} (${Math.round(elapsedMs)} ms, ${bindings} bindings)`;
}
