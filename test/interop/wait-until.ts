import { setTimeout as sleep } from 'node:timers/promises';

/** The limit of every wait, milliseconds: far beyond what a working pair needs, so that a slow machine never fails. */
export const PATIENCE_MS = 60_000;

/**
 * Waits for something to be there.
 *
 * @param what named in the error
 * @param find what is waited for, or undefined/null while it is not there; what it throws ends the wait
 * @param report more to say when it never comes
 */
export async function waitUntil<T>(
  what: string,
  find: () => T | undefined | null | Promise<T | undefined | null>,
  report: () => string = () => '',
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== null) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${report()}`);
    await sleep(20);
  }
}
