/** The two hexadecimal digits of every byte: every stateless reply has four of them in its To tag. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A 32-bit number, signed or not, as eight hexadecimal digits. */
export function hexWord(value: number): string {
  const high = `${hexBytes[value >>> 24]}${hexBytes[(value >>> 16) & 0xff]}`;
  return `${high}${hexBytes[(value >>> 8) & 0xff]}${hexBytes[value & 0xff]}`;
}
