import { Child } from './child.ts';
import type { Server } from './start-server.ts';

/** What sipsak said at its end. */
export interface SipsakResult {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs sipsak. It resolves the domain of its URI even when it sends elsewhere, so the URIs are at `localhost`; and it
 * writes only four digits of a port into the To, so the port is given apart.
 *
 * @param user of `sip:<user>@localhost`, or undefined for the server itself
 */
export async function sipsak(
  server: Server,
  user: string | undefined,
  ...args: readonly string[]
): Promise<SipsakResult> {
  const uri = user === undefined ? 'sip:localhost' : `sip:${user}@localhost`;
  const child = new Child('sipsak', 'sipsak', ['-vvv', '-s', uri, '-r', `${server.udpPort}`, ...args]);
  const { code } = await child.exited;
  return { code, output: `${child.stdout}\n${child.stderr}` };
}
