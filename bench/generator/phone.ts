const STATUS_LINE = Buffer.from('SIP/2.0 200 OK\r\n', 'latin1');
const NO_BODY = Buffer.from('Content-Length: 0\r\n\r\n', 'latin1');
const TO_TAG = Buffer.from(';tag=phone', 'latin1');
const CR = 0x0d;
const LF = 0x0a;

/**
 * Answers a request 200 as a phone does, RFC 3261 §8.2.6: the lines of Via, Record-Route, From, To, Call-ID and
 * CSeq go back byte for byte, To gets a tag. Folded lines are not expected from a server.
 *
 * @returns the length of the reply written at `to`, 0 when the bytes are not a request with a complete head
 */
export function answerRequest(from: Buffer, offset: number, length: number, into: Buffer, to: number): number {
  const end = offset + length;
  let write = to + STATUS_LINE.copy(into, to);
  let line = afterLine(from, offset, end);
  while (line < end && from[line] !== CR) {
    const next = afterLine(from, line, end);
    if (goesBack(from, line)) {
      write += from.copy(into, write, line, next);
      if (isTo(from, line)) {
        write -= 2;
        write += TO_TAG.copy(into, write);
        into[write++] = CR;
        into[write++] = LF;
      }
    }
    line = next;
  }
  if (line >= end) return 0;
  write += NO_BODY.copy(into, write);
  return write - to;
}

function afterLine(bytes: Buffer, offset: number, end: number): number {
  let at = offset;
  while (at < end && bytes[at] !== LF) at++;
  return at + 1;
}

function lower(bytes: Buffer, at: number): number {
  return (bytes[at] as number) | 0x20;
}

/** v(ia), f(rom), t(o), c(all-id), c(seq), record-route; told apart from the other headers by their first bytes. */
function goesBack(bytes: Buffer, at: number): boolean {
  const first = lower(bytes, at);
  const second = lower(bytes, at + 1);
  switch (first) {
    case 0x76: // Via, v
      return second === 0x69 || second === 0x3a;
    case 0x66: // From, f
      return second === 0x72 || second === 0x3a;
    case 0x74: // To, t
      return isTo(bytes, at);
    case 0x69: // i
      return second === 0x3a;
    case 0x63: // Call-ID, CSeq
      return second === 0x73 || (second === 0x61 && lower(bytes, at + 2) === 0x6c);
    case 0x72: // Record-Route
      return second === 0x65 && lower(bytes, at + 2) === 0x63 && lower(bytes, at + 3) === 0x6f;
    default:
      return false;
  }
}

function isTo(bytes: Buffer, at: number): boolean {
  if (lower(bytes, at) !== 0x74) return false;
  const second = lower(bytes, at + 1);
  return second === 0x3a || (second === 0x6f && (bytes[at + 2] === 0x3a || bytes[at + 2] === 0x20));
}
