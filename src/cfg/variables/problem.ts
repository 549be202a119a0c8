/** What is wrong with a variable, found when the configuration is loaded. */
export interface VariableProblem {
  /** `unknown`: there is no such name; `unsupported`: there is one, but not here; `malformed`: used the wrong way. */
  readonly kind: 'unknown' | 'unsupported' | 'malformed';
  /** A sentence that says what is wrong, and what was meant. */
  readonly problem: string;
  /** Where in the text it stands, when it stands in a text. */
  readonly start?: number;
  readonly end?: number;
}

/** Tells a problem from what was asked for. */
export function isVariableProblem(resolved: object): resolved is VariableProblem {
  return 'problem' in resolved;
}

/** A variable, an argument or an index that is used in a way it cannot be. */
export function malformed(problem: string): VariableProblem {
  return { kind: 'malformed', problem };
}
