import type {
  Assignment,
  Block,
  Call,
  CaseTest,
  IfStatement,
  Statement,
  SwitchStatement,
  WhileStatement,
} from '../script/ast.ts';
import { printExpression } from '../script/print.ts';
import { type Code, indented, within } from './code.ts';
import { commentsAbove } from './comments.ts';
import { type ConditionCode, callCode, conditionCode, type Place, routeCode, valueCode } from './expressions.ts';
import { quote } from './literals.ts';
import { type After, nativeCall } from './native-calls.ts';

/** Where a statement stands. */
export interface StatementPlace extends Omit<Place, 'live'> {
  readonly after: After;
  readonly breaks: 'switch' | 'while' | undefined;
  /** What follows the switch that a `break` here leaves. */
  readonly afterBreak: After;
  /** A name that no variable of the function has yet. */
  readonly fresh: (name: string) => string;
}

/** Statements as lines. */
export interface Printed {
  readonly lines: readonly string[];
  /** Whether nothing below them is ever reached. */
  readonly leaves: boolean;
}

/** Statements that follow one another. What is never reached is left out. */
export function printList(statements: readonly Statement[], place: StatementPlace): Printed {
  const lines: string[] = [];
  for (const [index, statement] of statements.entries()) {
    const after = afterOf(statements, index, place);
    const printed = printStatement(statement, { ...place, after });
    if (printed.lines.length > 0) lines.push(...commentsAbove(statement.span));
    lines.push(...printed.lines);
    if (printed.leaves) return { lines, leaves: true };
  }
  return { lines, leaves: false };
}

function afterOf(statements: readonly Statement[], index: number, place: StatementPlace): After {
  const next = statements[index + 1];
  if (next === undefined) return place.after;
  if (next.kind === 'exit' || (next.kind === 'return' && isZero(next))) return 'exit';
  // The result of a break is its own.
  if (next.kind === 'break' && place.breaks === 'switch')
    return place.afterBreak === 'result' ? 'more' : place.afterBreak;
  return 'more';
}

function isZero({ value }: Extract<Statement, { kind: 'return' }>): boolean {
  return value?.kind === 'number' && value.value === 0;
}

function printStatement(statement: Statement, place: StatementPlace): Printed {
  switch (statement.kind) {
    case 'block':
      return printList(statement.statements, place);
    case 'if':
      return printIf(statement, place);
    case 'switch':
      return printSwitch(statement, place);
    case 'while':
      return printWhile(statement, place);
    case 'return':
      return printReturn(statement, place);
    case 'exit':
      return leaving('return script.exit();');
    case 'drop':
      return leaving(isSer(place) && place.kind === 'request' ? 'return 1;' : 'return script.drop();');
    case 'break':
      return leaving(place.breaks === undefined ? 'return 1;' : 'break;');
    case 'assignment':
      return printAssignment(statement, place);
    case 'call':
      return printCall(statement, place);
  }
}

function leaving(...lines: readonly string[]): Printed {
  return { lines, leaves: true };
}

function going(...lines: readonly string[]): Printed {
  return { lines, leaves: false };
}

function isSer({ program }: StatementPlace): boolean {
  return program.unit.isSer;
}

/** Leaves the route when a function has returned 0: with it the script, but in SER. */
function leaveWhenEnded(place: StatementPlace): string {
  return isSer(place) ? 'if (script.rc === 0) return 1;' : 'if (script.ended) return 0;';
}

/** Whether it makes no difference that the script has ended: nothing follows that would not end it. */
function nothingFollows({ after }: StatementPlace): boolean {
  return after === 'exit' || after === 'done';
}

interface Arm {
  /** What has to be computed before the condition can be asked. */
  readonly before: readonly string[];
  readonly condition: string;
  readonly body: readonly string[];
}

function printIf(statement: IfStatement, place: StatementPlace): Printed {
  const { liveness } = place.program;
  const live = liveness.after(statement);
  const { branches, otherwise } = statement;
  const arms: Arm[] = [];
  let last: Printed | undefined;
  let leaves = true;
  let checkAfter = false;
  for (const [index, branch] of branches.entries()) {
    const condition = conditionCode(branch.condition, { ...place, live: liveness.afterCondition(branch) });
    if (condition.constant !== undefined && condition.constant <= 0) continue;
    const isCodeNarrow = place.isCodeNarrow || condition.text.includes('script.rc ===');
    const body = printBody(branch.body, { ...place, isCodeNarrow }, live, 1);
    if (condition.constant !== undefined) {
      last = body;
      break;
    }
    leaves &&= body.leaves;
    const isOnly = branches.length === 1 && otherwise === undefined && !live;
    if (condition.ends && isOnly) {
      checkAfter = !nothingFollows(place);
      arms.push({ before: [], condition: within(condition, 'or'), body: body.lines });
    } else {
      arms.push(armOf(condition, body.lines, place, index));
    }
  }
  if (last === undefined) last = otherwise === undefined ? skipped(live) : printBody(otherwise, place, live, 0);
  const tail = checkAfter ? [leaveWhenEnded(place)] : [];
  if (arms.length === 0) return { lines: [...last.lines], leaves: last.leaves };
  return { lines: [...chain(arms, last.lines), ...tail], leaves: leaves && last.leaves };
}

// A body that has nothing to do sets the return code to 1, a condition that does not hold to 0.
function printBody(body: Block, place: StatementPlace, live: boolean, code: 0 | 1): Printed {
  if (body.statements.length === 0) return live ? going(`script.rc = ${code};`) : going();
  return printList(body.statements, place);
}

function skipped(live: boolean): Printed {
  return live ? going('script.rc = 0;') : going();
}

function armOf(condition: ConditionCode, body: readonly string[], place: StatementPlace, index: number): Arm {
  if (!condition.ends) return { before: [], condition: within(condition, 'or'), body };
  const name = place.fresh(index === 0 ? 'holds' : 'holdsToo');
  return { before: [`const ${name} = ${condition.text};`, leaveWhenEnded(place)], condition: name, body };
}

function chain([first, ...rest]: readonly Arm[], last: readonly string[]): readonly string[] {
  if (first === undefined) return last;
  const { before, condition, body } = first;
  const lines = [...before, ...headOf('if', condition), ...indented(body)];
  const others = chain(rest, last);
  if (others.length === 0) return [...lines, '}'];
  const [next = ''] = others;
  const isChain = rest.length > 0 && (rest[0]?.before.length ?? 0) === 0;
  if (isChain) return [...lines, `} else ${next}`, ...others.slice(1)];
  return [...lines, '} else {', ...indented(others), '}'];
}

/** A condition that is too long for its line stands on several. */
function headOf(keyword: string, condition: string): readonly string[] {
  const line = `${keyword} (${condition}) {`;
  if (line.length <= 110) return [line];
  const parts = splitOperands(condition);
  if (parts.length === 1) return [line];
  return [`${keyword} (`, ...indented(parts), ') {'];
}

/** Takes a condition apart behind its outermost `&&` and `||`. */
function splitOperands(condition: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = '';
  let from = 0;
  for (let at = 0; at < condition.length; at++) {
    const c = condition[at] ?? '';
    if (quoted !== '') {
      if (c === '\\') at++;
      else if (c === quoted) quoted = '';
    } else if (c === "'" || c === '"') quoted = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (depth === 0 && (condition.startsWith(' && ', at) || condition.startsWith(' || ', at))) {
      parts.push(condition.slice(from, at + 3));
      from = at + 4;
    }
  }
  return [...parts, condition.slice(from)];
}

function printWhile(statement: WhileStatement, place: StatementPlace): Printed {
  const { liveness } = place.program;
  const condition = conditionCode(statement.condition, { ...place, live: liveness.afterLoopCondition(statement) });
  if (condition.constant !== undefined && condition.constant <= 0) {
    return liveness.after(statement) ? going('script.rc = 1;') : going();
  }
  const rounds = place.fresh('rounds');
  const body = printList(statement.body.statements, { ...place, after: 'more', breaks: 'while', afterBreak: 'more' });
  const bound = `if (script.isEndless(${rounds}++)) return 0;`;
  if (!condition.ends) {
    return going(
      `let ${rounds} = 0;`,
      ...headOf('while', within(condition, 'or')),
      ...indented([bound, ...body.lines]),
      '}',
    );
  }
  const name = place.fresh('holds');
  const asked = [`const ${name} = ${condition.text};`, leaveWhenEnded(place), `if (!${name}) break;`];
  return going(`let ${rounds} = 0;`, 'while (true) {', ...indented([...asked, bound, ...body.lines]), '}');
}

function printReturn({ value, span }: Extract<Statement, { kind: 'return' }>, place: StatementPlace): Printed {
  if (value === undefined) return leaving('return 1;');
  const code = valueCode(value, { ...place, live: false });
  const number = Number(code.constant?.value);
  if (code.constant !== undefined) {
    if (!Number.isInteger(number)) place.cannot('this value to return', span);
    return leaving(number === 0 ? 'return script.exit();' : `return ${number};`);
  }
  if (!code.ends) return leaving(`return script.code(${code.text});`);
  const name = place.fresh('code');
  return leaving(`const ${name} = ${code.text};`, leaveWhenEnded(place), `return script.code(${name});`);
}

function printAssignment({ target, operator, value }: Assignment, place: StatementPlace): Printed {
  const at = { ...place, live: false };
  const given = valueCode(value, at);
  const before: string[] = [];
  let text = given.text;
  if (given.ends) {
    const name = place.fresh('value');
    before.push(`const ${name} = ${text};`, leaveWhenEnded(place));
    text = name;
  }
  if (operator !== '=' && operator !== ':=') {
    text = `script.compute(${valueCode(target, at).text}, '${operator.slice(0, -1)}', ${text})`;
  }
  const call = `script.set(${quote(target.pv.text)}, ${text})`;
  if (place.after === 'result') return leaving(...before, `return ${call};`);
  return going(...before, `${call};`);
}

function printCall(call: Call, place: StatementPlace): Printed {
  const { program, kind, after } = place;
  const live = program.liveness.after(call);
  const meaning = program.meaningOf(call, kind);
  switch (meaning.kind) {
    case 'nothing': {
      const note = `// ${printExpression(call).replaceAll('\n', ' ')}: ${meaning.why}`;
      if (after === 'result') return leaving(note, `return ${meaning.code};`);
      return live ? going(note, `script.rc = ${meaning.code};`) : going(note);
    }
    case 'route':
      // What the 0 of a function in it leaves there is 0, and not what the route returns.
      if (live && isSer(place)) place.cannot('the return code of a route, in SER,', call.span);
      return printRouteCall(meaning.name, live, place);
    case 'some-route':
      return printCode(callCode(call, { ...place, live }), true, place);
    case 'function': {
      const native = live || after === 'result' ? undefined : nativeCall(call, kind, after, program.unit.isSer);
      if (native?.statement !== undefined) {
        return going(`${native.statement};`);
      }
      return printCode(callCode(call, { ...place, live: false }), meaning.mayEnd, place);
    }
  }
}

function printRouteCall(name: string, live: boolean, place: StatementPlace): Printed {
  const { program, kind, after } = place;
  const use = program.use(name, kind);
  if (use === undefined) return going();
  const code = routeCode(name, { ...place, live: false });
  // Nothing behind it is reached.
  if (program.alwaysEnds(use) && !program.isRecursive(use)) return leaving(`return ${withoutAwait(code)};`);
  const mayEnd = program.mayEnd(use);
  if (live) {
    const lines = [`script.rc = ${code.text};`];
    if (after === 'result') return leaving(...lines, 'return Math.min(script.rc, 1);');
    return going(...lines, ...(mayEnd && !nothingFollows(place) ? ['if (script.rc === 0) return 0;'] : []));
  }
  if (after === 'result') return leaving(`return Math.min(${code.text}, 1);`);
  if (after === 'end' || after === 'done') return leaving(`return ${withoutAwait(code)};`);
  if (!mayEnd || after === 'exit') return going(`${code.text};`);
  return going(`if (${within(code, 'single')} === 0) return 0;`);
}

/** A function as a statement: a 0 leaves the route, and in all but SER the script with it. */
function printCode(code: Code, mayEnd: boolean, place: StatementPlace): Printed {
  const { after } = place;
  const ser = isSer(place);
  if (after === 'result')
    return leaving(`return ${ser && mayEnd ? `${within(code, 'single')} || 1` : withoutAwait(code)};`);
  if (!mayEnd || nothingFollows(place)) return going(`${code.text};`);
  if (after === 'end') return ser ? going(`${code.text};`) : leaving(`return ${withoutAwait(code)};`);
  return going(`if (${within(code, 'single')} === 0) return ${ser ? 1 : 0};`);
}

function withoutAwait({ text }: Code): string {
  return text.startsWith('await ') ? text.slice('await '.length) : text;
}

function printSwitch(statement: SwitchStatement, place: StatementPlace): Printed {
  const { program } = place;
  const live = program.liveness.inCases(statement);
  const value = valueCode(statement.value, { ...place, live: false });
  const tests = statement.cases.flatMap(({ test }) => (test === undefined ? [] : [test]));
  const isNumeric = tests.every(({ kind }) => kind === 'number');
  const isText = tests.every(({ kind }) => kind === 'string' || kind === 'word');
  const before: string[] = [];
  let subject = value.text;
  if (value.ends || live || !(isNumeric || isText)) {
    subject = place.fresh('value');
    before.push(`const ${subject} = ${value.text};`);
    if (value.ends) before.push(leaveWhenEnded(place));
    if (live) before.push('script.rc = 1;');
  }
  const readsCode = value.text === 'script.rc';
  const isCode = (readsCode && !place.isCodeNarrow) || statement.value.kind === 'call';
  const head = isNumeric
    ? isCode
      ? subject
      : `script.numberOf(${subject})`
    : isText
      ? `script.textOf(${subject})`
      : 'true';
  const isMixed = head === 'true';
  const cases = statement.cases.map(({ statements }) => statements);
  const isCodeNarrow = place.isCodeNarrow || readsCode;
  const inner = { ...place, breaks: 'switch', afterBreak: place.after, isCodeNarrow } as const;
  const lines: string[] = [];
  let leaves = statement.cases.some(({ test }) => test === undefined);
  for (const [index, { test }] of statement.cases.entries()) {
    lines.push(test === undefined ? 'default:' : `case ${isMixed ? mixedTest(test, subject) : testText(test)}:`);
    if (cases[index]?.length === 0 && index + 1 < cases.length) continue;
    const body = fallThrough(cases, index, inner);
    leaves &&= body.leaves && !body.breaks;
    lines.push(...indented(body.lines));
    if (!body.leaves) lines.push('  break;');
  }
  return { lines: [...before, `switch (${head}) {`, ...indented(lines), '}'], leaves };
}

/** The statements of a case and of those that it falls into. */
function fallThrough(
  cases: readonly (readonly Statement[])[],
  from: number,
  place: StatementPlace,
): Printed & { readonly breaks: boolean } {
  const lines: string[] = [];
  for (let index = from; index < cases.length; index++) {
    const isLast = index === cases.length - 1;
    const body = printList(cases[index] ?? [], { ...place, after: isLast ? place.after : 'more' });
    lines.push(...body.lines);
    if (body.leaves)
      return { lines: inBraces(lines), leaves: true, breaks: lines.some((line) => line.trim() === 'break;') };
  }
  return { lines: inBraces(lines), leaves: false, breaks: true };
}

// A variable belongs to its case.
function inBraces(lines: readonly string[]): readonly string[] {
  return lines.some((line) => /^(?:const|let) /.test(line)) ? ['{', ...indented(lines), '}'] : lines;
}

function testText(test: CaseTest): string {
  if (test.kind === 'number') return String(test.value);
  return test.kind === 'string' ? quote(test.value) : test.kind === 'word' ? quote(test.text) : 'undefined';
}

function mixedTest(test: CaseTest, subject: string): string {
  switch (test.kind) {
    case 'number':
      return `script.numberOf(${subject}) === ${test.value}`;
    case 'regex':
      return `script.matchesCase(${subject}, ${quote(test.pattern)}, '${test.flags.includes('i') ? 'i' : ''}')`;
    default:
      return `script.textOf(${subject}) === ${testText(test)}`;
  }
}

/** The body of a function. */
export function printBodyOf(block: Block, place: StatementPlace): readonly string[] {
  const { lines, leaves } = printList(block.statements, place);
  return leaves ? lines : [...lines, 'return 1;'];
}
