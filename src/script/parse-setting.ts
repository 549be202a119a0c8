import type { GlobalSetting, SettingValue, StringLiteral } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { dialectOfSetting } from './dialect.ts';
import {
  atNumber,
  atSocket,
  isFraction,
  parseIp,
  parseListener,
  parseNumber,
  parseString,
  parseWord,
} from './parse-operand.ts';
import { isWritten } from './token.ts';
import { atTopLevel, tlsDomainKeywords } from './top-level-start.ts';

/** The settings whose value is a list of sockets (cfg-language §4). */
const socketSettings: ReadonlySet<string> = new Set(['listen', 'socket', 'alias']);

/** How many tokens the name of a setting takes that begins here; 0 when none does. Kamailio has `group.name`. */
export function settingNameLength(cursor: Cursor): number {
  if (!cursor.atKind('word')) return 0;
  let length = 1;
  while (isWritten(cursor.peek(length), '.') && cursor.peek(length + 1).kind === 'word') length += 2;
  return isWritten(cursor.peek(length), '=') ? length : 0;
}

/** `name = value`. There is no semicolon: what begins next ends the value; one that is written is accepted. */
export function parseSetting(cursor: Cursor, nameLength: number): GlobalSetting | undefined {
  const first = cursor.token;
  let name = '';
  for (let i = 0; i < nameLength; i++) name += cursor.take().text;
  const nameSpan = cursor.spanFrom(first);
  const dialect = dialectOfSetting(name);
  if (dialect !== undefined) cursor.marks.add(dialect, nameSpan);
  cursor.take();
  const values = socketSettings.has(name) ? parseSockets(cursor) : parseValues(cursor);
  if (values.length === 0) {
    cursor.failMissing('missing-value', `a value for '${name}'`);
    passLine(cursor);
    return undefined;
  }
  const description = parseDescription(cursor);
  const span = cursor.spanFrom(first);
  endSetting(cursor, name);
  return { kind: 'setting', span, name, nameSpan, values, description };
}

function parseSockets(cursor: Cursor): readonly SettingValue[] {
  const sockets: SettingValue[] = [];
  while (atSocket(cursor) && !beginsItem(cursor)) sockets.push(parseListener(cursor));
  return sockets;
}

function parseValues(cursor: Cursor): readonly SettingValue[] {
  if (beginsItem(cursor)) return [];
  const value = parseSettingValue(cursor);
  return value === undefined ? [] : [value];
}

function parseSettingValue(cursor: Cursor): SettingValue | undefined {
  if (cursor.atKind('string')) return parseString(cursor);
  if (cursor.atKind('word')) return parseWord(cursor);
  if (cursor.atKind('ip')) {
    const ip = parseIp(cursor);
    return ip.kind === 'network' ? ip.address : ip;
  }
  if (!atNumber(cursor)) return undefined;
  if (!cursor.atKind('number')) return parseNumber(cursor);
  return parseNumberOrHost(cursor);
}

/** `5060`, or `3com.example`. */
function parseNumberOrHost(cursor: Cursor): SettingValue {
  const number = cursor.token;
  const word = parseWord(cursor);
  if (word.text === number.text) return { kind: 'number', span: word.span, value: number.value, text: number.text };
  if (isFraction(word)) {
    cursor.error('no-fractions', `'${word.text}' is neither a whole number nor an address`, word.span);
  }
  return word;
}

/** Kamailio: `group.name = value desc "text"`. */
function parseDescription(cursor: Cursor): StringLiteral | undefined {
  if (!cursor.at('desc') || cursor.peek(1).kind !== 'string') return undefined;
  cursor.take();
  return parseString(cursor);
}

/** Whether the next item begins here, so that no value does. */
function beginsItem(cursor: Cursor): boolean {
  if (settingNameLength(cursor) > 0 || atTopLevel(cursor)) return true;
  return ['mpath', 'loadpath', ...tlsDomainKeywords].some((word) => cursor.at(word));
}

function endSetting(cursor: Cursor, name: string): void {
  if (cursor.accept(';') !== undefined || cursor.token.first || beginsItem(cursor) || cursor.atAny(['}'])) return;
  if (cursor.atEnd() || cursor.hasFailedHere()) return;
  cursor.failHere('unexpected-token', `the end of the line after the value of '${name}'`);
  passLine(cursor);
}

/** Passes what is left of the line. */
export function passLine(cursor: Cursor): void {
  while (!cursor.atEnd() && !cursor.token.first && !cursor.at('}')) cursor.skip();
}
