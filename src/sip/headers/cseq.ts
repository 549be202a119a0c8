import { DIGIT, isToken, skipBlanks, skipClass } from '../char-class.ts';
import { parseDecimal } from '../decimal.ts';
import { SipError } from '../sip-error.ts';

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
  const end = skipClass(text, 0, DIGIT);
  const number = parseDecimal(text, maxSequenceNumber + 1, 0, end);
  if (number < 0) return new SipError('SIP_BAD_CSEQ', 'CSeq has no sequence number');
  if (number > maxSequenceNumber) return new SipError('SIP_BAD_CSEQ', 'the number in CSeq is not less than 2^31');
  const start = skipBlanks(text, end);
  const method = text.slice(start);
  if (start === end || !isToken(method)) return new SipError('SIP_BAD_CSEQ', 'CSeq has no method', start);
  return { number, method };
}
