/** A pending call that can be taken back. */
export interface Timer {
  /** Takes the call back; does nothing when it has run or was cancelled. */
  cancel(): void;
}

/**
 * Time, as the pure folders see it. The real one is made by the server, tests pass a `FakeClock`.
 */
export interface Clock {
  /** The present instant in epoch milliseconds. */
  now(): number;
  /** Runs `run` once, `delayMs` milliseconds from now. */
  after(delayMs: number, run: () => void): Timer;
}

/**
 * The current whole second in epoch milliseconds. SIP lifetimes are whole seconds, and a database column is one
 * too: whatever compares lifetimes samples this once per request.
 */
export function wholeSecond(clock: Clock): number {
  const now = clock.now();
  return now - (now % 1000);
}
