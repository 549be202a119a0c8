import type { Call, Expression, Statement } from '../script/ast.ts';
import type { Condition } from './condition.ts';
import type { Step } from './run-state.ts';
import type { Site } from './unit.ts';

/** What the parts of the compiler need of each other: statements hold expressions, and expressions statements. */
export interface Compiler {
  readonly list: (statements: readonly Statement[], site: Site) => Step;
  readonly condition: (expression: Expression, site: Site) => Condition;
  readonly call: (call: Call, site: Site) => Step;
}
