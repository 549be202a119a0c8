import assert from 'node:assert/strict';
import type { MaybePromise } from '../../../base/maybe-promise.ts';
import { parseFormat, parsePv } from '../../../script/pv-syntax.ts';
import { SourceFile } from '../../../script/source.ts';
import {
  type BindingProblem,
  type BindingSite,
  type BoundArgument,
  type CfgCall,
  type CfgFunction,
  isBindingProblem,
} from '../../cfg-function.ts';
import type { BlockKind, CfgRun } from '../../run.ts';
import { templateOf, variableOf } from '../../variables/index.ts';
import { isVariableProblem } from '../../variables/problem.ts';
import { VariableScope } from '../../variables/scope.ts';
import { cfgModules } from '../index.ts';

/** What a test says about the place of a call. */
export interface CallSite {
  readonly block?: BlockKind;
  /** Blocks that the configuration has: `failure_route[1]` is `failure 1`. */
  readonly blocks?: readonly string[];
  /** Parameters of modules: `maxfwd.max_limit`. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

const span = { file: new SourceFile('test.cfg', ''), start: 0, end: 0 };

/** An argument as the compiler makes it of a string. */
export function argument(text: string, scope: VariableScope = new VariableScope()): BoundArgument {
  const pieces = parseFormat(text);
  const template = templateOf(pieces, scope);
  const isLiteral = pieces.every(({ kind }) => kind === 'text');
  if (!isVariableProblem(template)) return { span, text, literal: isLiteral ? text : undefined, template };
  return { span, text, literal: text, template: { text: () => text, value: () => text } };
}

/** The functions of a name, of whatever module. */
export function functionsNamed(name: string): readonly CfgFunction[] {
  return cfgModules.flatMap(({ functions }) => functions).filter((candidate) => candidate.name === name);
}

/** Binds a function by its name and number of arguments. */
export function bind(
  name: string,
  args: readonly string[] = [],
  site: CallSite = {},
  scope: VariableScope = new VariableScope(),
): CfgCall | BindingProblem {
  const found = functionsNamed(name).find(({ arity }) => args.length >= arity[0] && args.length <= arity[1]);
  assert(found, `there is a function ${name} with ${args.length} arguments`);
  const block = site.block ?? 'request';
  assert(found.blocks.includes(block), `${name} may stand in a ${block} block`);
  return found.bind(
    args.map((text) => argument(text, scope)),
    siteOf(block, site, scope),
  );
}

function siteOf(block: BlockKind, { blocks = [], parameters = {} }: CallSite, scope: VariableScope): BindingSite {
  return {
    block,
    hasBlock: (kind, name) => blocks.includes(`${kind} ${name}`),
    template: (text) => {
      const template = templateOf(parseFormat(text), scope);
      return isVariableProblem(template) ? template.problem : template;
    },
    variable: (text) => {
      const pv = parsePv(text);
      if ('problem' in pv) return pv.problem;
      const variable = variableOf(pv, scope);
      return isVariableProblem(variable) ? variable.problem : variable;
    },
    parameter: (module, parameter) => parameters[`${module}.${parameter}`],
    usesTable: () => {},
  };
}

/** Calls a function in a block that is at work. */
export function call(run: CfgRun, name: string, ...args: readonly string[]): MaybePromise<number> {
  return callAt(run, {}, name, ...args);
}

/** The same at a place of which more is said. */
export function callAt(run: CfgRun, site: CallSite, name: string, ...args: readonly string[]): MaybePromise<number> {
  const bound = bind(name, args, { ...site, block: run.block });
  assert(!isBindingProblem(bound), `${name}(${args.join(', ')}) can be bound`);
  return bound(run);
}

/** What is wrong with a call. */
export function problemOf(name: string, args: readonly string[], site?: CallSite): string {
  const bound = bind(name, args, site);
  assert(isBindingProblem(bound), `${name}(${args.join(', ')}) cannot be bound`);
  return bound.message;
}
