import { didYouMean } from '../base/did-you-mean.ts';
import type {
  Block,
  GlobalSetting,
  LoadModule,
  LoadPath,
  ModuleParameter,
  NumberLiteral,
  RouteBlock,
  StringLiteral,
  TlsDomain,
  TopLevel,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import type { RelatedPlace } from './diagnostic.ts';
import { closeParenthesis } from './parse-expression.ts';
import { atNumber, parseNumber, parseSocket, parseString } from './parse-operand.ts';
import { parseSetting, passLine, settingNameLength } from './parse-setting.ts';
import { closeBlock, parseBlock, parseStatements } from './parse-statement.ts';
import type { Span } from './source.ts';
import { describeToken, isWritten, type Token } from './token.ts';
import { atTopLevel, routeKeywords, tlsDomainKeywords } from './top-level-start.ts';

/** All words that can begin an item of a file, besides the names of settings. */
const itemKeywords: readonly string[] = [
  ...routeKeywords.keys(),
  ...tlsDomainKeywords,
  ...['loadmodule', 'loadpath', 'mpath', 'modparam', 'include_file', 'import_file'],
];

/** The items of a file, to its end. */
export function parseTopLevel(cursor: Cursor): readonly TopLevel[] {
  const items: TopLevel[] = [];
  let lastBlock: Block | undefined;
  while (!cursor.atEnd()) {
    const before = cursor.index;
    const item = parseItem(cursor, lastBlock);
    if (item !== undefined) items.push(item);
    if (item?.kind === 'route') lastBlock = item.body;
    if (cursor.index === before) cursor.skip();
  }
  return items;
}

function parseItem(cursor: Cursor, lastBlock: Block | undefined): TopLevel | undefined {
  const { token } = cursor;
  if (cursor.accept(';') !== undefined) return undefined;
  if (token.kind !== 'word') return strayStatements(cursor, lastBlock);
  if (cursor.at('mpath') || cursor.at('loadpath')) return parseLoadPath(cursor);
  const nameLength = settingNameLength(cursor);
  if (nameLength > 0) return parseSetting(cursor, nameLength);
  if (cursor.at('loadmodule')) return parseLoadModule(cursor);
  if (cursor.at('modparam')) return parseModuleParameter(cursor);
  if (isTlsDomain(token.text) && isWritten(cursor.peek(1), '[')) return parseTlsDomain(cursor, token.text);
  if (routeKeywords.has(token.text) && !isWritten(cursor.peek(1), '(')) return parseRoute(cursor);
  if (cursor.atAny(['flags', 'avpflags']) && cursor.peek(1).kind === 'word') return unsupportedFlags(cursor);
  return unknownItem(cursor, lastBlock);
}

/** SER 2's `flags NAME:number, ...;`, and that of AVPs. */
function unsupportedFlags(cursor: Cursor): undefined {
  const word = cursor.take();
  cursor.error('unsupported-flags', `a list of named flags ('${word.text}') is not supported`, word, {
    hint: "name a flag with '#!define NAME number'",
  });
  while (!cursor.atEnd() && !cursor.at(';') && !atTopLevel(cursor)) cursor.skip();
}

/** A word that begins no item: misspelt, or a statement that stands in no block. */
function unknownItem(cursor: Cursor, lastBlock: Block | undefined): TopLevel | undefined {
  const { token } = cursor;
  const behind = cursor.peek(1);
  const meant = didYouMean(token.text, itemKeywords);
  const hint = meant === undefined ? {} : { hint: `did you mean '${meant}'?` };
  if (isWritten(behind, '{') || isWritten(behind, '[')) {
    cursor.fail('unknown-block', `'${token.text}' is no kind of route`, token, hint);
    parseRoute(cursor);
    return undefined;
  }
  const isCall = isWritten(behind, '(') || isWritten(behind, ';') || statementWords.includes(token.text);
  if (isCall && meant === undefined) return strayStatements(cursor, lastBlock);
  if (behind.kind === 'string' || meant !== undefined) {
    cursor.fail('unknown-item', `did not expect '${token.text}' here`, token, hint);
  } else {
    cursor.take();
    cursor.failMissing('missing-assignment', `'=' after '${token.text}'`);
  }
  cursor.skip();
  passLine(cursor);
  return undefined;
}

const statementWords: readonly string[] = ['if', 'else', 'switch', 'while', 'return', 'exit', 'drop', 'break', 'case'];

/** Statements in no block: usually a brace too many ended the block before. They are read for further mistakes. */
function strayStatements(cursor: Cursor, lastBlock: Block | undefined): undefined {
  const related: RelatedPlace[] = [];
  if (lastBlock !== undefined) related.push({ message: 'the last block ends here', span: endOf(lastBlock.span) });
  const what = cursor.at('}')
    ? "this '}' closes nothing"
    : `${describeToken(cursor.token)} stands outside of all routes`;
  const hint = cursor.at('}') || lastBlock === undefined ? {} : { hint: "perhaps there is a '}' too many before it" };
  cursor.fail('outside-route', what, cursor.token, { ...hint, related });
  while (!cursor.atEnd() && !atTopLevel(cursor) && settingNameLength(cursor) === 0) {
    const before = cursor.index;
    parseStatements(cursor, () => settingNameLength(cursor) > 0);
    if (cursor.at('}')) cursor.take();
    if (cursor.index === before) break;
  }
  return undefined;
}

/** The last character of a span. */
function endOf(span: Span): Span {
  return { file: span.file, start: Math.max(span.start, span.end - 1), end: span.end };
}

function parseLoadModule(cursor: Cursor): LoadModule | undefined {
  const keyword = cursor.take();
  const path = expectString(cursor, "a module's name in quotes after 'loadmodule'");
  if (path === undefined) return undefined;
  return { kind: 'loadmodule', span: cursor.spanFrom(keyword), path };
}

/** `mpath="..."`, `loadpath "..."`, with or without `=`. */
function parseLoadPath(cursor: Cursor): LoadPath | undefined {
  const keyword = cursor.take();
  cursor.accept('=');
  const path = expectString(cursor, `a path in quotes after '${keyword.text}'`);
  if (path === undefined) return undefined;
  return { kind: 'loadpath', span: cursor.spanFrom(keyword), path };
}

function expectString(cursor: Cursor, what: string): StringLiteral | undefined {
  if (cursor.atKind('string')) return parseString(cursor);
  cursor.failHere('missing-string', what);
  passLine(cursor);
  return undefined;
}

/** `modparam("modules", "name", value)` */
function parseModuleParameter(cursor: Cursor): ModuleParameter | undefined {
  const keyword = cursor.take();
  const open = cursor.token;
  if (cursor.accept('(') === undefined) {
    cursor.failMissing('missing-parenthesis', "'(' after 'modparam'");
    passLine(cursor);
    return undefined;
  }
  const module = parseParameterPart(cursor, "the module's name in quotes");
  const name =
    module && parseComma(cursor, "',' and the parameter's name")
      ? parseParameterPart(cursor, "the parameter's name in quotes")
      : undefined;
  const value = name && parseComma(cursor, "',' and the parameter's value") ? parseParameterValue(cursor) : undefined;
  if (module === undefined || name === undefined || value === undefined) {
    passParameter(cursor);
    return undefined;
  }
  closeParenthesis(cursor, open, "the value of 'modparam'");
  return { kind: 'modparam', span: cursor.spanFrom(keyword), module, name, value };
}

function parseComma(cursor: Cursor, what: string): boolean {
  if (cursor.accept(',') !== undefined) return true;
  cursor.failMissing('missing-comma', what);
  return cursor.atKind('string') || cursor.atKind('number');
}

function parseParameterPart(cursor: Cursor, what: string): StringLiteral | undefined {
  if (cursor.atKind('string')) return parseString(cursor);
  cursor.failHere('missing-string', what);
  return undefined;
}

function parseParameterValue(cursor: Cursor): StringLiteral | NumberLiteral | undefined {
  if (cursor.atKind('string')) return parseString(cursor);
  if (atNumber(cursor)) return parseNumber(cursor);
  const hint = cursor.atKind('word') ? { hint: `'${cursor.token.text}' is not defined; a text stands in quotes` } : {};
  cursor.failHere('missing-expression', 'a number or a string', hint);
  return undefined;
}

/** Goes behind the parenthesis of a broken `modparam`, which ends with its line at the latest. */
function passParameter(cursor: Cursor): void {
  while (!cursor.atEnd() && !cursor.token.first && !cursor.at(')')) cursor.skip();
  if (cursor.at(')')) cursor.skip();
}

function isTlsDomain(word: string): word is TlsDomain['keyword'] {
  return tlsDomainKeywords.some((keyword) => keyword === word);
}

/** `tls_domain[10.0.0.1:5061] { setting = value ... }` */
function parseTlsDomain(cursor: Cursor, keyword: TlsDomain['keyword']): TlsDomain | undefined {
  const first = cursor.take();
  cursor.take();
  const address = parseSocket(cursor);
  if (cursor.accept(']') === undefined) cursor.failMissing('missing-bracket', "']'");
  const open = cursor.token;
  if (cursor.accept('{') === undefined) {
    cursor.failMissing('missing-brace', `'{' after '${keyword}[...]'`);
    return undefined;
  }
  const settings: GlobalSetting[] = [];
  for (let length = settingNameLength(cursor); length > 0; length = settingNameLength(cursor)) {
    const setting = parseSetting(cursor, length);
    if (setting !== undefined) settings.push(setting);
  }
  closeBlock(cursor, open);
  return { kind: 'tls-domain', span: cursor.spanFrom(first), keyword, address, settings };
}

/** What stands in the brackets of a route's header. */
interface RouteName {
  readonly name: string;
  readonly span: Span;
  readonly interval: number | undefined;
}

function parseRoute(cursor: Cursor): RouteBlock | undefined {
  const keyword = cursor.take();
  if (keyword.text === 'request_route') cursor.marks.add('kamailio', keyword);
  const name = cursor.at('[') ? parseRouteName(cursor) : undefined;
  if (!cursor.at('{')) {
    cursor.failMissing('missing-brace', `'{' to begin the block of '${keyword.text}'`);
    return undefined;
  }
  const body = parseBlock(cursor);
  return {
    kind: 'route',
    span: cursor.spanFrom(keyword),
    type: routeType(keyword, name),
    keyword: keyword.text,
    name: name?.name === '0' ? undefined : name?.name,
    nameSpan: name?.span ?? { file: keyword.file, start: keyword.start, end: keyword.end },
    interval: name?.interval,
    body,
  };
}

/** cfg-language §8: with a number, SER's `reply_route` is a failure route. */
function routeType(keyword: Token, name: RouteName | undefined): RouteBlock['type'] {
  if (keyword.text === 'reply_route' && name !== undefined && /^\d+$/.test(name.name)) return 'failure';
  return routeKeywords.get(keyword.text) ?? 'request';
}

/** `[1]`, `[RELAY]`, `[tm:local-request]`, `[CLEAN, 30]`. */
function parseRouteName(cursor: Cursor): RouteName | undefined {
  cursor.take();
  const first = cursor.token;
  let name = '';
  while (!isEndOfName(cursor)) {
    const part = cursor.take();
    name += part.kind === 'number' && part.value > 0 && name === '' ? numberName(part) : part.text;
  }
  const span = cursor.spanFrom(first);
  if (name === '') cursor.failHere('missing-name', "a route's name");
  const interval = parseInterval(cursor);
  if (cursor.accept(']') === undefined) {
    cursor.failMissing('missing-bracket', "']' after the route's name");
    while (!cursor.atEnd() && !cursor.token.first && !cursor.atAny(['{', ';', '}'])) cursor.skip();
  }
  return name === '' ? undefined : { name, span, interval };
}

/** A number in decimal; `yes` is a name here. */
function numberName(token: Token): string {
  return /^\d/.test(token.text) ? String(token.value) : token.text;
}

function isEndOfName(cursor: Cursor): boolean {
  const { kind } = cursor.token;
  if (kind === 'word' || kind === 'number' || kind === 'string') return false;
  return !cursor.atAny([':', '-', '.']);
}

function parseInterval(cursor: Cursor): number | undefined {
  if (cursor.accept(',') === undefined) return undefined;
  if (cursor.atKind('number')) return cursor.take().value;
  cursor.failHere('missing-expression', 'a number of seconds');
  return undefined;
}
