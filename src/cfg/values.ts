import { didYouMean } from '../base/did-you-mean.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Arithmetic, ArithmeticOperator, Expression, StringLiteral, Unary } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import { textToWire } from '../sip/wire-text.ts';
import { operands } from './operands.ts';
import type { Run } from './run-state.ts';
import type { Site } from './unit.ts';
import { partOf } from './value-rules.ts';
import { placeInText, variableCodes } from './variable-places.ts';
import { isVariableProblem } from './variables/problem.ts';
import type { CfgValue } from './variables/template.ts';
import { numberOf } from './variables/values.ts';

/** An expression that was compiled for its value. */
export interface Value {
  readonly read: (run: Run) => MaybePromise<CfgValue>;
  /** Whether it is known already. */
  readonly constant: boolean;
  /** What it is, when that is known. */
  readonly value: CfgValue;
  /** Whether reading it may take time. */
  readonly waits: boolean;
}

/** A value that is there at once. */
type ReadNow = (run: Run) => CfgValue;

/** Compiles an expression for its value. What is wrong is reported, and its value is absent. */
export function compileValue(expression: Expression, site: Site): Value {
  switch (expression.kind) {
    case 'number':
      return constantValue(expression.value);
    case 'string':
      return compileText(expression.value, expression, site);
    case 'ip':
      return constantValue(expression.address);
    case 'word':
      return compileWord(expression.text, expression.span, site);
    case 'variable': {
      const variable = site.unit.variables.variable(expression.pv);
      if (!isVariableProblem(variable)) return readNow((run) => variable.read(run));
      site.unit.error(variableCodes[variable.kind], variable.problem, expression.span);
      return nothing;
    }
    case 'arithmetic':
      return compileArithmetic(expression, site);
    case 'unary':
      return compileUnary(expression, site);
    case 'call':
      return { read: site.unit.compiler.call(expression, site), constant: false, value: undefined, waits: true };
    case 'logical':
    case 'not':
    case 'comparison':
    case 'statements':
      return compileTruth(expression, site);
    case 'network':
    case 'socket':
      site.unit.error('bad-operand', 'a network or a socket is no value', expression.span);
      return nothing;
    case 'omitted':
    case 'missing':
      return nothing;
  }
}

/** A value that is known when the configuration is loaded. */
export function constantValue(value: CfgValue): Value {
  return { read: () => value, constant: true, value, waits: false };
}

const nothing = constantValue(undefined);

function readNow(read: ReadNow): Value {
  return { read, constant: false, value: undefined, waits: false };
}

function compileText(text: string, expression: StringLiteral, site: Site): Value {
  let literal = '';
  let isLiteral = true;
  for (const piece of expression.pieces) {
    if (piece.kind === 'text') literal += piece.text;
    else isLiteral = false;
  }
  if (isLiteral) return constantValue(textToWire(literal));
  const template = site.unit.variables.template(expression.pieces);
  if (isVariableProblem(template)) {
    site.unit.error(variableCodes[template.kind], template.problem, placeInText(expression, template));
    return constantValue(text);
  }
  return readNow((run) => template.value(run));
}

const nullWords: ReadonlySet<string> = new Set(['NULL', 'null']);

function compileWord(text: string, span: Span, site: Site): Value {
  if (nullWords.has(text)) return nothing;
  const operand = operands.get(text);
  if (operand !== undefined) return readNow(operand.read);
  if (text === 'myself') {
    site.unit.error('bad-operand', "'myself' can only be compared with uri, from_uri, to_uri, src_ip or dst_ip", span);
    return nothing;
  }
  // Case is significant, and a misspelt operand would silently be a text that equals nothing.
  const meant = didYouMean(text, operands.keys());
  if (meant !== undefined && text.length > 1 && site.unit.dialect !== 'kamailio') {
    site.unit.warning('unquoted-text', `'${text}' is a text here`, span, {
      hint: `did you mean '${meant}'? a text stands in quotes: "${text}"`,
    });
  }
  return constantValue(text);
}

function compileTruth(expression: Expression, site: Site): Value {
  const { test, constant } = site.unit.compiler.condition(expression, site);
  if (constant !== undefined) return constantValue(constant > 0 ? 1 : 0);
  const bit = (truth: number): number => (truth > 0 ? 1 : 0);
  return {
    read: (run) => {
      const truth = test(run);
      return typeof truth === 'number' ? bit(truth) : truth.then(bit);
    },
    constant: false,
    value: undefined,
    waits: true,
  };
}

type Operation = (left: CfgValue, right: CfgValue) => CfgValue;

function compileArithmetic({ operator, left, right, span }: Arithmetic, site: Site): Value {
  const a = compileValue(left, site);
  const b = compileValue(right, site);
  const operation = operations[operator];
  if (a.constant && b.constant) {
    const value = operation(a.value, b.value);
    if (value === undefined) site.unit.error('bad-operand', `these operands of '${operator}' have no result`, span);
    return constantValue(value);
  }
  return combine(a, b, operation);
}

/** What an operator makes of two numbers; undefined when they have no result. */
function numeric(compute: (left: number, right: number) => number): Operation {
  return (left, right) => {
    const a = numberOf(left ?? 0);
    const b = numberOf(right ?? 0);
    if (a === undefined || b === undefined) return undefined;
    const result = compute(a, b);
    return Number.isSafeInteger(result) ? result : undefined;
  };
}

/** What each operator computes; the assignments that compute use the same. An operation on a text that is no number has no result. */
export const operations: Readonly<Record<ArithmeticOperator, Operation>> = {
  // A number adds, a text joins; `$null` leaves it to the other.
  '+': (left, right) => {
    const first = left ?? right;
    if (typeof first === 'number') {
      const a = left ?? 0;
      const b = numberOf(right ?? 0);
      return b === undefined ? partOf(left) + partOf(right) : numeric((x, y) => x + y)(a, b);
    }
    return partOf(left) + partOf(right);
  },
  '.': (left, right) => partOf(left) + partOf(right),
  '-': numeric((a, b) => a - b),
  '*': numeric((a, b) => a * b),
  '/': numeric((a, b) => Math.trunc(a / b)),
  '%': numeric((a, b) => a % b),
  '&': numeric((a, b) => a & b),
  '|': numeric((a, b) => a | b),
  '^': numeric((a, b) => a ^ b),
  '<<': numeric((a, b) => a << b),
  '>>': numeric((a, b) => a >> b),
};

/** The value that an operation makes of two others. */
export function combine(a: Value, b: Value, operation: Operation): Value {
  if (!a.waits && !b.waits) {
    // Neither waits, so both read at once.
    const left = a.read as ReadNow;
    const right = b.read as ReadNow;
    return readNow((run) => operation(left(run), right(run)));
  }
  return {
    read: (run) => withBoth(a, b, run, operation),
    constant: false,
    value: undefined,
    waits: true,
  };
}

/** Reads two values, one after the other, and gives both on; at once unless one has to be waited for. */
export function withBoth<T>(
  a: Value,
  b: Value,
  run: Run,
  use: (left: CfgValue, right: CfgValue) => T,
): MaybePromise<T> {
  const left = a.read(run);
  if (left instanceof Promise) return left.then((value) => withRight(value, b, run, use));
  return withRight(left, b, run, use);
}

function withRight<T>(
  left: CfgValue,
  b: Value,
  run: Run,
  use: (left: CfgValue, right: CfgValue) => T,
): MaybePromise<T> {
  const right = b.read(run);
  return right instanceof Promise ? right.then((value) => use(left, value)) : use(left, right);
}

function compileUnary({ operator, operand }: Unary, site: Site): Value {
  const value = compileValue(operand, site);
  const operation = unaryOperations[operator];
  if (value.constant) return constantValue(operation(value.value));
  if (!value.waits) {
    const read = value.read as ReadNow; // it does not wait
    return readNow((run) => operation(read(run)));
  }
  return {
    read: (run) => {
      const read = value.read(run);
      return read instanceof Promise ? read.then(operation) : operation(read);
    },
    constant: false,
    value: undefined,
    waits: true,
  };
}

const unaryOperations: Readonly<Record<Unary['operator'], (value: CfgValue) => CfgValue>> = {
  '-': (value) => operations['-'](0, value),
  '~': (value) => operations['^'](value, -1),
  int: (value) => numberOf(value) ?? 0,
  str: (value) => partOf(value),
  defined: (value) => (value === undefined ? 0 : 1),
};
