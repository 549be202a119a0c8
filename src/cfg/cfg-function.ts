import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Span } from '../script/source.ts';
import type { BlockKind, CfgRun } from './run.ts';
import type { Template, Variable } from './variables/template.ts';

/**
 * A call in a configuration, made ready when it was loaded. Its number is the return code: above 0 is true, below is
 * false, and 0 ends the script.
 */
export type CfgCall = (run: CfgRun) => MaybePromise<number>;

/** An argument as it was written, checked as far as it can be before anything runs. */
export interface BoundArgument {
  readonly span: Span;
  /** The text as it was written, after the string's escapes and before its variables: what a regular expression is. */
  readonly text: string;
  /** The text when it has no variable in it; numbers and bare words are texts here. */
  readonly literal: string | undefined;
  /** The text with its variables expanded when the call is made. */
  readonly template: Template;
}

/** What is wrong with an argument, found when the configuration is loaded. */
export interface BindingProblem {
  readonly severity: 'error' | 'warning';
  /** Which argument, from 0; undefined: the call as a whole. */
  readonly argument?: number;
  /** A sentence that says what is wrong and what to write instead. */
  readonly message: string;
}

/** What a function may ask for while it is bound. */
export interface BindingSite {
  readonly block: BlockKind;
  /** Whether there is a block of that kind and name: for `t_on_failure` and its like. */
  hasBlock(kind: Exclude<BlockKind, 'request'>, name: string): boolean;
  /** A part of an argument's text, with its variables; a sentence when there is something wrong with them. */
  template(text: string): Template | string;
  /** The variable that a text is the name of, such as `$avp(i:42)`; a sentence when it is none. */
  variable(text: string): Variable | string;
  /** The effective value of a module's parameter, by its openser.cfg name. */
  parameter(module: string, name: string): string | number | boolean | undefined;
  /** Says that the call works on a location table, which is loaded before the server serves then. */
  usesTable(name: string): void;
}

/** One function of a module as a configuration can call it. Overloads by arity are several of them. */
export interface CfgFunction {
  readonly name: string;
  /** Least and most arguments. */
  readonly arity: readonly [least: number, most: number];
  readonly blocks: readonly BlockKind[];
  /** One sentence for the docs. */
  readonly doc: string;
  /** What it returns, for the docs. */
  readonly returns: string;
  /** Checks the arguments and makes the call; runs once for each place where it is called. */
  readonly bind: (args: readonly BoundArgument[], site: BindingSite) => CfgCall | BindingProblem;
}

/** The functions of one module. */
export interface CfgModule {
  readonly name: string;
  readonly functions: readonly CfgFunction[];
}

/** Tells a problem from a call. */
export function isBindingProblem(bound: CfgCall | BindingProblem): bound is BindingProblem {
  return typeof bound !== 'function';
}
