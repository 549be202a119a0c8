import type { Step } from './run-state.ts';
import type { Truth } from './value-rules.ts';

/**
 * An expression that was compiled for its truth: 1, 0, or -1 for an error (cfg-language §7.2). A command in it may
 * have set a mark that ends the run or the route, which whoever asks has to look at.
 */
export interface Condition {
  readonly test: Step;
  /** What it is, when that is known already. */
  readonly constant?: Truth;
}

/** A condition that is known when the configuration is loaded. */
export function constantCondition(truth: Truth): Condition {
  return { test: () => truth, constant: truth };
}

/** A return code as a truth: above 0 true, else false; 0 has set its mark. */
export function truthOf(step: Step): Step {
  return (run) => {
    const code = step(run);
    if (typeof code !== 'number') return code.then((late) => (late > 0 ? 1 : 0));
    return code > 0 ? 1 : 0;
  };
}
