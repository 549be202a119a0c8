import { socketText } from '../cfg/arguments.ts';
import { presentName } from '../cfg/function-index.ts';
import { networkOf } from '../cfg/networks.ts';
import { operands } from '../cfg/operands.ts';
import type { BlockKind } from '../cfg/run.ts';
import { isTrue, type Truth } from '../cfg/value-rules.ts';
import { operations } from '../cfg/values.ts';
import { findVariable } from '../cfg/variables/table.ts';
import type { CfgValue } from '../cfg/variables/template.ts';
import { numberOf } from '../cfg/variables/values.ts';
import type { Call, Comparison, Expression, Logical, Word } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import { canonicalAddress } from '../transport/ip-address.ts';
import { awaited, type Code, codeOf, not, single, within } from './code.ts';
import { isAscii, quote } from './literals.ts';
import { literalOf } from './liveness.ts';
import { nativeCall } from './native-calls.ts';
import type { Program } from './program.ts';
import { asCommand, eachCall, isReturnCode } from './walk.ts';

/** Where an expression stands. */
export interface Place {
  readonly program: Program;
  readonly kind: BlockKind;
  /** Whether the return code that it leaves may be read. */
  readonly live: boolean;
  /** Whether TypeScript takes `script.rc` for one number here, because a condition around has compared it. */
  readonly isCodeNarrow: boolean;
  /** The name of the function that a route has become. */
  readonly nameOf: (route: string, kind: BlockKind) => string;
  readonly cannot: (what: string, span: Span) => void;
}

/** A value: its code, and what it is when that is known. */
export interface ValueCode extends Code {
  readonly constant?: { readonly value: CfgValue };
}

/** A condition: its code, and whether it holds when that is known. */
export interface ConditionCode extends Code {
  readonly constant?: Truth;
  /** Code for whether it has an answer at all, where it may have none; that counts as false, and ends an `||`. */
  readonly answered?: string;
}

const absent: ValueCode = { ...single('undefined'), constant: { value: undefined } };

/** An expression for its value. */
export function valueCode(expression: Expression, place: Place): ValueCode {
  switch (expression.kind) {
    case 'number':
      return constantCode(expression.value);
    case 'string':
      return textCode(expression);
    case 'ip':
      return constantCode(expression.address);
    case 'word':
      return wordCode(expression, place);
    case 'variable':
      if (expression.pv.text === '$null') return absent;
      if (['rc', 'retcode', '?'].includes(expression.pv.name) && expression.pv.transformations.length === 0) {
        return single('script.rc');
      }
      return single(`script.pv(${quote(expression.pv.text)})`);
    case 'arithmetic': {
      const left = valueCode(expression.left, place);
      const right = valueCode(expression.right, place);
      const { operator } = expression;
      if (left.constant && right.constant) {
        return constantCode(operations[operator](left.constant.value, right.constant.value));
      }
      return single(`script.compute(${left.text}, '${operator}', ${right.text})`, left.ends || right.ends);
    }
    case 'unary':
      return unaryCode(expression.operator, valueCode(expression.operand, place));
    case 'call': {
      const code = callCode(expression, place);
      // $retcode is the number that a route returned, and the value of its call is at most 1.
      if (expression.name === 'route') return single(`Math.min(${code.text}, 1)`, code.ends);
      return single(within(code, 'single'), code.ends);
    }
    case 'logical':
    case 'not':
    case 'comparison':
    case 'statements': {
      const condition = conditionCode(expression, place);
      if (condition.constant !== undefined) return constantCode(condition.constant > 0 ? 1 : 0);
      return single(`(${within(condition, 'or')} ? 1 : 0)`, condition.ends);
    }
    default:
      return absent;
  }
}

function constantCode(value: CfgValue): ValueCode {
  if (value === undefined) return absent;
  const text = typeof value === 'string' ? quote(value) : String(value);
  return { ...single(text), constant: { value } };
}

function textCode({ value, pieces }: Extract<Expression, { kind: 'string' }>): ValueCode {
  if (pieces.some(({ kind }) => kind !== 'text')) {
    const [only] = pieces;
    if (pieces.length === 1 && only?.kind === 'variable' && isReturnCode(only.pv)) return single('script.rc');
    return single(`script.text(${quote(value)})`);
  }
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  if (isAscii(text)) return constantCode(text);
  return single(`script.text(${quote(value)})`);
}

function wordCode({ text }: Word, place: Place): ValueCode {
  if (text === 'NULL' || text === 'null') return absent;
  if (!operands.has(text)) return constantCode(text);
  return single(operandText(text, place));
}

/** A word of the message, by the shorter name that the context has for it. */
function operandText(word: string, { kind }: Place): string {
  const isRequest = kind === 'request' || kind === 'failure';
  const native = word === 'retcode' ? 'script.rc' : isRequest ? natives.get(word) : undefined;
  if (native === undefined) return `script.word(${quote(word)})`;
  return native;
}

const natives: ReadonlyMap<string, string> = new Map([
  ['method', 'ctx.method'],
  ['uri', 'ctx.uri'],
  ['src_ip', 'ctx.flow.remoteAddress'],
  ['src_port', 'ctx.flow.remotePort'],
  ['dst_ip', 'ctx.flow.localAddress'],
  ['dst_port', 'ctx.flow.localPort'],
]);

function unaryCode(operator: '-' | '~' | 'int' | 'str' | 'defined', operand: ValueCode): ValueCode {
  const { ends, constant } = operand;
  switch (operator) {
    case '-':
      if (constant) return constantCode(operations['-'](0, constant.value));
      return single(`script.compute(0, '-', ${operand.text})`, ends);
    case '~':
      if (constant) return constantCode(operations['^'](constant.value, -1));
      return single(`script.compute(${operand.text}, '^', -1)`, ends);
    case 'int':
      if (constant) return constantCode(numberOf(constant.value) ?? 0);
      return codeOf(`script.numberOf(${operand.text}) ?? 0`, 'or', ends);
    case 'str':
      return single(`script.partOf(${operand.text})`, ends);
    case 'defined':
      if (constant) return constantCode(constant.value === undefined ? 0 : 1);
      return single(`(${within(operand, 'comparison')} !== undefined ? 1 : 0)`, ends);
  }
}

/** A call as its return code. */
export function callCode(call: Call, place: Place): Code {
  const { program, kind } = place;
  const meaning = program.meaningOf(call, kind);
  switch (meaning.kind) {
    case 'nothing':
      return single(place.live ? `(script.rc = ${meaning.code})` : String(meaning.code));
    case 'route': {
      const code = routeCode(meaning.name, place);
      if (code.ends) noSer(call, place);
      return code;
    }
    case 'some-route': {
      noSer(call, place);
      const [argument] = call.args;
      const routes = [...program.unit.routes.routes.keys()].map(
        (name) => `${quote(name === '' ? '0' : name)}: ${place.nameOf(name, kind)}`,
      );
      const name = argument === undefined ? absent : valueCode(argument, place);
      const waits = [...program.unit.routes.routes.keys()].some((route) => mustAwait(route, place));
      const text = `script.route(${name.text}, { ${routes.join(', ')} })`;
      const code = waits ? awaited(text, true) : single(text, true);
      return place.live ? single(`(script.rc = ${within(code, 'await')})`, true) : code;
    }
    case 'function': {
      const args = call.args.map((arg) => argumentText(arg, call, place)).join(', ');
      const text = meaning.isForeign
        ? `script.call(${[quote(call.name), args].filter((part) => part !== '').join(', ')})`
        : `script.${presentName(call.name)}(${args})`;
      const now = meaning.isForeign && !meaning.waits ? `script.callNow${text.slice('script.call'.length)}` : text;
      return meaning.waits ? awaited(text, meaning.mayEnd) : single(now, meaning.mayEnd);
    }
  }
}

// In SER the 0 of a function leaves a route, and that of a route the script; a condition does not tell them apart.
function noSer({ span }: Call, { program, cannot }: Place): void {
  if (program.unit.isSer) cannot('a route that may end the script, in a condition of SER,', span);
}

function mustAwait(route: string, { program, kind }: Place): boolean {
  const use = program.use(route, kind);
  return use !== undefined && program.waits(use);
}

/** A call of a route as its return code. */
export function routeCode(name: string, place: Place): Code {
  const { program, kind, live } = place;
  const use = program.use(name, kind);
  if (use === undefined) return single('1');
  const text = program.isRecursive(use)
    ? `script.nested(${place.nameOf(name, kind)})`
    : `${place.nameOf(name, kind)}(script)`;
  const ends = program.mayEnd(use);
  const code = program.waits(use) ? awaited(text, ends) : single(text, ends);
  return live ? single(`(script.rc = ${within(code, 'await')})`, ends) : code;
}

const flagFunction = /^(?:set|reset|is)[sb]?flag(?:set)?$/;

function argumentText(arg: Expression, call: Call, place: Place): string {
  const { unit } = place.program;
  switch (arg.kind) {
    case 'number':
      return String(arg.value);
    case 'string':
      return quote(arg.value);
    case 'socket':
      return quote(socketText(arg));
    case 'network':
      return quote(networkText(arg));
    case 'omitted':
    case 'missing':
      return `''`;
    case 'word': {
      // OpenSIPS' flags have names; which number each has was settled when the file was loaded.
      const number = flagFunction.test(call.name) ? unit.flagNames.numberOf(arg.text) : undefined;
      return number !== undefined && /^[A-Za-z_]/.test(arg.text) ? String(number) : quote(arg.text);
    }
    case 'ip':
      return quote(arg.address);
    case 'variable':
      // In quotes, what is absent may be nothing or `<null>`; by itself it is always `<null>`.
      if (findVariable(arg.pv.name)?.emptyWhenAbsent) return `script.variable(${quote(arg.pv.text)})`;
      return quote(arg.pv.text);
    default: {
      const value = valueCode(arg, place);
      if (value.constant) return value.constant.value === undefined ? `''` : value.text;
      return `script.value(${value.text})`;
    }
  }
}

function networkText({ address, mask }: Extract<Expression, { kind: 'network' }>): string {
  return `${address.address}/${mask.kind === 'ip' ? mask.address : mask.value}`;
}

/** An expression for its truth. */
export function conditionCode(given: Expression, place: Place): ConditionCode {
  const expression = asCommand(given);
  switch (expression.kind) {
    case 'logical':
      return logicalCode(expression, place);
    case 'not':
      return notCode(expression.operand, place);
    case 'comparison':
      return comparisonCode(expression, place);
    case 'call':
      return callTest(expression, place, true);
    case 'statements':
      return statementsCode(expression, place, true);
    case 'unary':
      if (expression.operator === 'defined') return definedCode(valueCode(expression.operand, place));
      return valueCondition(expression, place);
    default:
      return valueCondition(expression, place);
  }
}

function definedCode(operand: ValueCode): ConditionCode {
  if (operand.constant) return constantCondition(operand.constant.value === undefined ? 0 : 1);
  return codeOf(`${within(operand, 'unary')} !== undefined`, 'comparison', operand.ends);
}

function valueCondition(expression: Expression, place: Place): ConditionCode {
  const value = valueCode(expression, place);
  if (value.constant) return constantCondition(isTrue(value.constant.value) ? 1 : 0);
  return single(`script.isTrue(${value.text})`, value.ends);
}
function constantCondition(truth: Truth): ConditionCode {
  return { ...single(String(truth > 0)), constant: truth };
}

function statementsCode(
  { body, span }: Extract<Expression, { kind: 'statements' }>,
  place: Place,
  wanted: boolean,
): ConditionCode {
  const [only] = body.statements;
  if (body.statements.length === 1 && only?.kind === 'call') return callTest(only, place, wanted);
  place.cannot('statements as a condition', span);
  return single('false');
}

function callTest(call: Call, place: Place, wanted: boolean): ConditionCode {
  const { program, kind, live } = place;
  const meaning = program.meaningOf(call, kind);
  if (meaning.kind === 'nothing' && !live) return constantCondition(meaning.code > 0 === wanted ? 1 : 0);
  const native =
    live || meaning.kind !== 'function' ? undefined : nativeCall(call, kind, 'condition', program.unit.isSer);
  if (native?.test) {
    return wanted ? native.test : (native.negative ?? not(native.test));
  }
  const code = callCode(call, place);
  return codeOf(`${within(code, 'single')} ${wanted ? '>' : '<'} 0`, 'comparison', code.ends);
}

function notCode(given: Expression, place: Place): ConditionCode {
  const operand = asCommand(given);
  switch (operand.kind) {
    case 'call':
      return callTest(operand, place, false);
    case 'comparison':
      return comparisonCode({ ...operand, operator: opposites[operand.operator] }, place);
    case 'not':
      return conditionCode(operand.operand, place);
    case 'statements':
      return statementsCode(operand, place, false);
    default: {
      const code = conditionCode(operand, place);
      if (code.constant !== undefined) return constantCondition(code.constant < 0 ? -1 : code.constant > 0 ? 0 : 1);
      // What has no answer or has ended the script stays false: said of each operand, that comes out right.
      if (operand.kind === 'logical' && (code.ends || hasUnanswered(operand, place))) {
        return logicalCode(
          { ...operand, operator: operand.operator === 'and' ? 'or' : 'and', operands: operand.operands.map(negated) },
          place,
        );
      }
      return not(code);
    }
  }
}

const opposites = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>': '<=',
  '<=': '>',
  '>=': '<',
  '=~': '!~',
  '!~': '=~',
} as const;

function negated(operand: Expression): Expression {
  return operand.kind === 'not' ? operand.operand : { kind: 'not', span: operand.span, operand };
}

function hasUnanswered(expression: Expression, place: Place): boolean {
  switch (expression.kind) {
    case 'logical':
      return expression.operands.some((operand) => hasUnanswered(operand, place));
    case 'not':
      return hasUnanswered(expression.operand, place);
    case 'comparison': {
      const { answered, constant } = comparisonCode(expression, place);
      return answered !== undefined || (constant ?? 0) < 0;
    }
    default:
      return false;
  }
}

function logicalCode({ operator, operands: given }: Logical, place: Place): ConditionCode {
  const isAnd = operator === 'and';
  const codes: Operand[] = [];
  for (const operand of given) {
    const code = conditionCode(operand, place);
    if (code.constant === undefined) {
      codes.push({ code, operand });
    } else if (code.constant < 0 || code.constant > 0 === !isAnd) {
      if (codes.length === 0) return constantCondition(code.constant);
      codes.push({ code, operand });
      break;
    }
  }
  if (codes.length === 0) return constantCondition(isAnd ? 1 : 0);
  const [first] = codes;
  if (codes.length === 1 && first !== undefined) return first.code;
  return joined(codes, isAnd, place);
}

interface Operand {
  readonly code: ConditionCode;
  readonly operand: Expression;
}

function joined([first, ...rest]: readonly Operand[], isAnd: boolean, place: Place): Code {
  if (first === undefined) return single(String(isAnd));
  const { code, operand } = first;
  if (rest.length === 0) return code;
  const tail = joined(rest, isAnd, place);
  const ends = code.ends || tail.ends;
  if (isAnd) return codeOf(`${within(code, 'comparison')} && ${within(tail, 'and')}`, 'and', ends);
  // What ended the script in `a && b` is false already; in `a || b` nothing more may be asked.
  const guards = code.ends ? [place.program.unit.isSer ? 'script.rc !== 0' : '!script.ended'] : [];
  if (hasUnanswered(operand, place)) {
    if (doesSomething(operand))
      place.cannot('a condition that does something and may have no answer before ||', operand.span);
    else guards.push(answeredText(operand, place));
  }
  if (guards.length === 0)
    return codeOf(
      `${within(code, 'comparison')} || ${tail.level === 'and' ? `(${tail.text})` : tail.text}`,
      'or',
      ends,
    );
  return codeOf(
    `${within(code, 'comparison')} || (${guards.join(' && ')} && ${within(tail, 'comparison')})`,
    'or',
    ends,
  );
}

/** Functions that only look: they may be asked twice. */
const looking: ReadonlySet<string> = new Set([
  ...['isflagset', 'isbflagset', 'issflagset', 'isdsturiset', 'is_method', 'has_totag', 'search', 'is_present_hf'],
  ...['nat_uac_test', 't_check_status', 't_was_cancelled', 't_is_set', 'is_first_hop', 'is_myself'],
]);

/** Whether a condition does something, rather than only look. */
function doesSomething(expression: Expression): boolean {
  let found = false;
  eachCall(asCommand(expression), ({ name }) => {
    if (!looking.has(name)) found = true;
  });
  return found;
}

/** Whether a condition that only looks has an answer: an operand without one is reached, or is not. */
function answeredText(expression: Expression, place: Place): string {
  if (expression.kind === 'not') return answeredText(expression.operand, place);
  if (expression.kind !== 'logical') {
    return expression.kind === 'comparison' ? (comparisonCode(expression, place).answered ?? 'true') : 'true';
  }
  const parts: string[] = [];
  const before: string[] = [];
  for (const operand of expression.operands) {
    if (hasUnanswered(operand, place)) {
      const answered = answeredText(operand, place);
      parts.push(before.length === 0 ? answered : `(${before.join(' || ')} || ${answered})`);
    }
    const code = conditionCode(operand, place);
    before.push(within(expression.operator === 'and' ? not(code) : code, 'comparison'));
  }
  return parts.length === 1 ? (parts[0] ?? 'true') : `(${parts.join(' && ')})`;
}

/** A comparison. */
function comparisonCode(comparison: Comparison, place: Place): ConditionCode {
  const { operator, left, right } = comparison;
  const { program } = place;
  const wanted = operator !== '!=';
  const myself = isWord(right, 'myself') ? left : isWord(left, 'myself') ? right : undefined;
  if (myself?.kind === 'word') return either(single(`script.isMyself(${quote(myself.text)})`), wanted);
  if (operator === '==' || operator === '!=') {
    const address = addressCode(left, right, wanted, place);
    if (address !== undefined) return address;
    const word = wordComparison(left, right, wanted, place);
    if (word !== undefined) return word;
  }
  const a = valueCode(left, place);
  const pattern = (operator === '=~' || operator === '!~') && right.kind === 'string' && !isOneVariable(right);
  const b = pattern ? { ...single(quote(right.value)), constant: { value: right.value } } : valueCode(right, place);
  const ends = a.ends || b.ends;
  const isNumberWord = left.kind === 'word' && operands.get(left.text)?.type === 'number';
  const isNumber = typeof b.constant?.value === 'number';
  const isReturnCodeRead = a.text === 'script.rc';
  if (
    ((isReturnCodeRead && !place.isCodeNarrow) || (isNumberWord && a.text.startsWith('ctx'))) &&
    isNumber &&
    operator in symbols
  ) {
    // The cast: it is one of them.
    return codeOf(`${a.text} ${symbols[operator as keyof typeof symbols]} ${b.text}`, 'comparison', ends);
  }
  const isAbsent = b.constant !== undefined && b.constant.value === undefined;
  if ((operator === '==' || operator === '!=') && isAbsent) {
    return codeOf(`${within(a, 'comparison')} ${wanted ? '===' : '!=='} undefined`, 'comparison', ends);
  }
  const ofWord = left.kind === 'word' && operands.has(left.text);
  if (ofWord && (operator === '==' || operator === '!=') && program.unit.dialect === 'kamailio') {
    // The old words are compared without regard to case in every dialect.
    return either(single(`script.equalIgnoringCase(${a.text}, ${b.text})`, ends), wanted);
  }
  const args = `${a.text}, '${operator}', ${b.text}`;
  const code = single(`script.compare(${args})`, ends);
  const mayBeUnanswered =
    '<><=>='.includes(operator) || ((operator === '=~' || operator === '!~') && b.constant === undefined);
  return mayBeUnanswered ? { ...code, answered: `script.comparable(${args})` } : code;
}

const symbols = { '==': '===', '!=': '!==', '<': '<', '>': '>', '<=': '<=', '>=': '>=' } as const;

function either(code: Code, wanted: boolean): Code {
  return wanted ? code : not(code);
}

function isWord(expression: Expression, text: string): boolean {
  return expression.kind === 'word' && expression.text === text;
}

function addressCode(left: Expression, right: Expression, wanted: boolean, place: Place): Code | undefined {
  if (right.kind === 'network') {
    if (typeof networkOf(right) === 'string') return single('false');
    const value = valueCode(left, place);
    return either(single(`script.inNetwork(${value.text}, ${quote(networkText(right))})`, value.ends), wanted);
  }
  if (!isWord(left, 'src_ip') && !isWord(left, 'dst_ip')) return undefined;
  const text = literalOf(right);
  if (text === undefined || right.kind === 'number') return undefined;
  const value = valueCode(left, place);
  return codeOf(`${value.text} ${wanted ? '===' : '!=='} ${quote(canonicalAddress(text) ?? text)}`, 'comparison');
}

// A reply has no method: what is asked about it is neither true nor false.
function wordComparison(left: Expression, right: Expression, wanted: boolean, place: Place): ConditionCode | undefined {
  if (left.kind !== 'word' || right.kind === 'number') return undefined;
  const operand = operands.get(left.text);
  const text = literalOf(right);
  if (operand === undefined || operand.type !== 'text' || text === undefined) return undefined;
  if (right.kind === 'word' && operands.has(text)) return undefined;
  if (left.text === 'method' && place.kind === 'reply') return constantCondition(-1);
  return either(single(`same(${operandText(left.text, place)}, ${quote(text)})`), wanted);
}

function isOneVariable({ pieces }: Extract<Expression, { kind: 'string' }>): boolean {
  return pieces.length === 1 && pieces[0]?.kind === 'variable';
}
