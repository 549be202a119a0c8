import type {
  IpLiteral,
  Missing,
  Network,
  NumberLiteral,
  SocketHost,
  SocketLiteral,
  SocketOption,
  StringLiteral,
  Variable,
  Word,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseFormat, parsePv } from './pv-syntax.ts';
import { isWritten, type Token } from './token.ts';

// What is made of a few tokens: literals, words, addresses, sockets.

/** Makes a string literal; a string that follows is joined to it in Kamailio's files. */
export function parseString(cursor: Cursor): StringLiteral {
  const first = cursor.take();
  let value = first.text;
  while (cursor.atKind('string') && cursor.marks.has('kamailio')) value += cursor.take().text;
  return { kind: 'string', span: cursor.spanFrom(first), value, pieces: parseFormat(value) };
}

/** A number with an optional sign. */
export function parseNumber(cursor: Cursor): NumberLiteral {
  const first = cursor.token;
  const negative = cursor.accept('-') !== undefined;
  if (!negative) cursor.accept('+');
  const number = cursor.take();
  const text = negative ? `-${number.text}` : number.text;
  // A plain 0 instead of -0, which equals it but prints otherwise.
  const value = negative ? 0 - number.value : number.value;
  return { kind: 'number', span: cursor.spanFrom(first), value, text };
}

export function atNumber(cursor: Cursor): boolean {
  return cursor.atKind('number') || (cursor.atAny(['-', '+']) && cursor.peek(1).kind === 'number');
}

export function parseVariable(cursor: Cursor): Variable | Missing {
  const token = cursor.token;
  const pv = parsePv(token.text);
  if ('problem' in pv) {
    const span = { file: token.file, start: token.start + pv.at, end: token.end };
    const isInPlace = token.file.text.startsWith(token.text, token.start);
    cursor.fail('bad-variable', pv.problem, isInPlace ? span : token);
    cursor.take();
    return { kind: 'missing', span: token };
  }
  cursor.take();
  return { kind: 'variable', span: cursor.spanFrom(token), pv };
}

/** A word, with the dots and dashes of a host's name: `sip.my-company.example`, `3com.example`. */
export function parseWord(cursor: Cursor): Word {
  const first = cursor.token;
  const length = wordLength(cursor);
  let text = '';
  for (let i = 0; i < length; i++) text += cursor.take().text;
  return { kind: 'word', span: cursor.spanFrom(first), text };
}

/** How many tokens make up the word here; 0 when none begins here. */
export function wordLength(cursor: Cursor, from = 0): number {
  const first = cursor.peek(from);
  if (first.kind !== 'word' && first.kind !== 'number') return 0;
  let length = 1;
  // A label may begin with a digit: the number and the word are two tokens of one label.
  const isLabel = (token: Token): boolean => token.glued && (token.kind === 'word' || token.kind === 'number');
  while (isLabel(cursor.peek(from + length))) length++;
  while (isJoint(cursor.peek(from + length)) && isLabel(cursor.peek(from + length + 1))) {
    // `5-3` computes.
    if (first.kind === 'number' && length === 1 && isWritten(cursor.peek(from + 1), '-')) return 1;
    length += 2;
    while (isLabel(cursor.peek(from + length))) length++;
  }
  return length;
}

function isJoint(token: Token): boolean {
  return token.glued && (isWritten(token, '.') || isWritten(token, '-'));
}

/** An address, or a network when a slash follows: `10.0.0.0/8`. */
export function parseIp(cursor: Cursor): IpLiteral | Network {
  const address = parseIpLiteral(cursor);
  if (cursor.accept('/') === undefined) return address;
  if (cursor.atKind('ip')) {
    const mask = parseIpLiteral(cursor);
    return { kind: 'network', span: cursor.spanFrom(address.span), address, mask };
  }
  if (cursor.atKind('number')) {
    const mask = parseNumber(cursor);
    return { kind: 'network', span: cursor.spanFrom(address.span), address, mask };
  }
  cursor.failHere('bad-network', "a number of bits or a mask after '/'");
  return address;
}

function parseIpLiteral(cursor: Cursor): IpLiteral {
  const token = cursor.take();
  const version = token.text.includes(':') ? 6 : 4;
  return { kind: 'ip', span: cursor.spanFrom(token), version, address: token.text };
}

/** Whether `[proto:]host[:port]` can begin here. */
export function atSocket(cursor: Cursor): boolean {
  return (
    cursor.atKind('word') || cursor.atKind('ip') || cursor.atKind('string') || cursor.atKind('number') || cursor.at('*')
  );
}

/** `[proto:]host[:port]`. */
export function parseSocket(cursor: Cursor): SocketLiteral {
  const first = cursor.token;
  const protocol = parseProtocol(cursor);
  const host = parseHost(cursor);
  const port = parsePort(cursor);
  return { kind: 'socket', span: cursor.spanFrom(first), protocol, host, port, options: [] };
}

/** A word before a colon is a protocol, unless what follows the colon is a port. */
function parseProtocol(cursor: Cursor): string | undefined {
  const { token } = cursor;
  if (token.kind !== 'word' && !cursor.at('*')) return undefined;
  if (!isWritten(cursor.peek(1), ':')) return undefined;
  const behind = cursor.peek(2);
  if (behind.first) return undefined;
  const isHost =
    behind.kind === 'ip' || behind.kind === 'string' || wordLength(cursor, 2) > (behind.kind === 'number' ? 1 : 0);
  const isAny = isWritten(behind, '*') && isWritten(cursor.peek(3), ':');
  if (!isHost && !isAny) return undefined;
  cursor.take();
  cursor.take();
  return token.text;
}

function parseHost(cursor: Cursor): SocketHost {
  if (cursor.atKind('ip')) return parseIpLiteral(cursor);
  if (cursor.atKind('string')) return parseString(cursor);
  const first = cursor.token;
  if (cursor.accept('*') !== undefined) return { kind: 'word', span: cursor.spanFrom(first), text: '*' };
  if (wordLength(cursor) > 0) return parseWord(cursor);
  cursor.failHere('bad-socket', 'a host');
  return { kind: 'word', span: cursor.missing().span, text: '' };
}

function parsePort(cursor: Cursor): number | '*' | undefined {
  if (cursor.accept(':') === undefined) return undefined;
  if (cursor.accept('*') !== undefined) return '*';
  if (cursor.atKind('number')) return cursor.take().value;
  cursor.failMissing('bad-socket', 'a port');
  return undefined;
}

type OptionValue = 'socket' | 'plain' | 'none';

/** What may stand behind a listening socket, and what it is followed by. */
const socketOptions: ReadonlyMap<string, OptionValue> = new Map([
  ['advertise', 'socket'],
  ['as', 'socket'],
  ['name', 'plain'],
  ['agname', 'plain'],
  ['use_workers', 'plain'],
  ['use_auto_scaling_profile', 'plain'],
  ['virtual', 'none'],
  ['anycast', 'none'],
  ['frag', 'none'],
  ['reuse_port', 'none'],
]);

/** A listening socket with its options. */
export function parseListener(cursor: Cursor): SocketLiteral {
  const socket = parseSocket(cursor);
  const options: SocketOption[] = [];
  for (let option = parseSocketOption(cursor); option !== undefined; option = parseSocketOption(cursor)) {
    options.push(option);
  }
  return options.length === 0 ? socket : { ...socket, span: cursor.spanFrom(socket.span), options };
}

function parseSocketOption(cursor: Cursor): SocketOption | undefined {
  const { token } = cursor;
  const takes = token.kind === 'word' ? socketOptions.get(token.text) : undefined;
  // `alias=a.example` may be followed by the setting `name = ...`.
  if (takes === undefined || isWritten(cursor.peek(1), '=')) return undefined;
  cursor.take();
  const value = takes === 'none' ? undefined : takes === 'socket' ? parseSocket(cursor) : parseOptionValue(cursor);
  return { kind: 'socket-option', span: cursor.spanFrom(token), name: token.text, value };
}

function parseOptionValue(cursor: Cursor): NumberLiteral | StringLiteral | Word | undefined {
  if (cursor.atKind('string')) return parseString(cursor);
  if (cursor.atKind('number')) return parseNumber(cursor);
  if (cursor.atKind('word')) return parseWord(cursor);
  cursor.failHere('bad-socket', `a value of '${cursor.previous.text}'`);
  return undefined;
}

/** Digits and dots that are neither a number nor an address. */
export function isFraction(word: Word): boolean {
  return /^[0-9.]+$/.test(word.text);
}
