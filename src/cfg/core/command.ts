import type { BindingProblem, BoundArgument } from '../cfg-function.ts';
import type { CoreSite, Overload } from '../function-index.ts';
import type { BlockKind } from '../run.ts';
import type { Step } from '../run-state.ts';

export const anyBlock: readonly BlockKind[] = ['request', 'failure', 'branch', 'reply'];
export const requestLike: readonly BlockKind[] = ['request', 'failure', 'branch'];
export const requestOrFailure: readonly BlockKind[] = ['request', 'failure'];
export const requestOnly: readonly BlockKind[] = ['request'];

/** A core command under all its names. */
export interface CoreCommand {
  readonly names: readonly string[];
  readonly arity: readonly [least: number, most: number];
  readonly blocks: readonly BlockKind[];
  readonly doc: string;
  readonly returns: string;
  readonly bind: (args: readonly BoundArgument[], site: CoreSite) => Step | BindingProblem;
}

/** One overload for each name. */
export function overloadsOf(commands: readonly CoreCommand[]): readonly Overload[] {
  return commands.flatMap(({ names, ...command }) => names.map((name) => ({ name, ...command })));
}

/** An error about one argument, or the call as a whole. */
export function problem(message: string, argument?: number): BindingProblem {
  return argument === undefined ? { severity: 'error', message } : { severity: 'error', argument, message };
}
