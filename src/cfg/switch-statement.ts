import type { MaybePromise } from '../base/maybe-promise.ts';
import type { CaseTest, SwitchStatement } from '../script/ast.ts';
import { isRegexProblem, type PosixRegex, posixRegex } from './posix-regex.ts';
import type { Run, Step } from './run-state.ts';
import { runFrom } from './sequence.ts';
import type { Site, Unit } from './unit.ts';
import { compileValue } from './values.ts';
import type { CfgValue } from './variables/template.ts';
import { numberOf, textOf } from './variables/values.ts';

/** Where the cases of a switch begin, by what they are compared with. */
interface Cases {
  readonly numbers: Map<number, number>;
  readonly texts: Map<string, number>;
  readonly patterns: { readonly regex: PosixRegex; readonly at: number }[];
  otherwise: number | undefined;
}

/** `switch`: the first case that equals, and on into the following ones until a `break` (cfg-language §7.1). */
export function compileSwitch(statement: SwitchStatement, site: Site): Step {
  const value = compileValue(statement.value, site);
  const cases: Cases = { numbers: new Map(), texts: new Map(), patterns: [], otherwise: undefined };
  const steps = statement.cases.map(({ test, statements, span }, at) => {
    if (test !== undefined) addCase(cases, test, at, site.unit);
    else if (cases.otherwise === undefined) cases.otherwise = at;
    else site.unit.error('duplicate-case', 'this switch has a default already', span);
    return site.unit.compiler.list(statements, { ...site, breaks: 'switch' });
  });

  const enter = (run: Run, read: CfgValue): MaybePromise<number> => {
    if (run.stops) return 0;
    run.rc = 1;
    const from = find(cases, read);
    if (from === undefined) return 1;
    const result = runFrom(steps, from, run);
    return typeof result === 'number' ? leaveSwitch(run, result) : result.then((late) => leaveSwitch(run, late));
  };
  return (run) => {
    const read = value.read(run);
    return read instanceof Promise ? read.then((late) => enter(run, late)) : enter(run, read);
  };
}

function leaveSwitch(run: Run, result: number): number {
  if (run.leaving === 'break') run.leaving = undefined;
  if (run.stops) return result;
  return result < 0 ? result : 1;
}

function find(cases: Cases, read: CfgValue): number | undefined {
  let at: number | undefined;
  if (cases.numbers.size > 0) {
    const number = numberOf(read);
    if (number !== undefined) at = cases.numbers.get(number);
  }
  if (cases.texts.size > 0) at = firstOf(at, cases.texts.get(textOf(read)));
  for (const { regex, at: place } of cases.patterns) {
    if (at !== undefined && at < place) break;
    if (read !== undefined && regex.test(textOf(read))) at = firstOf(at, place);
  }
  return at ?? cases.otherwise;
}

function firstOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

function addCase(cases: Cases, test: CaseTest, at: number, unit: Unit): void {
  switch (test.kind) {
    case 'number':
      if (cases.numbers.has(test.value)) duplicate(unit, test);
      else cases.numbers.set(test.value, at);
      return;
    case 'string':
    case 'word': {
      const text = test.kind === 'string' ? test.value : test.text;
      if (cases.texts.has(text)) duplicate(unit, test);
      else cases.texts.set(text, at);
      return;
    }
    case 'regex': {
      const regex = posixRegex(test.pattern, test.flags.includes('i') ? 'i' : '');
      if (isRegexProblem(regex)) unit.error('bad-regex', regex.problem, test.span);
      else cases.patterns.push({ regex, at });
      return;
    }
    case 'missing':
  }
}

function duplicate(unit: Unit, test: CaseTest): void {
  unit.warning('duplicate-case', 'this case can never be reached: an earlier one is the same', test.span);
}
