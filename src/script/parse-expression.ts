import type { ArithmeticOperator, Call, ComparisonOperator, Expression, Missing, Statement, Unary } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { dialectOfCommand } from './dialect.ts';
import { maxChain, maxExpressionDepth } from './limits.ts';
import {
  atNumber,
  isFraction,
  parseIp,
  parseNumber,
  parseSocket,
  parseString,
  parseVariable,
  parseWord,
  wordLength,
} from './parse-operand.ts';
import { type Span, spanBetween } from './source.ts';
import { isWritten, type Token } from './token.ts';

/**
 * Where an expression stands. In a condition, `&` and `|` are logical (cfg-language §2), except in Kamailio's files;
 * in a value and an argument they compute. A host may have a port only as an argument.
 */
type Place = 'condition' | 'value' | 'argument';

/** Parses the statement in a condition such as `if ({ ... })`; the statements' parser gives it. */
export type ParseStatement = (cursor: Cursor) => Statement | undefined;

// From the loosest to the tightest: or, and, not, comparison, bits, sum, product, sign. `!` covers the whole
// comparison (cfg-language §3 note 1), which a C-like table would not.

/** The condition of `if` and `while`. */
export function parseCondition(cursor: Cursor, statement: ParseStatement): Expression {
  return new ExpressionParser(cursor, 'condition', statement).or();
}

/** What is assigned, returned or switched on. */
export function parseValue(cursor: Cursor): Expression {
  return new ExpressionParser(cursor, 'value', undefined).or();
}

/** A function's name and its arguments; a statement of its own or a part of an expression. */
export function parseCall(cursor: Cursor): Call {
  const name = cursor.take();
  const dialect = dialectOfCommand(name.text);
  if (dialect !== undefined) cursor.marks.add(dialect, name);
  const nameSpan = spanBetween(name, name);
  if (!cursor.at('(')) {
    return { kind: 'call', span: nameSpan, name: name.text, nameSpan, args: [], parentheses: false };
  }
  const args = parseArguments(cursor, name);
  return { kind: 'call', span: cursor.spanFrom(name), name: name.text, nameSpan, args, parentheses: true };
}

function parseArguments(cursor: Cursor, name: Token): readonly Expression[] {
  const open = cursor.take();
  const args: Expression[] = [];
  if (cursor.accept(')') !== undefined) return args;
  for (;;) {
    args.push(parseArgument(cursor));
    if (cursor.accept(',') !== undefined) continue;
    if (!beginsArgument(cursor)) break;
    cursor.fail('missing-comma', `expected ',' between the arguments of '${name.text}'`, cursor.token);
  }
  closeParenthesis(cursor, open, `the arguments of '${name.text}'`);
  return args;
}

function parseArgument(cursor: Cursor): Expression {
  if (!cursor.atAny([',', ')'])) return new ExpressionParser(cursor, 'argument', undefined).or();
  const at = cursor.token;
  return { kind: 'omitted', span: { file: at.file, start: at.start, end: at.start } };
}

/** Where a comma was forgotten, a literal follows on the same line. */
function beginsArgument(cursor: Cursor): boolean {
  const { kind, first } = cursor.token;
  return !first && (kind === 'string' || kind === 'number' || kind === 'variable') && !cursor.hasFailedHere();
}

/** Most tokens that are passed in search of a closing parenthesis. */
const searchLength = 200;

/** Uses the closing parenthesis; when it is not here, complains and goes behind it if it is near. */
export function closeParenthesis(cursor: Cursor, open: Token, of: string): void {
  if (cursor.accept(')') !== undefined) return;
  cursor.failMissing('missing-parenthesis', `')' after ${of}`, {
    related: [{ message: "the '(' is here", span: open }],
  });
  const distance = distanceToPartner(cursor);
  if (distance === undefined) return;
  for (let i = 0; i <= distance; i++) cursor.skip();
}

/** How far the parenthesis is that closes this place, if nothing that ends an expression comes before it. */
function distanceToPartner(cursor: Cursor): number | undefined {
  let depth = 0;
  for (let distance = 0; distance < searchLength; distance++) {
    const token = cursor.peek(distance);
    if (token.kind === 'end' || ['{', '}', ';'].some((end) => isWritten(token, end))) return undefined;
    if (distance > 0 && token.first && token.kind === 'word') return undefined;
    if (isWritten(token, '(')) depth++;
    if (isWritten(token, ')') && --depth < 0) return distance;
  }
  return undefined;
}

const comparisons: readonly ComparisonOperator[] = ['==', '!=', '<', '>', '<=', '>=', '=~', '!~'];
const sums: readonly ArithmeticOperator[] = ['+', '-', '.'];
const products: readonly ArithmeticOperator[] = ['*', '/', '%'];
const bits: readonly ArithmeticOperator[] = ['&', '|', '^', '<<', '>>'];
const casts: readonly string[] = ['int', 'str'];
const reserved: readonly string[] = [
  'and',
  'or',
  'else',
  'case',
  'default',
  'switch',
  'while',
  'return',
  'exit',
  'drop',
  'break',
];

class ExpressionParser {
  readonly #cursor: Cursor;
  readonly #place: Place;
  readonly #statement: ParseStatement | undefined;
  readonly #bitsCompute: boolean;

  constructor(cursor: Cursor, place: Place, statement: ParseStatement | undefined) {
    this.#cursor = cursor;
    this.#place = place;
    this.#statement = statement;
    this.#bitsCompute = place !== 'condition' || cursor.marks.has('kamailio');
  }

  or(): Expression {
    return this.#logical('or', this.#bitsCompute ? ['||', 'or'] : ['||', '|', 'or'], () =>
      this.#logical('and', this.#bitsCompute ? ['&&', 'and'] : ['&&', '&', 'and'], () => this.#not()),
    );
  }

  #logical(operator: 'and' | 'or', spellings: readonly string[], operand: () => Expression): Expression {
    const first = operand();
    if (!this.#cursor.atAny(spellings)) return first;
    const operands = [first];
    while (this.#cursor.atAny(spellings)) {
      this.#cursor.take();
      operands.push(operand());
    }
    return { kind: 'logical', span: this.#cursor.spanFrom(first.span), operator, operands };
  }

  #not(): Expression {
    const mark = this.#cursor.accept('!') ?? this.#cursor.accept('not');
    if (mark === undefined) return this.#comparison();
    const operand = this.#deeper(mark, () => this.#not());
    return { kind: 'not', span: this.#cursor.spanFrom(mark), operand };
  }

  #comparison(): Expression {
    const left = this.#bits();
    const operator = this.#comparisonOperator();
    if (operator === undefined) return left;
    const right = this.#bits();
    const span = this.#cursor.spanFrom(left.span);
    if (this.#cursor.atAny(comparisons)) {
      this.#cursor.fail('chained-comparison', 'a comparison cannot be compared again', this.#cursor.token, {
        hint: "join two comparisons with '&&', or put one in parentheses",
      });
    }
    return { kind: 'comparison', span, operator, left, right };
  }

  #comparisonOperator(): ComparisonOperator | undefined {
    const operator = comparisons.find((candidate) => this.#cursor.at(candidate));
    if (operator !== undefined) {
      this.#cursor.take();
      return operator;
    }
    if (this.#place !== 'condition' || !this.#cursor.at('=')) return undefined;
    this.#cursor.fail('assignment-in-condition', "'=' does not compare", this.#cursor.token, { hint: "write '=='" });
    this.#cursor.take();
    return '==';
  }

  #bits(): Expression {
    return this.#chain(this.#bitsCompute ? bits : [], () =>
      this.#chain(sums, () => this.#chain(products, () => this.#sign())),
    );
  }

  /** `a + b - c`, from left to right. */
  #chain(operators: readonly ArithmeticOperator[], operand: () => Expression): Expression {
    let left = operand();
    let length = 0;
    for (let operator = this.#arithmetic(operators); operator !== undefined; operator = this.#arithmetic(operators)) {
      if (++length === maxChain) {
        const message = `more than ${maxChain} operators in one expression`;
        this.#cursor.error('too-long-expression', message, this.#cursor.previous);
      }
      const right = operand();
      const span = this.#cursor.spanFrom(left.span);
      // Past the limit the tree stops growing; the rest is still read.
      if (length < maxChain) left = { kind: 'arithmetic', span, operator, left, right };
    }
    return left;
  }

  #arithmetic(operators: readonly ArithmeticOperator[]): ArithmeticOperator | undefined {
    const operator = operators.find((candidate) => this.#cursor.at(candidate));
    if (operator === undefined)
      return operators === products && this.#cursor.accept('mod') !== undefined ? '%' : undefined;
    this.#cursor.take();
    return operator;
  }

  #sign(): Expression {
    const { token } = this.#cursor;
    if (atNumber(this.#cursor)) return this.#number();
    const operator = this.#unaryOperator();
    if (operator === undefined) return this.#primary();
    const operand = this.#deeper(token, () => (operator === '!' ? this.#not() : this.#sign()));
    const span = this.#cursor.spanFrom(token);
    return operator === '!' ? { kind: 'not', span, operand } : { kind: 'unary', span, operator, operand };
  }

  #unaryOperator(): Unary['operator'] | '!' | undefined {
    const cursor = this.#cursor;
    if (cursor.accept('-') !== undefined) return '-';
    if (cursor.accept('~') !== undefined) return '~';
    if (cursor.accept('!') !== undefined) return '!';
    if (cursor.accept('defined') !== undefined) return 'defined';
    const cast = casts.find((type) => isWritten(cursor.peek(1), type));
    if (!cursor.at('(') || cast === undefined || !isWritten(cursor.peek(2), ')')) return undefined;
    for (let i = 0; i < 3; i++) cursor.take();
    return cast === 'int' ? 'int' : 'str';
  }

  /** A number, or a name that begins with one. */
  #number(): Expression {
    if (!this.#cursor.atKind('number') || wordLength(this.#cursor) === 1)
      return this.#afterHost(parseNumber(this.#cursor));
    return this.#word();
  }

  #primary(): Expression {
    const cursor = this.#cursor;
    switch (cursor.token.kind) {
      case 'string':
        return parseString(cursor);
      case 'variable':
        return parseVariable(cursor);
      case 'ip':
        return this.#ip();
      case 'word':
        return this.#wordOrCall();
      default:
        if (cursor.at('(')) return this.#parenthesised();
        if (cursor.at('{')) return this.#statements();
        return this.#nothing();
    }
  }

  #parenthesised(): Expression {
    const open = this.#cursor.take();
    const inner = this.#deeper(open, () => this.or());
    closeParenthesis(this.#cursor, open, 'the expression');
    return inner;
  }

  /** cfg-language §3: `primary = ... | ifstmt | "{" statement { statement } "}"`. */
  #statements(): Expression {
    const cursor = this.#cursor;
    const parse = this.#statement;
    if (parse === undefined) return this.#nothing();
    const first = cursor.token;
    const statement = this.#deeper(first, () => parse(cursor) ?? cursor.missing());
    const span = cursor.spanFrom(first);
    if (statement.kind === 'missing') return statement;
    const body = statement.kind === 'block' ? statement : ({ kind: 'block', span, statements: [statement] } as const);
    return { kind: 'statements', span, body };
  }

  #wordOrCall(): Expression {
    const cursor = this.#cursor;
    if (cursor.at('if')) return this.#statements();
    if (cursor.atAny(reserved)) return this.#nothing();
    if (isWritten(cursor.peek(1), '(')) {
      return this.#deeper(cursor.token, () => parseCall(cursor));
    }
    return this.#word();
  }

  #word(): Expression {
    if (this.#place === 'argument' && isWritten(this.#cursor.peek(1), ':')) return parseSocket(this.#cursor);
    const word = parseWord(this.#cursor);
    if (isFraction(word)) {
      this.#cursor.error('no-fractions', `'${word.text}' is neither a whole number nor an address`, word.span, {
        hint: `write it as a string: "${word.text}"`,
      });
    }
    return this.#afterHost(word);
  }

  #ip(): Expression {
    if (this.#place === 'argument' && isWritten(this.#cursor.peek(1), ':')) return parseSocket(this.#cursor);
    return parseIp(this.#cursor);
  }

  /** `host:port` as an argument, when the host took several tokens. */
  #afterHost<T extends Expression>(host: T): Expression {
    const cursor = this.#cursor;
    if (this.#place !== 'argument' || host.kind !== 'word' || !cursor.at(':')) return host;
    cursor.take();
    const port = cursor.atKind('number') ? cursor.take().value : undefined;
    if (port === undefined) cursor.failHere('bad-socket', 'a port');
    return { kind: 'socket', span: cursor.spanFrom(host.span), protocol: undefined, host, port, options: [] };
  }

  #nothing(): Missing {
    const cursor = this.#cursor;
    const place = { condition: 'a condition', value: 'a value', argument: 'an argument' }[this.#place];
    const isOperand = [...comparisons, ...sums, ...products].some((operator) => isWritten(cursor.previous, operator));
    cursor.failHere('missing-expression', isOperand ? `a value after '${cursor.previous.text}'` : place);
    return cursor.missing();
  }

  /** Goes one level down, or reports that this is too deep and passes what is inside. */
  #deeper<T>(open: Span, parse: () => T): T | Missing {
    const cursor = this.#cursor;
    if (cursor.expressionDepth >= maxExpressionDepth) {
      cursor.fail('too-deep', `expressions are nested more than ${maxExpressionDepth} deep`, open);
      skipExpression(cursor);
      return cursor.missing();
    }
    cursor.expressionDepth++;
    const expression = parse();
    cursor.expressionDepth--;
    return expression;
  }
}

/** Passes everything up to the parenthesis that closes this place, or to what ends any expression. */
function skipExpression(cursor: Cursor): void {
  let depth = 0;
  while (!cursor.atEnd() && !cursor.atAny(['{', '}', ';'])) {
    if (cursor.at(')') && depth === 0) return;
    if (cursor.at('(')) depth++;
    if (cursor.at(')')) depth--;
    cursor.skip();
  }
}
