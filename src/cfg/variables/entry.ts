import type { FormatPiece, PvSpec } from '../../script/pv-syntax.ts';
import type { CfgRun } from '../run.ts';
import type { VariableProblem } from './problem.ts';
import type { Index } from './pv-index.ts';
import type { VariableScope } from './scope.ts';
import type { CfgValue, Template, Variable } from './template.ts';

/** Which family of servers brought a variable: the oldest that had it. */
export type VariableOrigin = 'OpenSER 1.0' | 'OpenSER 1.1' | 'OpenSER 1.2' | 'OpenSER 1.3' | 'Kamailio' | 'OpenSIPS';

/** A variable as the table and the docs have it. */
export interface VariableEntry {
  /** Without the dollar. */
  readonly name: string;
  /** One sentence: what it is. */
  readonly doc: string;
  readonly origin: VariableOrigin;
  /** One sentence: what an assignment does; absent: it cannot be assigned to. */
  readonly writes?: string;
  /** What stands in its parentheses, for the docs; absent: it has none. */
  readonly argument?: string;
  /** Whether it may be written without them. */
  readonly argumentOptional?: boolean;
  /** Whether `make` reads what is in the parentheses by itself, so that a dollar in it begins no variable. */
  readonly readsArgument?: boolean;
  /** Whether it takes an index. */
  readonly indexed?: boolean;
  /** Whether it is nothing in a text, not `<null>`, when it is absent (cfg-language 9). */
  readonly emptyWhenAbsent?: boolean;
  /** Makes the variable at a place of the configuration; runs once for each place. */
  readonly make: (site: VariableSite) => Variable | VariableProblem;
}

/** Makes other variables ready: those that stand in an argument or a transformation. */
export interface Resolver {
  variable(pv: PvSpec): Variable | VariableProblem;
  template(pieces: readonly FormatPiece[]): Template | VariableProblem;
}

/** Where a variable is written. */
export interface VariableSite {
  readonly pv: PvSpec;
  readonly scope: VariableScope;
  readonly resolver: Resolver;
  /** What stands in the parentheses; only for a variable that may have them. */
  readonly argument: Template | undefined;
  /** The same as a text, when it has no variable in it. */
  readonly argumentText: string | undefined;
  /** Only for a variable that takes one. */
  readonly index: Index | undefined;
}

/** A variable that is the same wherever it is written. */
export function plain(read: Variable['read'], write?: Variable['write']): VariableEntry['make'] {
  const variable: Variable = write === undefined ? { read } : { read, write };
  return () => variable;
}

/** A variable with words for an argument: `$time(hour)`. */
export function byWord(
  words: Readonly<Record<string, (run: CfgRun) => CfgValue>>,
  name: string,
): VariableEntry['make'] {
  return ({ argumentText }) => {
    const read = argumentText !== undefined && Object.hasOwn(words, argumentText) ? words[argumentText] : undefined;
    if (read !== undefined) return { read };
    return { kind: 'malformed', problem: `$${name} takes one of ${Object.keys(words).join(', ')}` };
  };
}
