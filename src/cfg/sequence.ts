import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Run, Step } from './run-state.ts';

/** Runs steps one after the other; a negative result does not stop them, a mark does. */
export function sequence(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only === undefined) return done;
  if (steps.length === 1) return only;
  return (run) => runFrom(steps, 0, run);
}

/** Runs the steps from an index on. The result is that of the last one that ran. */
export function runFrom(steps: readonly Step[], from: number, run: Run): MaybePromise<number> {
  let result = 1;
  for (let index = from; index < steps.length; index++) {
    const now = (steps[index] as Step)(run); // index is inside
    if (typeof now !== 'number') {
      return now.then((late) => (run.stops || index + 1 >= steps.length ? late : runFrom(steps, index + 1, run)));
    }
    result = now;
    if (run.ending !== undefined || run.leaving !== undefined) return result;
  }
  return result;
}

function done(): number {
  return 1;
}
