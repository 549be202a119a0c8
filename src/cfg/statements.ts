import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Block, IfStatement, ReturnStatement, Statement, WhileStatement } from '../script/ast.ts';
import { compileAssignment } from './assignment.ts';
import { compileCall } from './calls.ts';
import { compileCondition } from './conditions.ts';
import type { Run, Step } from './run-state.ts';
import { sequence } from './sequence.ts';
import { compileSwitch } from './switch-statement.ts';
import { refused, type Site } from './unit.ts';
import { compileValue } from './values.ts';
import { numberOf } from './variables/values.ts';

/** Compiles a block of statements (cfg-language §7.1, run list). */
export function compileBlock(block: Block, site: Site): Step {
  return compileList(block.statements, site);
}

/** Compiles statements that follow one another. A list without any has the result 1. */
export function compileList(statements: readonly Statement[], site: Site): Step {
  const steps = statements.map((statement) => compileStatement(statement, site));
  return sequence(steps);
}

/** Compiles one statement. */
function compileStatement(statement: Statement, site: Site): Step {
  switch (statement.kind) {
    case 'block':
      return compileBlock(statement, site);
    case 'if':
      return compileIf(statement, site);
    case 'switch':
      return compileSwitch(statement, site);
    case 'while':
      return compileWhile(statement, site);
    case 'return':
      return compileReturn(statement, site);
    case 'exit':
      return exit;
    case 'drop':
      return site.unit.isSer && site.block === 'request' ? leave : drop;
    case 'break':
      return compileBreak(statement, site);
    case 'assignment':
      return compileAssignment(statement, site);
    case 'call':
      return compileCall(statement, site);
  }
}

function compileIf({ branches, otherwise }: IfStatement, site: Site): Step {
  const arms: Arm[] = [];
  let last: Step =
    otherwise === undefined || otherwise.statements.length === 0 ? skipped : compileBlock(otherwise, site);
  for (const { condition, body } of branches) {
    const { test, constant } = compileCondition(condition, site);
    const step = body.statements.length === 0 ? nothingToDo : compileBlock(body, site);
    if (constant === undefined) {
      arms.push({ test, step });
    } else if (constant > 0) {
      last = step;
      break;
    }
  }
  const [only] = arms;
  if (only === undefined) return last;
  if (arms.length > 1) return (run) => runArms(arms, 0, last, run);
  const { test, step } = only;
  return (run) => {
    const truth = test(run);
    if (typeof truth !== 'number') return truth.then((late) => choose(late, run, step, last));
    return choose(truth, run, step, last);
  };
}

interface Arm {
  readonly test: Step;
  readonly step: Step;
}

// A command in the condition may have ended the run, or the route.
function choose(truth: number, run: Run, step: Step, otherwise: Step): MaybePromise<number> {
  if (run.ending !== undefined || run.leaving !== undefined) return 0;
  return truth > 0 ? step(run) : otherwise(run);
}

function runArms(arms: readonly Arm[], from: number, last: Step, run: Run): MaybePromise<number> {
  for (let index = from; index < arms.length; index++) {
    const { test, step } = arms[index] as Arm; // index is inside
    const truth = test(run);
    if (typeof truth !== 'number') {
      return truth.then((late) => choose(late, run, step, (again) => runArms(arms, index + 1, last, again)));
    }
    if (run.ending !== undefined || run.leaving !== undefined) return 0;
    if (truth > 0) return step(run);
  }
  return last(run);
}

function compileWhile(statement: WhileStatement, site: Site): Step {
  const { test, constant } = compileCondition(statement.condition, site);
  const body = compileBlock(statement.body, { ...site, breaks: 'while' });
  if (constant !== undefined && constant <= 0) return nothingToDo;
  const { whileLoops } = site.unit.limits;
  const endless = (run: Run): number =>
    run.fail(statement.span, `a while loop did not end within ${whileLoops} rounds (max_while_loops)`);

  const afterTest = (truth: number, rounds: number, run: Run): MaybePromise<number> => {
    if (run.stops) return 0;
    if (truth <= 0) return 1;
    if (rounds >= whileLoops) return endless(run);
    if (run.stepsTooFar(statement.span)) return 0;
    const result = body(run);
    return typeof result === 'number' ? result : result.then((late) => afterBody(late, rounds, run));
  };
  const afterBody = (result: number, rounds: number, run: Run): MaybePromise<number> => {
    if (!run.stops) return loop(rounds + 1, run);
    if (run.leaving === 'break') run.leaving = undefined;
    return result;
  };
  const loop = (from: number, run: Run): MaybePromise<number> => {
    for (let rounds = from; ; rounds++) {
      const truth = test(run);
      if (typeof truth !== 'number') {
        return truth.then((late) => {
          const more = afterTest(late, rounds, run);
          if (typeof more !== 'number' || late <= 0 || run.ending !== undefined) return more;
          return afterBody(more, rounds, run);
        });
      }
      if (run.stops) return 0;
      if (truth <= 0) return 1;
      if (rounds >= whileLoops) return endless(run);
      if (run.stepsTooFar(statement.span)) return 0;
      const result = body(run);
      if (typeof result !== 'number') return result.then((late) => afterBody(late, rounds, run));
      if (run.ending !== undefined || run.leaving !== undefined) {
        if (run.leaving === 'break') run.leaving = undefined;
        return result;
      }
    }
  };
  return (run) => loop(0, run);
}

function compileReturn({ value, span }: ReturnStatement, site: Site): Step {
  if (value === undefined) return leave;
  const { read, constant, value: known } = compileValue(value, site);
  if (constant) {
    const code = numberOf(known);
    if (code === undefined) {
      site.unit.error('bad-operand', 'return takes a number, such as return(-1)', span);
      return refused;
    }
    return (run) => returnWith(run, code);
  }
  return (run) => {
    const code = read(run);
    if (code instanceof Promise) return code.then((late) => returnWith(run, numberOf(late) ?? 1));
    return returnWith(run, numberOf(code) ?? 1);
  };
}

// return(0) behaves as exit.
function returnWith(run: Run, code: number): number {
  if (code === 0) return exit(run);
  run.leaving = 'return';
  run.rc = code;
  return code;
}

function compileBreak({ span }: { readonly span: Statement['span'] }, site: Site): Step {
  if (site.breaks !== undefined) return breakOut;
  if (!site.unit.isSer) {
    site.unit.warning(
      'break-outside-switch',
      "break stands outside of switch and while; it leaves this route as SER's did",
      span,
      {
        hint: 'write return to leave the route, exit to end the script',
      },
    );
  }
  return leave;
}

function nothingToDo(run: Run): number {
  run.rc = 1;
  return 1;
}

function skipped(run: Run): number {
  run.rc = 0;
  return 1;
}

function exit(run: Run): 0 {
  run.ending = 'exit';
  return 0;
}

function drop(run: Run): number {
  run.ending = 'drop';
  return 0;
}

function leave(run: Run): number {
  run.leaving = 'return';
  run.rc = 1;
  return 1;
}

function breakOut(run: Run): number {
  run.leaving = 'break';
  return 1;
}
