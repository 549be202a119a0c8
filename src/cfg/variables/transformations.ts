import { didYouMean } from '../../base/did-you-mean.ts';
import type { Transformation } from '../../script/pv-syntax.ts';
import type { CfgRun } from '../run.ts';
import { addressTransformations } from './address-transformations.ts';
import type { Resolver } from './entry.ts';
import { hashTransformations } from './hash-transformations.ts';
import { ipTransformations } from './ip-transformations.ts';
import { listTransformations } from './list-transformations.ts';
import { isVariableProblem, malformed, type VariableProblem } from './problem.ts';
import { stringTransformations } from './string-transformations.ts';
import { substitutionOf } from './substitution.ts';
import type { CfgValue, Template, Variable } from './template.ts';
import type { Transform, TransformationEntry } from './transformation-entry.ts';

const valueTransformations: readonly TransformationEntry[] = [
  {
    name: 're.subst',
    parameters: '/expression/replacement/flags',
    arity: [1, Number.POSITIVE_INFINITY],
    doc: 'The text with what the expression matches replaced; the text itself when nothing matches.',
    make: ({ rest, resolver }) => {
      const substitution = substitutionOf(rest, resolver);
      if (isVariableProblem(substitution)) return substitution;
      return (value, run) => {
        const text = String(value);
        return substitution.apply(text, run) ?? text;
      };
    },
  },
  { name: 'val.n0', doc: 'The value, or 0 for `$null`.', ofNull: 0, make: () => (value) => value },
  { name: 'val.ne', doc: 'The value, or the empty text for `$null`.', ofNull: '', make: () => (value) => value },
];

/** Every transformation that a variable may go through. */
export const transformationTable: readonly TransformationEntry[] = [
  ...stringTransformations,
  ...hashTransformations,
  ...addressTransformations,
  ...listTransformations,
  ...ipTransformations,
  ...valueTransformations,
];

const byName: ReadonlyMap<string, TransformationEntry> = new Map(
  transformationTable.map((entry) => [entry.name, entry]),
);

/** A variable whose value goes through transformations, from left to right; it cannot be assigned to. */
export function transformed(
  variable: Variable,
  transformations: readonly Transformation[],
  resolver: Resolver,
): Variable | VariableProblem {
  const steps: Step[] = [];
  for (const transformation of transformations) {
    const step = stepOf(transformation, resolver);
    if (isVariableProblem(step)) return step;
    steps.push(step);
  }
  return {
    read: (run: CfgRun) => {
      let value = variable.read(run);
      for (const { transform, ofNull } of steps) value = value === undefined ? ofNull : transform(value, run);
      return value;
    },
  };
}

interface Step {
  readonly transform: Transform;
  readonly ofNull: CfgValue;
}

function stepOf({ class: family, name, text, parameters }: Transformation, resolver: Resolver): Step | VariableProblem {
  const fullName = `${family}.${name}`;
  const entry = byName.get(fullName);
  if (entry === undefined) {
    const meant = didYouMean(fullName, byName.keys());
    return {
      kind: 'unknown',
      problem: `there is no transformation {${fullName}}${meant === undefined ? '' : `; did you mean {${meant}}?`}`,
    };
  }
  const [least, most] = entry.arity ?? [0, 0];
  if (parameters.length < least || parameters.length > most) {
    return malformed(`'{${text}}' has the wrong number of parameters: expected {${usage(entry)}}`);
  }
  const rest = parameters.map((parameter) => parameter.text).join(',');
  const templates: Template[] = [];
  // An expression has dollars of its own, and reads its variables by itself.
  for (const { pieces } of most === Number.POSITIVE_INFINITY ? [] : parameters) {
    const template = resolver.template(pieces);
    if (isVariableProblem(template)) return template;
    templates.push(template);
  }
  const transform = entry.make({ parameters: templates, rest, resolver });
  return isVariableProblem(transform) ? transform : { transform, ofNull: entry.ofNull };
}

function usage({ name, parameters }: TransformationEntry): string {
  return parameters === undefined ? name : `${name},${parameters}`;
}
