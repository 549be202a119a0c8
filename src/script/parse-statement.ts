import type {
  Assignment,
  AssignmentOperator,
  Block,
  BreakStatement,
  CaseTest,
  DropStatement,
  ExitStatement,
  Expression,
  IfBranch,
  IfStatement,
  RegexLiteral,
  ReturnStatement,
  Statement,
  SwitchCase,
  SwitchStatement,
  WhileStatement,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import type { RelatedPlace } from './diagnostic.ts';
import { maxBlockDepth } from './limits.ts';
import { closeParenthesis, parseCall, parseCondition, parseValue } from './parse-expression.ts';
import { atNumber, parseNumber, parseString, parseVariable, parseWord } from './parse-operand.ts';
import type { SourceFile } from './source.ts';
import { describeToken, isWritten, type Token } from './token.ts';
import { atTopLevel } from './top-level-start.ts';

// Statements. A mistake costs the statement it is in; a missing brace costs one message, because a block ends where
// something begins that stands in no block.

/** Whether a command's semicolon may be left out: in `if (c) command`, cfg-language §3. */
type Semicolon = 'needed' | 'optional';

/** `{ ... }`; the brace stands here. */
export function parseBlock(cursor: Cursor): Block {
  const open = cursor.take();
  if (cursor.blockDepth >= maxBlockDepth) return passBlock(cursor, open);
  cursor.blockDepth++;
  const statements = parseStatements(cursor, () => false);
  cursor.blockDepth--;
  closeBlock(cursor, open);
  return { kind: 'block', span: cursor.spanFrom(open), statements };
}

/** Statements up to a closing brace, to what stands in no block, or to where `isEnd` says. */
export function parseStatements(cursor: Cursor, isEnd: () => boolean): readonly Statement[] {
  const statements: Statement[] = [];
  while (!cursor.atEnd() && !cursor.at('}') && !atTopLevel(cursor) && !isEnd()) {
    const before = cursor.index;
    const statement = parseStatement(cursor, 'needed');
    if (statement !== undefined) statements.push(statement);
    if (cursor.index === before) cursor.skip();
  }
  return statements;
}

/** Uses the closing brace, or says which one is missing. */
export function closeBlock(cursor: Cursor, open: Token): void {
  if (cursor.at('}')) {
    noteMisalignment(cursor, open, cursor.token);
    cursor.take();
    return;
  }
  const suspect = cursor.misaligned;
  const related: RelatedPlace[] = [{ message: "this '{' is not closed", span: open }];
  if (suspect !== undefined) related.push({ message: 'by its indentation, it may be this block', span: suspect });
  cursor.failMissing('missing-brace', "'}'", { related });
}

/** A brace that stands further left than the line of its block's beginning probably closes an outer block. */
function noteMisalignment(cursor: Cursor, open: Token, close: Token): void {
  if (cursor.misaligned !== undefined || !close.first || close.file !== open.file) return;
  if (indentation(close.file, close.start) < indentation(open.file, open.start)) cursor.misaligned = open;
}

function indentation(file: SourceFile, offset: number): number {
  let at = file.text.lastIndexOf('\n', offset - 1) + 1;
  const lineStart = offset === 0 ? 0 : at;
  at = lineStart;
  while (file.text[at] === ' ' || file.text[at] === '\t') at++;
  return at - lineStart;
}

/** Goes over a block that lies too deep, without a step down for each brace. */
function passBlock(cursor: Cursor, open: Token): Block {
  cursor.fail('too-deep', `blocks are nested more than ${maxBlockDepth} deep`, open);
  for (let depth = 1; depth > 0 && !cursor.atEnd() && !atTopLevel(cursor); cursor.skip()) {
    if (cursor.at('{')) depth++;
    if (cursor.at('}')) depth--;
  }
  return { kind: 'block', span: cursor.spanFrom(open), statements: [] };
}

function parseStatement(cursor: Cursor, semicolon: Semicolon): Statement | undefined {
  const { token } = cursor;
  if (cursor.accept(';') !== undefined) return undefined;
  if (cursor.at('{')) return parseBlock(cursor);
  if (token.kind === 'variable') return parseAssignment(cursor, semicolon);
  if (token.kind === 'word') return parseWordStatement(cursor, token, semicolon);
  cursor.failHere('unexpected-token', 'a statement');
  recover(cursor);
  return undefined;
}

function parseWordStatement(cursor: Cursor, word: Token, semicolon: Semicolon): Statement | undefined {
  switch (word.text) {
    case 'if':
      return parseIf(cursor);
    case 'switch':
      return parseSwitch(cursor);
    case 'while':
      return parseWhile(cursor);
    case 'return':
    case 'exit':
    case 'drop':
      return parseReturn(cursor, word.text, semicolon);
    case 'break':
    case 'esac':
      return parseBreak(cursor, semicolon);
    case 'else':
      return parseStrayElse(cursor);
    case 'case':
    case 'default':
      return strayCase(cursor, word);
    case 'for':
    case 'foreach':
      return unsupportedLoop(cursor);
    default:
      return parseCommand(cursor, word, semicolon);
  }
}

function parseIf(cursor: Cursor): IfStatement {
  const first = cursor.token;
  const branches: IfBranch[] = [];
  let otherwise: Block | undefined;
  do {
    branches.push(parseIfBranch(cursor));
    if (cursor.accept('else') === undefined) break;
    if (!cursor.at('if')) otherwise = parseBody(cursor, "'else'");
  } while (otherwise === undefined);
  return { kind: 'if', span: cursor.spanFrom(first), branches, otherwise };
}

function parseIfBranch(cursor: Cursor): IfBranch {
  const first = cursor.take();
  const condition = parseWholeCondition(cursor);
  const body = parseBody(cursor, 'the condition');
  return { kind: 'if-branch', span: cursor.spanFrom(first), condition, body };
}

/** A condition, and whatever wrong stands between it and the statement it decides about. */
function parseWholeCondition(cursor: Cursor): Expression {
  const condition = parseCondition(cursor, (inner) => parseStatement(inner, 'optional'));
  if (cursor.at(')')) {
    cursor.fail('extra-parenthesis', "this ')' closes nothing", cursor.token);
    while (cursor.at(')')) cursor.skip();
  }
  if (beginsBody(cursor)) return condition;
  cursor.failHere('unexpected-token', 'an operator, or the statement that the condition decides about');
  while (!cursor.atEnd() && !cursor.atAny(['{', '}', ';']) && !cursor.token.first) cursor.skip();
  return condition;
}

function beginsBody(cursor: Cursor): boolean {
  const { kind } = cursor.token;
  return cursor.atAny(['{', '}', ';']) || kind === 'word' || kind === 'variable' || kind === 'end';
}

/** A block, or one statement as a block. */
function parseBody(cursor: Cursor, after: string): Block {
  if (cursor.at('{')) return parseBlock(cursor);
  const first = cursor.token;
  if (cursor.atEnd() || cursor.at('}') || atTopLevel(cursor)) {
    cursor.failMissing('missing-statement', `a statement or '{' after ${after}`);
    return { kind: 'block', span: cursor.missing().span, statements: [] };
  }
  if (cursor.blockDepth >= maxBlockDepth) {
    cursor.fail('too-deep', `blocks are nested more than ${maxBlockDepth} deep`, first);
    recover(cursor);
    return { kind: 'block', span: cursor.spanFrom(first), statements: [] };
  }
  cursor.blockDepth++;
  const statement = parseStatement(cursor, 'optional');
  cursor.blockDepth--;
  const statements = statement === undefined ? [] : [statement];
  return { kind: 'block', span: cursor.spanFrom(first), statements };
}

/** cfg-language §3 note 3: `}; else` is an error. What follows is read as a block of its own. */
function parseStrayElse(cursor: Cursor): Statement {
  const word = cursor.token;
  const isAfterSemicolon = isWritten(cursor.previous, ';');
  const message = isAfterSemicolon ? "'else' has no 'if': the ';' before it ended the statement" : "'else' has no 'if'";
  cursor.fail('stray-else', message, word, isAfterSemicolon ? { hint: "remove the ';' before 'else'" } : {});
  cursor.take();
  return parseBody(cursor, "'else'");
}

function parseSwitch(cursor: Cursor): SwitchStatement | undefined {
  const first = cursor.take();
  const value = parseValue(cursor);
  const open = cursor.token;
  if (cursor.accept('{') === undefined) {
    cursor.failMissing('missing-brace', "'{' after 'switch (...)'");
    recover(cursor);
    return undefined;
  }
  cursor.blockDepth++;
  cursor.breakable++;
  const cases = cursor.blockDepth > maxBlockDepth ? passCases(cursor, open) : parseCases(cursor);
  cursor.breakable--;
  cursor.blockDepth--;
  closeBlock(cursor, open);
  return { kind: 'switch', span: cursor.spanFrom(first), value, cases };
}

function passCases(cursor: Cursor, open: Token): readonly SwitchCase[] {
  cursor.fail('too-deep', `blocks are nested more than ${maxBlockDepth} deep`, open);
  for (let depth = 0; !cursor.atEnd() && !atTopLevel(cursor); cursor.skip()) {
    if (cursor.at('{')) depth++;
    if (cursor.at('}') && --depth < 0) break;
  }
  return [];
}

function parseCases(cursor: Cursor): readonly SwitchCase[] {
  const cases: SwitchCase[] = [];
  while (!cursor.atEnd() && !cursor.at('}') && !atTopLevel(cursor)) {
    if (cursor.atAny(['case', 'default'])) {
      cases.push(parseCase(cursor));
    } else if (cursor.accept(';') === undefined) {
      cursor.failHere('unexpected-token', "'case', 'default' or '}'");
      parseStatements(cursor, () => cursor.atAny(['case', 'default']));
    }
  }
  return cases;
}

function parseCase(cursor: Cursor): SwitchCase {
  const first = cursor.take();
  const test = first.text === 'default' ? undefined : parseCaseTest(cursor);
  if (cursor.accept(':') === undefined) {
    cursor.failMissing(
      'missing-colon',
      first.text === 'default' ? "':' after 'default'" : "':' after the case's value",
    );
  }
  const statements = parseStatements(cursor, () => cursor.atAny(['case', 'default']));
  return { kind: 'case', span: cursor.spanFrom(first), test, statements };
}

function parseCaseTest(cursor: Cursor): CaseTest {
  if (atNumber(cursor)) return parseNumber(cursor);
  if (cursor.atKind('string')) return parseString(cursor);
  if (cursor.atKind('regex')) return parseRegex(cursor);
  if (cursor.atKind('word')) return parseWord(cursor);
  cursor.failHere('missing-expression', "a number, a string or a regular expression after 'case'");
  return cursor.missing();
}

function parseRegex(cursor: Cursor): RegexLiteral {
  const token = cursor.take();
  const close = token.text.lastIndexOf('/');
  const isClosed = close > 0;
  const pattern = token.text.slice(1, isClosed ? close : undefined).replaceAll('\\/', '/');
  return { kind: 'regex', span: cursor.spanFrom(token), pattern, flags: isClosed ? token.text.slice(close + 1) : '' };
}

function strayCase(cursor: Cursor, word: Token): undefined {
  cursor.fail('stray-case', `'${word.text}' stands outside of 'switch (...) { }'`, word);
  cursor.take();
  while (!cursor.atEnd() && !cursor.atAny([':', ';', '{', '}'])) cursor.skip();
  cursor.accept(':');
  return undefined;
}

function parseWhile(cursor: Cursor): WhileStatement {
  const first = cursor.take();
  const condition = parseWholeCondition(cursor);
  cursor.breakable++;
  const body = parseBody(cursor, 'the condition');
  cursor.breakable--;
  return { kind: 'while', span: cursor.spanFrom(first), condition, body };
}

/** cfg-language has no `for`; its block is passed so that what follows is read. */
function unsupportedLoop(cursor: Cursor): undefined {
  const word = cursor.take();
  cursor.error('unsupported-loop', `'${word.text}' is not supported`, word, { hint: "write the loop with 'while'" });
  while (!cursor.atEnd() && !cursor.atAny(['{', '}', ';'])) cursor.skip();
  if (cursor.at('{')) parseBlock(cursor);
  return undefined;
}

/** `return`, `return(1)`, `return $var(x)`; the others have values in Kamailio. */
function parseReturn(
  cursor: Cursor,
  kind: 'return' | 'exit' | 'drop',
  semicolon: Semicolon,
): ReturnStatement | ExitStatement | DropStatement {
  const word = cursor.take();
  const value = parseReturnValue(cursor);
  const span = cursor.spanFrom(word);
  endStatement(cursor, semicolon, `'${word.text}'`);
  return { kind, span, value };
}

function parseReturnValue(cursor: Cursor): Expression | undefined {
  if (cursor.atAny([';', '}', 'else']) || cursor.atEnd() || cursor.token.first) return undefined;
  if (isWritten(cursor.token, '(') && isWritten(cursor.peek(1), ')')) {
    cursor.take();
    cursor.take();
    return undefined;
  }
  return parseValue(cursor);
}

/** Outside of `switch` and `while`, a break is SER's (cfg-language §1). */
function parseBreak(cursor: Cursor, semicolon: Semicolon): BreakStatement {
  const word = cursor.take();
  if (cursor.breakable === 0) cursor.marks.add('ser', word);
  const open = cursor.accept('(');
  if (open !== undefined) closeParenthesis(cursor, open, "'break'");
  const span = cursor.spanFrom(word);
  endStatement(cursor, semicolon, `'${word.text}'`);
  return { kind: 'break', span };
}

const assignments: readonly AssignmentOperator[] = ['=', ':=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='];

function parseAssignment(cursor: Cursor, semicolon: Semicolon): Assignment | undefined {
  const target = parseVariable(cursor);
  const operator = assignments.find((candidate) => cursor.at(candidate));
  if (operator === undefined) {
    const isComparison = cursor.at('==');
    cursor.failHere('missing-assignment', "'='", isComparison ? { hint: "'==' compares; '=' assigns" } : {});
    recover(cursor);
    return undefined;
  }
  cursor.take();
  const value = parseValue(cursor);
  const span = cursor.spanFrom(target.span);
  endStatement(cursor, semicolon, 'the assignment');
  return target.kind === 'missing' ? undefined : { kind: 'assignment', span, target, operator, value };
}

/** A core command or a module's function; some need no parentheses. */
function parseCommand(cursor: Cursor, word: Token, semicolon: Semicolon): Statement | undefined {
  const behind = cursor.peek(1);
  if (isWritten(behind, '(')) {
    const call = parseCall(cursor);
    endStatement(cursor, semicolon, `'${word.text}(...)'`);
    return call;
  }
  if (isWritten(behind, '=')) {
    cursor.fail('setting-in-block', `the setting '${word.text}' stands in a route`, word, {
      hint: 'settings stand outside of all routes',
    });
    return recover(cursor);
  }
  if (isWritten(behind, '[')) {
    cursor.fail('bracket-call', `expected '(' after '${word.text}', found '['`, behind, {
      hint: `a route is called with parentheses: ${word.text}(...)`,
    });
    return recover(cursor);
  }
  if (!isEndOfCommand(behind, semicolon)) {
    cursor.fail('unexpected-token', `expected '(' or ';' after '${word.text}', found ${describeToken(behind)}`, behind);
    cursor.take();
    return recover(cursor);
  }
  const call = parseCall(cursor);
  endStatement(cursor, semicolon, `'${word.text}'`);
  return call;
}

function isEndOfCommand(token: Token, semicolon: Semicolon): boolean {
  if ([';', '}'].some((end) => isWritten(token, end)) || token.kind === 'end' || token.first) return true;
  return semicolon === 'optional' && isWritten(token, 'else');
}

/** The semicolon; when it is missing, what follows is read as the next statement if it looks like one. */
function endStatement(cursor: Cursor, semicolon: Semicolon, of: string): void {
  if (cursor.accept(';') !== undefined || semicolon === 'optional') return;
  if (cursor.at(')')) {
    cursor.fail('extra-parenthesis', "this ')' closes nothing", cursor.token);
    while (cursor.at(')')) cursor.skip();
    if (cursor.accept(';') !== undefined) return;
  }
  cursor.failMissing('missing-semicolon', `';' after ${of}`);
  if (cursor.token.first || cursor.at('}') || cursor.atKind('word')) return;
  recover(cursor);
}

/** Goes behind the next semicolon, or to a brace, a line that begins a statement, or what stands in no block. */
export function recover(cursor: Cursor): undefined {
  for (let passed = 0; !cursor.atEnd(); passed++) {
    if (cursor.at(';')) {
      cursor.take();
      return;
    }
    if (cursor.atAny(['{', '}']) || atTopLevel(cursor)) return;
    if (passed > 0 && cursor.token.first && beginsStatement(cursor)) return;
    cursor.skip();
  }
}

const statementWords: readonly string[] = [
  'if',
  'switch',
  'while',
  'return',
  'exit',
  'drop',
  'break',
  'case',
  'default',
];

function beginsStatement(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.kind === 'variable') return true;
  if (token.kind !== 'word') return false;
  return statementWords.includes(token.text) || [';', '('].some((next) => isWritten(cursor.peek(1), next));
}
