import { DIGIT, TOKEN } from '../char-class.ts';
import { parseDecimal } from '../decimal.ts';
import { sameMethod } from '../methods.ts';
import { SipError } from '../sip-error.ts';
import { codesOf, skipBlankCodes, skipCodes } from '../text-codes.ts';

/** RFC 3261 §8.1.1.5: the sequence number must be less than 2^31. */
const maxSequenceNumber = 2 ** 31 - 1;

/** The CSeq header (RFC 3261 §20.16). */
export interface CSeq {
  readonly number: number;
  /** As written: methods are compared with their case. */
  readonly method: string;
}

/** Parses `1*DIGIT LWS Method`. */
export function parseCSeq(text: string): CSeq | SipError {
  return scanCSeq(text, codesOf(text), 0, text.length);
}

/** As `parseCSeq`, for a value that stands from `start` to `end` in a text whose codes are at hand: see `text-codes.ts`. */
export function scanCSeq(text: string, codes: Uint8Array, start: number, end: number): CSeq | SipError {
  const digitsEnd = skipCodes(codes, start, DIGIT);
  const number = parseDecimal(text, maxSequenceNumber + 1, start, digitsEnd);
  if (number < 0) return new SipError('SIP_BAD_CSEQ', 'CSeq has no sequence number');
  if (number > maxSequenceNumber) return new SipError('SIP_BAD_CSEQ', 'the number in CSeq is not less than 2^31');
  const method = skipBlankCodes(codes, digitsEnd);
  if (method === digitsEnd || method === end || skipCodes(codes, method, TOKEN) !== end) {
    return new SipError('SIP_BAD_CSEQ', 'CSeq has no method', method);
  }
  return { number, method: sameMethod(text.slice(method, end)) };
}
