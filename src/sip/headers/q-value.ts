import { codeAt, isBlank } from '../char-class.ts';
import { SipError } from '../sip-error.ts';

/**
 * Parses a qvalue into thousandths, 0..1000. Wider than `qvalue` of RFC 3261 §25.1, as the spec of the registrar
 * (7.2) has it: blanks before it, any number of leading zeros, a missing one, and more than three digits after the
 * point, of which three count.
 */
export function parseQ(text: string): number | SipError {
  let at = 0;
  while (isBlank(codeAt(text, at))) at++;
  const start = at;
  while (codeAt(text, at) === 0x30) at++;
  const isOne = codeAt(text, at) === 0x31;
  if (isOne) at++;
  if (at === text.length) return at > start ? (isOne ? 1000 : 0) : malformed(at);
  if (codeAt(text, at) !== 0x2e) return malformed(at);
  const digits = ++at;
  let thousandths = 0;
  for (; at < text.length; at++) {
    const digit = codeAt(text, at) - 0x30;
    if (!(digit >= 0 && digit <= 9) || (isOne && digit !== 0)) return malformed(at);
    if (at < digits + 3) thousandths = thousandths * 10 + digit;
  }
  if (at === digits) return malformed(at);
  for (let count = at - digits; count < 3; count++) thousandths *= 10;
  return isOne ? 1000 : thousandths;
}

function malformed(offset: number): SipError {
  return new SipError('SIP_BAD_Q', 'a q value is no number from 0 to 1', offset);
}

/**
 * Prints thousandths as a qvalue: `0`, `1`, or `0.` and up to three digits without zeros at the end. What is
 * outside of 0..1000 is printed as the nearer end.
 */
export function formatQ(thousandths: number): string {
  if (thousandths >= 1000) return '1';
  if (thousandths <= 0) return '0';
  if (thousandths % 100 === 0) return `0.${thousandths / 100}`;
  if (thousandths % 10 === 0) return `0.${thousandths < 100 ? '0' : ''}${thousandths / 10}`;
  return `0.${thousandths < 100 ? '0' : ''}${thousandths < 10 ? '0' : ''}${thousandths}`;
}
