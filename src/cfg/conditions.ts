import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Call, Expression, Logical, Word } from '../script/ast.ts';
import { compileComparison } from './comparisons.ts';
import { type Condition, constantCondition, truthOf } from './condition.ts';
import { operands } from './operands.ts';
import type { Run, Step } from './run-state.ts';
import type { Site } from './unit.ts';
import { isTrue, type Truth } from './value-rules.ts';
import { compileValue } from './values.ts';

/** Compiles an expression for its truth. */
export function compileCondition(expression: Expression, site: Site): Condition {
  switch (expression.kind) {
    case 'logical':
      return compileLogical(expression, site);
    case 'not':
      return negate(compileCondition(expression.operand, site));
    case 'comparison':
      return compileComparison(expression, site);
    case 'call':
      return { test: truthOf(site.unit.compiler.call(expression, site)) };
    case 'statements':
      return { test: truthOf(site.unit.compiler.list(expression.body.statements, site)) };
    case 'word':
      return valueWords.has(expression.text) ? truthOfValue(expression, site) : compileBareCommand(expression, site);
    default:
      return truthOfValue(expression, site);
  }
}

/** The words that are values where a condition is expected; any other is a command. */
export const valueWords: ReadonlySet<string> = new Set([...operands.keys(), 'myself', 'NULL', 'null']);

// cfg-language §3 note 6: commands without parentheses. Any other word would be a text, and a text is true.
function compileBareCommand({ text, span }: Word, site: Site): Condition {
  const call: Call = { kind: 'call', span, name: text, nameSpan: span, args: [], parentheses: false };
  return { test: truthOf(site.unit.compiler.call(call, site)) };
}

function truthOfValue(expression: Expression, site: Site): Condition {
  const { read, constant, value } = compileValue(expression, site);
  if (constant) return constantCondition(isTrue(value) ? 1 : 0);
  return {
    test: (run) => {
      const now = read(run);
      if (now instanceof Promise) return now.then((late) => (isTrue(late) ? 1 : 0));
      return isTrue(now) ? 1 : 0;
    },
  };
}

function negate({ test, constant }: Condition): Condition {
  if (constant !== undefined) return constantCondition(flip(constant));
  return {
    test: (run) => {
      const truth = test(run);
      return typeof truth === 'number' ? flip(truth) : truth.then(flip);
    },
  };
}

// An error stays one.
function flip(truth: number): Truth {
  return truth > 0 ? 0 : truth < 0 ? -1 : 1;
}

function compileLogical({ operator, operands }: Logical, site: Site): Condition {
  const decides = operator === 'and' ? 0 : 1;
  const tests: Step[] = [];
  for (const operand of operands) {
    const { test, constant } = compileCondition(operand, site);
    if (constant === undefined) tests.push(test);
    else if (constant < 0 || constant > 0 === decides > 0) {
      if (tests.length === 0) return constantCondition(constant);
      tests.push(test);
      break;
    }
  }
  const [only] = tests;
  if (only === undefined) return constantCondition(decides === 0 ? 1 : 0);
  if (tests.length === 1) return { test: only };
  return { test: operator === 'and' ? (run) => allFrom(tests, 0, run) : (run) => anyFrom(tests, 0, run) };
}

// `a && b`: b only if a is true.
function allFrom(tests: readonly Step[], from: number, run: Run): MaybePromise<number> {
  for (let index = from; index < tests.length; index++) {
    const truth = (tests[index] as Step)(run); // index is inside
    if (typeof truth !== 'number') {
      return truth.then((late) => (late > 0 && !run.stops ? allFrom(tests, index + 1, run) : late));
    }
    if (truth <= 0 || run.ending !== undefined || run.leaving !== undefined) return truth;
  }
  return 1;
}

// `a || b`: b only if a is false; an error in a is returned as it is.
function anyFrom(tests: readonly Step[], from: number, run: Run): MaybePromise<number> {
  for (let index = from; index < tests.length; index++) {
    const truth = (tests[index] as Step)(run); // index is inside
    if (typeof truth !== 'number') {
      return truth.then((late) => (late === 0 && !run.stops ? anyFrom(tests, index + 1, run) : late));
    }
    if (truth !== 0 || run.ending !== undefined || run.leaving !== undefined) return truth;
  }
  return 0;
}
