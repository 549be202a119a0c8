import type { CfgRun } from '../run.ts';
import type { Resolver } from './entry.ts';
import type { VariableProblem } from './problem.ts';
import type { CfgValue, Template } from './template.ts';
import { numberOf } from './values.ts';

/** What a transformation does to a value that is not `$null`. */
export type Transform = (value: string | number, run: CfgRun) => CfgValue;

/** A transformation as the table and the docs have it. */
export interface TransformationEntry {
  /** With its class: `s.len`. */
  readonly name: string;
  /** One sentence: what comes out. */
  readonly doc: string;
  /** Its parameters, for the docs: `index,separator`. */
  readonly parameters?: string;
  /** Least and most parameters; none when left out. */
  readonly arity?: readonly [least: number, most: number];
  /** What `$null` becomes; it stays `$null` when left out. */
  readonly ofNull?: string | number;
  /** Makes the transformation at a place of the configuration. */
  readonly make: (site: TransformationSite) => Transform | VariableProblem;
}

/** Where a transformation is written. */
export interface TransformationSite {
  readonly parameters: readonly Template[];
  /** What stands behind the name and its comma, as it was written. */
  readonly rest: string;
  readonly resolver: Resolver;
}

/** A transformation of a text without parameters. */
export function ofText(transform: (text: string) => CfgValue): TransformationEntry['make'] {
  return () => (value) => transform(String(value));
}

/** A transformation of a text with parameters that are texts; one that is left out is undefined. */
export function withTexts(
  transform: (text: string, first: string, second: string | undefined) => CfgValue,
): TransformationEntry['make'] {
  return ({ parameters: [first, second] }) =>
    (value, run) =>
      transform(String(value), first?.text(run) ?? '', second?.text(run));
}

/** A transformation of a text with a number and perhaps a text behind it; without the number it gives `$null`. */
export function withNumber(
  transform: (text: string, number: number, second: string | undefined) => CfgValue,
): TransformationEntry['make'] {
  return ({ parameters: [first, second] }) =>
    (value, run) => {
      const number = numberOf(first?.text(run).trim());
      return number === undefined ? undefined : transform(String(value), number, second?.text(run));
    };
}
