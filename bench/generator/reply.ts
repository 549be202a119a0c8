import { readDecimal } from './digits.ts';
import { BRANCH_PREFIX, SEQUENCE_DIGITS } from './request-template.ts';

const STATUS_AT = 'SIP/2.0 '.length;
const PREFIX = Buffer.from(BRANCH_PREFIX, 'latin1');
const FIRST_BYTE = PREFIX[0] as number;

/** Whether the datagram is a reply: a request begins with its method, and no method begins with "SIP/". */
export function isReply(bytes: Buffer, offset: number): boolean {
  return bytes[offset] === 0x53 && bytes[offset + 1] === 0x49 && bytes[offset + 3] === 0x2f;
}

/** The status code of a reply, -1 when there is none. */
export function statusOf(bytes: Buffer, offset: number): number {
  return readDecimal(bytes, offset + STATUS_AT, 3);
}

/** The number of the request that a reply answers, from the branch of its top Via; -1 when it is not one of ours. */
export function sequenceOf(bytes: Buffer, offset: number, length: number): number {
  const last = offset + length - PREFIX.length - SEQUENCE_DIGITS;
  for (let at = offset + STATUS_AT; at <= last; at++) {
    if (bytes[at] === FIRST_BYTE && startsWithPrefix(bytes, at)) {
      return readDecimal(bytes, at + PREFIX.length, SEQUENCE_DIGITS);
    }
  }
  return -1;
}

function startsWithPrefix(bytes: Buffer, at: number): boolean {
  for (let k = 1; k < PREFIX.length; k++) if (bytes[at + k] !== PREFIX[k]) return false;
  return true;
}
