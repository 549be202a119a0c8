import { isBlank, isIn, TOKEN } from './char-class.ts';
import { parseDecimal } from './decimal.ts';
import { HeaderField } from './header-field.ts';
import { type HeaderLine, knownNameBit, maxLineStart, packLine } from './header-line.ts';
import { canonicalNameAt, knownHeaderNames, knownNameAt } from './header-name.ts';
import { limits } from './limits.ts';
import { emptyBody, SipRequest, SipResponse } from './message.ts';
import { contradiction, parseContentLength } from './message-length.ts';
import { scanSipUri } from './parse-uri.ts';
import { ReadAhead } from './read-ahead.ts';
import { SipError } from './sip-error.ts';
import { isStatusLine, parseRequestLine, parseStatusLine } from './start-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const COLON = 0x3a;

/**
 * Where the header lines of the head in hand are; for each: its start, the end of its name (its start for a line
 * that is no header), the start of its value, its end, and 1 when it is folded. One array for all messages: parsing
 * is synchronous, and what is in it is used up before `parseMessage` returns.
 */
const lineOffsets = new Int32Array(limits.maxHeaders * 5);
/** The numbers of the names of these lines, in `knownHeaderNames`. */
const lineNames = new Uint8Array(limits.maxHeaders);

/** What `scanHead` finds besides them. */
const scanned = {
  lines: 0,
  startLineEnd: 0,
  headEnd: 0,
  isCut: false,
  hasVia: false,
  hasLength: false,
  fault: undefined as SipError | undefined,
};

const viaName = knownHeaderNames.indexOf('via');
const lengthName = knownHeaderNames.indexOf('content-length');

const ahead = new ReadAhead();

/**
 * Parses one datagram or one message that was cut out of a stream (RFC 3261 §7).
 *
 * Only the structure is looked at; a header value is parsed when it is asked for. What is wrong but leaves the
 * message answerable is its `fault`. Line breaks before the message are skipped (§7.5), bytes after Content-Length
 * are ignored (§18.3), and a line may end with a bare LF, as people and test scripts write them.
 * @param bytes used during the call only: the head becomes a string, the body is copied
 * @param maxMessageBytes a longer message is refused whole
 * @returns a failure when there is no start line or no Via, so that there is nothing that could be answered
 */
export function parseMessage(
  bytes: Buffer,
  maxMessageBytes: number = limits.maxDatagramBytes,
): SipRequest | SipResponse | SipError {
  if (bytes.length > maxMessageBytes) {
    return new SipError('SIP_TOO_LARGE', `the message is longer than ${maxMessageBytes} bytes`, maxMessageBytes);
  }
  let start = 0;
  while (bytes[start] === CR || bytes[start] === LF) start++;
  if (start === bytes.length) return new SipError('SIP_EMPTY_MESSAGE', 'there is nothing but line breaks');

  scanHead(bytes, start);
  const headEnd = scanned.headEnd;
  let fault = scanned.fault;
  let text = bytes.toString('latin1', start);
  if (scanned.isCut) text += endOfCutHead(text);

  if (!scanned.hasVia) return new SipError('SIP_MISSING_HEADER', 'the Via header is missing');
  const isRequest = !isStatusLine(text);
  ahead.clear(isRequest, isRequest && text.startsWith('REGISTER '));
  // Only a text without anything in front of it has its bytes where its characters are.
  const lines = takeLines(text, start, start === 0 ? bytes : undefined);

  let bodyEnd = bytes.length;
  const length = scanned.hasLength ? lengthIn(text, start) : undefined;
  if (typeof length === 'number') {
    if (headEnd + length <= bytes.length) bodyEnd = headEnd + length;
    else fault ??= new SipError('SIP_TRUNCATED', 'the body is shorter than Content-Length says', bytes.length);
  } else if (length !== undefined) fault ??= length;
  const hasBody = bodyEnd > headEnd;
  const head = headEnd === bytes.length ? text : text.slice(0, headEnd - start);
  const body = hasBody ? text.slice(headEnd - start, bodyEnd - start) : emptyBody;

  const startLineEnd = scanned.startLineEnd - start;
  if (!isRequest) {
    const line = parseStatusLine(text, startLineEnd);
    if (line instanceof SipError) return line;
    return new SipResponse(line.status, line.reason, line.version, lines, body, head, fault, ahead);
  }
  const line = parseRequestLine(text, startLineEnd);
  if (line instanceof SipError) return line;
  if (start === 0 && line.fault === undefined) {
    const uriStart = line.method.length + 1;
    const uri = scanSipUri(text, bytes, uriStart, uriStart + line.uriText.length);
    if (!(uri instanceof SipError)) ahead.uri = uri;
  }
  return new SipRequest(line.method, line.uriText, line.version, lines, body, head, line.fault ?? fault, ahead);
}

/**
 * What a head that was cut off lacks at its end. Its last line gets its line break, since a reply copies whole lines.
 */
function endOfCutHead(head: string): string {
  if (head.charCodeAt(head.length - 1) === LF) return '\r\n';
  const lastLineEnd = scanned.lines * 5 - 2;
  // Not so when there is no line at all, or when it is beyond the limit and left out.
  if (lineOffsets[lastLineEnd] === scanned.headEnd && scanned.lines > 0) lineOffsets[lastLineEnd] = scanned.headEnd + 2;
  return '\r\n\r\n';
}

/** Finds the lines of the head that begins at `start`: one pass over the bytes. */
function scanHead(bytes: Buffer, start: number): void {
  const end = bytes.length;
  scanned.lines = 0;
  scanned.isCut = false;
  scanned.hasVia = false;
  scanned.hasLength = false;
  scanned.fault = undefined;

  let at = start;
  while (at < end && bytes[at] !== LF) at++;
  scanned.startLineEnd = bytes[at - 1] === CR ? at - 1 : at;
  at++;

  for (;;) {
    if (at >= end) {
      note('SIP_TRUNCATED', 'the head has no empty line at its end', end);
      scanned.headEnd = end;
      scanned.isCut = true;
      return;
    }
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) {
      scanned.headEnd = bytes[at] === LF ? at + 1 : at + 2;
      if (scanned.headEnd - start > limits.maxHeadBytes) {
        note('SIP_TOO_LARGE', `the head is longer than ${limits.maxHeadBytes} bytes`, limits.maxHeadBytes);
      }
      return;
    }
    at = scanLine(bytes, at);
  }
}

/** Records the header line that begins at `lineStart`; returns where the next one begins. */
function scanLine(bytes: Buffer, lineStart: number): number {
  const end = bytes.length;
  let at = lineStart;
  while (isIn(bytes[at] as number, TOKEN)) at++; // undefined at the end is in no class
  let nameEnd = at;
  while (isBlank(bytes[at] as number)) at++;
  if (bytes[at] === COLON && nameEnd > lineStart) at++;
  else {
    note('SIP_BAD_HEADER', 'a line of the head is no header', lineStart);
    nameEnd = lineStart;
    at = lineStart;
  }
  const valueStart = at;

  let folded = 0;
  for (; at < end; at++) {
    const c = bytes[at] as number; // inside
    if (c > CR) continue;
    if (c === LF) {
      const next = bytes[at + 1];
      if (next !== 0x20 && next !== 0x09) break;
      folded = 1;
    } else if (c === CR && bytes[at + 1] !== LF) {
      // Another reader might take it for a line break and see a header that we did not check.
      note('SIP_BAD_HEADER', 'a CR without LF stands in a header', at);
    }
  }
  const lineEnd = at < end ? at + 1 : end;

  const slot = scanned.lines * 5;
  if (slot === lineOffsets.length) note('SIP_TOO_MANY', `there are more than ${limits.maxHeaders} headers`, lineStart);
  else {
    lineOffsets[slot] = lineStart;
    lineOffsets[slot + 1] = nameEnd;
    lineOffsets[slot + 2] = valueStart;
    lineOffsets[slot + 3] = lineEnd;
    lineOffsets[slot + 4] = folded;
    const name = nameEnd === lineStart ? 0 : knownNameAt(bytes, lineStart, nameEnd);
    lineNames[scanned.lines++] = name;
    if (name === viaName) scanned.hasVia = true;
    else if (name === lengthName) scanned.hasLength = true;
  }
  return lineEnd;
}

/** Keeps the first fault of the head in hand. */
function note(
  code: 'SIP_TRUNCATED' | 'SIP_TOO_LARGE' | 'SIP_TOO_MANY' | 'SIP_BAD_HEADER',
  message: string,
  at: number,
) {
  scanned.fault ??= new SipError(code, message, at);
}

/**
 * The header lines that `scanHead` found, of `text`, whose first byte is at `start`.
 * @param bytes to read the frequent values from, when they are where the characters of `text` are
 */
function takeLines(text: string, start: number, bytes: Uint8Array | undefined): HeaderLine[] {
  const lines = new Array<HeaderLine>(scanned.lines);
  for (let index = 0; index < lines.length; index++) {
    const slot = index * 5;
    // The casts: all are inside of the arrays.
    const lineStart = (lineOffsets[slot] as number) - start;
    const name = lineNames[index] as number;
    const isFolded = lineOffsets[slot + 4] === 1;
    const line = packLine(lineStart, name, isFolded);
    ahead.names |= knownNameBit(name);
    lines[index] = lineStart <= maxLineStart ? line : fieldAt(index, text, start);
    if (bytes === undefined) continue;
    const valueStart = lineOffsets[slot + 2] as number;
    ahead.readLine(
      knownHeaderNames[name] as string,
      text,
      bytes,
      valueStart,
      lineOffsets[slot + 3] as number,
      isFolded,
    );
  }
  return lines;
}

/** A line that `scanHead` found, as a field. */
function fieldAt(index: number, text: string, start: number): HeaderField {
  const slot = index * 5;
  // The casts: all are inside of the arrays.
  const lineStart = (lineOffsets[slot] as number) - start;
  const nameEnd = (lineOffsets[slot + 1] as number) - start;
  const valueStart = (lineOffsets[slot + 2] as number) - start;
  const lineEnd = (lineOffsets[slot + 3] as number) - start;
  const name = nameEnd === lineStart ? '' : canonicalNameAt(text, lineStart, nameEnd);
  return new HeaderField(name, text, lineStart, valueStart, lineEnd, lineOffsets[slot + 4] === 1);
}

/** The number that a line has for its value, when nothing but one blank and CRLF is around it. */
function digitsIn(index: number, text: string, start: number): number | undefined {
  const slot = index * 5;
  // The casts: all are inside of the array.
  const first = (lineOffsets[slot + 2] as number) - start + 1;
  const end = (lineOffsets[slot + 3] as number) - start - 2;
  if (text.charCodeAt(first - 1) !== SP || text.charCodeAt(end) !== CR) return undefined;
  // Nine digits are exact, and longer than any message.
  const length = end - first > 9 ? -1 : parseDecimal(text, 1_000_000_000, first, end);
  return length < 0 ? undefined : length;
}

/** What `contentLengthOf` says of the lines that `scanHead` found. */
function lengthIn(text: string, start: number): number | undefined | SipError {
  let length: number | undefined;
  for (let index = 0; index < scanned.lines; index++) {
    if (lineNames[index] !== lengthName) continue;
    const bytes = digitsIn(index, text, start) ?? parseContentLength(fieldAt(index, text, start).value);
    if (bytes instanceof SipError) return bytes;
    if (length !== undefined && length !== bytes) return contradiction();
    length = bytes;
  }
  return length;
}
