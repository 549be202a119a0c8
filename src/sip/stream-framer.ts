import { isBlank, isIn, skipBlanks, TOKEN } from './char-class.ts';
import { HeaderField } from './header-field.ts';
import { knownHeaderNames, knownNameAt } from './header-name.ts';
import { limits } from './limits.ts';
import { contradiction, parseContentLength } from './message-length.ts';
import { SipError } from './sip-error.ts';

const CR = 0x0d;
const LF = 0x0a;
const nothing = Buffer.alloc(0);

/** What a stream holds next: a message, a keep-alive, nothing whole yet, or something that ends it. */
export type Framed = Buffer | 'keepalive-ping' | 'keepalive-pong' | undefined | SipError;

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 §18.3, §20.14) and sees the keep-alives between them
 * (RFC 5626 §3.5.1). Segments may end anywhere. Every byte is looked at once to find the end of a head and once more
 * to find its Content-Length, however small the segments are.
 */
export class StreamFramer {
  readonly #maxMessageBytes: number;
  #bytes: Buffer;
  /** Whether `#bytes` is ours to write to, or a segment that came in. */
  #owned: boolean;
  #start: number;
  #end: number;
  /** Up to here no end of the head was found. */
  #scannedTo: number;
  /** The length of the message that begins at `#start`, once its head is complete; else 0. */
  #messageBytes: number;
  #sawStartLine: boolean;
  /** A lone CRLF was reported as a pong, and one more would make it a ping. */
  #halfPing: boolean;
  #lost: SipError | undefined;

  /** @param maxMessageBytes the longest message, head and body, that the stream may carry */
  constructor(maxMessageBytes: number = limits.maxStreamMessageBytes) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#bytes = nothing;
    this.#owned = false;
    this.#start = 0;
    this.#end = 0;
    this.#scannedTo = 0;
    this.#messageBytes = 0;
    this.#sawStartLine = false;
    this.#halfPing = false;
    this.#lost = undefined;
  }

  /** How many bytes wait for the rest of their message. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /**
   * When the stream was lost: the bytes from the message on that broke it, of which `parseMessage` may make
   * something that can be answered before the connection is closed.
   */
  get lostBytes(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /**
   * Takes the next segment. Everything that `next` returned before becomes invalid.
   * @param chunk not to be written to until `next` has returned undefined
   */
  push(chunk: Buffer): void {
    if (chunk.length === 0 || this.#lost !== undefined) return;
    const pending = this.pendingBytes;
    if (pending === 0) {
      this.#bytes = chunk;
      this.#owned = false;
      this.#moveTo(0, chunk.length);
      return;
    }
    if (!this.#owned || this.#end + chunk.length > this.#bytes.length) this.#makeRoom(pending, chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next thing in the stream. To be called until it returns undefined, which says that more bytes are needed.
   *
   * A lone CRLF at the end of a segment is reported at once, as a pong; if a second one follows it, that is a ping,
   * so a ping that was cut in two is answered all the same.
   * @returns a message is a view on the bytes of the stream, valid until the next `push`; a failure is final
   */
  next(): Framed {
    if (this.#lost !== undefined) return this.#lost;
    if (this.#messageBytes === 0) {
      const between = this.#skipBetween();
      if (between !== 'message') return between;
      const head = this.#findHead();
      if (head !== 'complete') return head;
    }
    if (this.pendingBytes < this.#messageBytes) return undefined;
    const end = this.#start + this.#messageBytes;
    const isAll = this.#start === 0 && end === this.#bytes.length;
    const message = isAll ? this.#bytes : this.#bytes.subarray(this.#start, end);
    this.#moveTo(end, this.#end);
    this.#halfPing = false;
    return message;
  }

  /** Passes what stands between messages: CRLF and CRLFCRLF are keep-alives, other line breaks nothing (§7.5). */
  #skipBetween(): 'message' | 'keepalive-ping' | 'keepalive-pong' | undefined | SipError {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#start;
    while (at < end && bytes[at] === LF) at++;
    if (at >= end) {
      // An idle connection keeps no buffer.
      this.#bytes = nothing;
      this.#owned = false;
      this.#moveTo(0, 0);
      return undefined;
    }
    this.#moveTo(at, end);
    if (bytes[at] !== CR) return this.#isMessageStart(at);
    if (at + 1 >= end) return undefined;
    if (bytes[at + 1] !== LF) return this.#lose('SIP_BAD_START_LINE', 'the stream has a CR without LF');
    if (this.#halfPing) return this.#keepAlive(at + 2, false, 'keepalive-ping');
    if (bytes[at + 2] === CR && at + 2 < end) {
      // The second half is known only with its LF.
      if (at + 3 >= end) return undefined;
      if (bytes[at + 3] === LF) return this.#keepAlive(at + 4, false, 'keepalive-ping');
    }
    return this.#keepAlive(at + 2, at + 2 >= end, 'keepalive-pong');
  }

  #keepAlive<T extends 'keepalive-ping' | 'keepalive-pong'>(start: number, halfPing: boolean, kind: T): T {
    this.#halfPing = halfPing;
    this.#moveTo(start, this.#end);
    return kind;
  }

  /** A message begins with a token. Anything else, as a TLS handshake, is not waited for. */
  #isMessageStart(at: number): 'message' | SipError {
    this.#halfPing = false;
    if (isIn(this.#bytes[at] as number, TOKEN)) return 'message'; // at is inside
    return this.#lose('SIP_BAD_START_LINE', 'the stream has something that is no SIP message');
  }

  /** Looks for the empty line that ends the head, from where the last look ended. */
  #findHead(): 'complete' | undefined | SipError {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#scannedTo;
    for (;;) {
      const lf = lineFeedAt(bytes, at, end);
      if (lf === end) {
        this.#scannedTo = end;
        return this.#headTooLong(end - this.#start);
      }
      if (!this.#sawStartLine) {
        const problem = this.#checkStartLine(lf);
        if (problem !== undefined) return problem;
      }
      const next = bytes[lf + 1] === CR ? lf + 2 : lf + 1;
      if (next >= end) {
        this.#scannedTo = lf;
        return this.#headTooLong(end - this.#start);
      }
      if (bytes[next] === LF) return this.#headTooLong(next + 1 - this.#start) ?? this.#readLength(next + 1);
      at = lf + 1;
    }
  }

  /** The start line must have "SIP/" in it: whoever speaks another protocol is not listened to any longer. */
  #checkStartLine(lf: number): SipError | undefined {
    this.#sawStartLine = true;
    if (lf - this.#start <= limits.maxStartLineBytes && hasProtocolName(this.#bytes, this.#start, lf)) return undefined;
    return this.#lose('SIP_BAD_START_LINE', 'the stream has something that is no SIP message');
  }

  #headTooLong(headBytes: number): SipError | undefined {
    if (!this.#sawStartLine && headBytes > limits.maxStartLineBytes) {
      return this.#lose('SIP_BAD_START_LINE', 'the stream has a first line that does not end');
    }
    if (headBytes <= limits.maxHeadBytes && headBytes <= this.#maxMessageBytes) return undefined;
    return this.#lose('SIP_TOO_LARGE', 'the head of a message on the stream is too long');
  }

  /** Learns the length of the message from its head, which ends before `bodyStart`. */
  #readLength(bodyStart: number): 'complete' | SipError {
    const length = findContentLength(this.#bytes, this.#start, bodyStart);
    if (length === undefined) {
      return this.#lose('SIP_NO_CONTENT_LENGTH', 'a message on a stream must have a Content-Length');
    }
    if (length instanceof SipError) return this.#loseWith(length);
    const total = bodyStart - this.#start + length;
    if (total > this.#maxMessageBytes) {
      return this.#lose('SIP_TOO_LARGE', `a message on the stream is longer than ${this.#maxMessageBytes} bytes`);
    }
    this.#messageBytes = total;
    return 'complete';
  }

  #lose(code: 'SIP_BAD_START_LINE' | 'SIP_TOO_LARGE' | 'SIP_NO_CONTENT_LENGTH', message: string): SipError {
    return this.#loseWith(new SipError(code, message, this.#start));
  }

  #loseWith(problem: SipError): SipError {
    this.#lost = problem;
    return problem;
  }

  /** From here on `#start` begins something new. */
  #moveTo(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#scannedTo = start;
    this.#messageBytes = 0;
    this.#sawStartLine = false;
  }

  /**
   * Moves the pending bytes to where `more` fit behind them. Moving them inside of the same buffer happens only when
   * at least as much was taken out as stays, and growing doubles, so a byte is copied a bounded number of times.
   */
  #makeRoom(pending: number, more: number): void {
    const fits = this.#owned && pending <= this.#bytes.length >> 1 && pending + more <= this.#bytes.length;
    const target = fits ? this.#bytes : Buffer.allocUnsafeSlow(Math.max(2 * pending, pending + more, 2048));
    this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#bytes = target;
    this.#owned = true;
    this.#scannedTo -= this.#start;
    this.#start = 0;
    this.#end = pending;
  }
}

/** Where the next LF stands; `end` when there is none before it. */
function lineFeedAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LF) at++;
  return at;
}

/** Whether "SIP/" stands between the two, in any case. */
function hasProtocolName(bytes: Uint8Array, start: number, end: number): boolean {
  // From its end, where a request line has it. The casts: all four are inside.
  for (let slash = end - 1; slash >= start + 3; slash--) {
    if (bytes[slash] !== 0x2f) continue;
    const isSip = ((bytes[slash - 3] as number) | 0x20) === 0x73 && ((bytes[slash - 2] as number) | 0x20) === 0x69;
    if (isSip && ((bytes[slash - 1] as number) | 0x20) === 0x70) return true;
  }
  return false;
}

/** The value of the Content-Length lines of the head between the two, in long or compact form. */
function findContentLength(bytes: Buffer, start: number, end: number): number | undefined | SipError {
  let length: number | undefined;
  let at = lineFeedAt(bytes, start, end) + 1;
  while (at < end) {
    const lineEnd = endOfLine(bytes, at, end);
    const initial = (bytes[at] as number) | 0x20; // at is inside
    // "c" and "l": the first letters of its two names.
    if (initial === 0x63 || initial === 0x6c) {
      const value = contentLengthAt(bytes, at, lineEnd);
      if (value !== undefined) {
        const byteCount = parseContentLength(value);
        if (byteCount instanceof SipError) return byteCount;
        if (length !== undefined && length !== byteCount) return contradiction();
        length = byteCount;
      }
    }
    at = lineEnd;
  }
  return length;
}

/** The position after the line at `start` and its continuations. */
function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  do {
    at = lineFeedAt(bytes, at, end) + 1;
  } while (at < end && isBlank(bytes[at] as number)); // at is inside
  return Math.min(at, end);
}

/** The value of the line, when it is a Content-Length. */
function contentLengthAt(bytes: Buffer, start: number, end: number): string | undefined {
  let nameEnd = start;
  while (isIn(bytes[nameEnd] as number, TOKEN)) nameEnd++; // a line break, which is no token, ends the line
  if (knownHeaderNames[knownNameAt(bytes, start, nameEnd)] !== 'content-length') return undefined;
  const line = bytes.toString('latin1', start, end);
  const colon = skipBlanks(line, nameEnd - start);
  if (line.charCodeAt(colon) !== 0x3a) return undefined;
  return new HeaderField('content-length', line, 0, colon + 1, line.length, false).value;
}
