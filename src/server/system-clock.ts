import type { Clock, Timer } from '../base/clock.ts';

/** The machine's clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs: number, run: () => void): Timer {
    const timeout = setTimeout(run, delayMs);
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};
