import type {
  Arithmetic,
  Block,
  Call,
  Comparison,
  Expression,
  GlobalSetting,
  IfStatement,
  RegexLiteral,
  RouteBlock,
  Script,
  SettingValue,
  SocketLiteral,
  SocketOption,
  Statement,
  SwitchCase,
  SwitchStatement,
  TlsDomain,
  TopLevel,
} from './ast.ts';
import { escapeString } from './string-escapes.ts';

/** The configuration as text in one normal form: parsing it again gives the same tree, its spans aside. */
export function printScript(script: Script): string {
  return script.items.map((item) => `${printItem(item)}\n`).join('');
}

function printItem(item: TopLevel): string {
  switch (item.kind) {
    case 'setting':
      return printSetting(item);
    case 'loadmodule':
      return `loadmodule ${escapeString(item.path.value)}`;
    case 'loadpath':
      return `loadpath ${escapeString(item.path.value)}`;
    case 'modparam':
      return `modparam(${[item.module, item.name, item.value].map((part) => printExpression(part)).join(', ')})`;
    case 'tls-domain':
      return printTlsDomain(item);
    case 'route':
      return printRoute(item);
  }
}

function printSetting(setting: GlobalSetting): string {
  const values = setting.values.map(printSettingValue).join(' ');
  const description = setting.description === undefined ? '' : ` desc ${escapeString(setting.description.value)}`;
  return `${setting.name} = ${values}${description}`;
}

function printSettingValue(value: SettingValue): string {
  return value.kind === 'socket' ? printSocket(value) : printExpression(value);
}

function printTlsDomain(domain: TlsDomain): string {
  const settings = domain.settings.map((setting) => `\t${printSetting(setting)}\n`).join('');
  return `${domain.keyword}[${printSocket(domain.address)}] {\n${settings}}`;
}

function printRoute(route: RouteBlock): string {
  const interval = route.interval === undefined ? '' : `, ${route.interval}`;
  const name = route.name === undefined ? '' : `[${route.name}${interval}]`;
  return `${route.keyword}${name} ${printBlock(route.body, '')}`;
}

function printBlock(block: Block, indent: string): string {
  return `{\n${printStatements(block.statements, `${indent}\t`)}${indent}}`;
}

function printStatements(statements: readonly Statement[], indent: string): string {
  return statements.map((statement) => `${indent}${printStatement(statement, indent)}\n`).join('');
}

function printStatement(statement: Statement, indent: string): string {
  switch (statement.kind) {
    case 'block':
      return printBlock(statement, indent);
    case 'if':
      return printIf(statement, indent);
    case 'switch':
      return printSwitch(statement, indent);
    case 'while':
      return `while (${printExpression(statement.condition)}) ${printBlock(statement.body, indent)}`;
    case 'return':
    case 'exit':
    case 'drop':
      return statement.value === undefined
        ? `${statement.kind};`
        : `${statement.kind}(${printExpression(statement.value)});`;
    case 'break':
      return 'break;';
    case 'assignment':
      return `${statement.target.pv.text} ${statement.operator} ${printExpression(statement.value)};`;
    case 'call':
      return `${printCall(statement)};`;
  }
}

function printIf(statement: IfStatement, indent: string): string {
  const branches = statement.branches.map(
    (branch) => `if (${printExpression(branch.condition, indent)}) ${printBlock(branch.body, indent)}`,
  );
  const otherwise = statement.otherwise === undefined ? [] : [printBlock(statement.otherwise, indent)];
  return [...branches, ...otherwise].join(' else ');
}

function printSwitch(statement: SwitchStatement, indent: string): string {
  const cases = statement.cases.map((one) => printCase(one, `${indent}\t`)).join('');
  return `switch (${printExpression(statement.value)}) {\n${cases}${indent}}`;
}

function printCase(one: SwitchCase, indent: string): string {
  const label = one.test === undefined ? 'default' : `case ${printTest(one.test)}`;
  return `${indent}${label}:\n${printStatements(one.statements, `${indent}\t`)}`;
}

function printTest(test: NonNullable<SwitchCase['test']>): string {
  return test.kind === 'regex' ? printRegex(test) : printExpression(test);
}

function printRegex(regex: RegexLiteral): string {
  return `/${regex.pattern.replaceAll('/', '\\/')}/${regex.flags}`;
}

function printCall(call: Call): string {
  return call.parentheses ? `${call.name}(${call.args.map((arg) => printExpression(arg)).join(', ')})` : call.name;
}

/** An expression as text; what is an operand of something is put in parentheses unless it is a single thing. */
export function printExpression(expression: Expression, indent = ''): string {
  switch (expression.kind) {
    case 'logical':
      return expression.operands
        .map((operand) => printOperand(operand, indent))
        .join(expression.operator === 'or' ? ' || ' : ' && ');
    case 'not':
      return `!${printOperand(expression.operand, indent)}`;
    case 'comparison':
    case 'arithmetic':
      return `${printLeft(expression, indent)} ${expression.operator} ${printOperand(expression.right, indent)}`;
    case 'unary':
      return printUnary(expression.operator, expression.operand, indent);
    case 'call':
      return printCall(expression);
    case 'variable':
      return expression.pv.text;
    case 'number':
    case 'word':
      return expression.text;
    case 'string':
      return escapeString(expression.value);
    case 'ip':
      return printAddress(expression.address);
    case 'network':
      return `${printAddress(expression.address.address)}/${printExpression(expression.mask)}`;
    case 'socket':
      return printSocket(expression);
    case 'statements':
      return printBlock(expression.body, indent);
    case 'omitted':
    case 'missing':
      return '';
  }
}

const single: ReadonlySet<Expression['kind']> = new Set([
  ...(['call', 'variable', 'number', 'word', 'string', 'ip', 'network', 'socket', 'statements'] as const),
]);

function printOperand(operand: Expression, indent: string): string {
  const text = printExpression(operand, indent);
  return single.has(operand.kind) ? text : `(${text})`;
}

/** A slash behind an address would make it a network. */
function printLeft({ left, operator }: Comparison | Arithmetic, indent: string): string {
  return left.kind === 'ip' && operator === '/' ? `(${printExpression(left)})` : printOperand(left, indent);
}

/** A minus before a number, or a name such as `3com.example`, would become its sign. */
function printUnary(operator: string, operand: Expression, indent: string): string {
  const plain = printOperand(operand, indent);
  const text = operand.kind === 'number' || /^[0-9]/.test(plain) ? `(${plain})` : plain;
  if (operator === 'int' || operator === 'str') return `(${operator})${text}`;
  return operator === 'defined' ? `defined ${text}` : `${operator}${text}`;
}

function printSocket(socket: SocketLiteral): string {
  const protocol = socket.protocol === undefined ? '' : `${socket.protocol}:`;
  const port = socket.port === undefined ? '' : `:${socket.port}`;
  const options = socket.options.map((option) => ` ${printSocketOption(option)}`).join('');
  return `${protocol}${printExpression(socket.host)}${port}${options}`;
}

function printSocketOption(option: SocketOption): string {
  if (option.value === undefined) return option.name;
  return `${option.name} ${option.value.kind === 'socket' ? printSocket(option.value) : printExpression(option.value)}`;
}

function printAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
