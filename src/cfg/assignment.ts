import type { MaybePromise } from '../base/maybe-promise.ts';
import type { ArithmeticOperator, Assignment, AssignmentOperator } from '../script/ast.ts';
import type { Run, Step } from './run-state.ts';
import { refused, type Site } from './unit.ts';
import { combine, compileValue, operations, type Value } from './values.ts';
import { variableCodes } from './variable-places.ts';
import { isVariableProblem } from './variables/problem.ts';
import type { CfgValue } from './variables/template.ts';

/** `$var(x) = value`. A value that does not fit is logged, and the result is -1. */
export function compileAssignment({ target, operator, value, span }: Assignment, site: Site): Step {
  const variable = site.unit.variables.variable(target.pv);
  if (isVariableProblem(variable)) {
    site.unit.error(variableCodes[variable.kind], variable.problem, target.span);
    return refused;
  }
  const { write } = variable;
  if (write === undefined) {
    site.unit.error('read-only-variable', `${target.pv.text} cannot be assigned to`, target.span);
    return refused;
  }
  const given = compileValue(value, site);
  const { read, constant, value: known, waits } = withOperator(operator, target, given, site);
  const assign = (run: Run, result: CfgValue): number => {
    const problem = write(run, result);
    run.rc = problem === undefined ? 1 : run.complain(span, `${target.pv.text}: ${problem}`);
    return run.rc;
  };
  if (constant) return (run) => assign(run, known);
  if (!waits) {
    const readNow = read as (run: Run) => CfgValue; // it does not wait
    return (run) => assign(run, readNow(run));
  }
  return (run): MaybePromise<number> => {
    const result = read(run);
    if (result instanceof Promise) return result.then((late) => (run.stops ? 0 : assign(run, late)));
    return run.stops ? 0 : assign(run, result);
  };
}

/** `+=` and its like read the variable first. */
function withOperator(operator: AssignmentOperator, target: Assignment['target'], given: Value, site: Site): Value {
  if (operator === '=' || operator === ':=') return given;
  // The operators that compute are those of arithmetic with a '=' behind them.
  const operation = operations[operator.slice(0, -1) as ArithmeticOperator];
  return combine(compileValue(target, site), given, operation);
}
