const ZERO = 0x30;
const LETTER_A = 0x61;

/** Writes `value` as exactly `width` decimal digits, with leading zeros. Allocates nothing. */
export function writeDecimal(bytes: Uint8Array, offset: number, width: number, value: number): void {
  let rest = value;
  for (let at = offset + width - 1; at >= offset; at--) {
    const quotient = (rest / 10) | 0;
    bytes[at] = ZERO + (rest - quotient * 10);
    rest = quotient;
  }
}

/** Reads `width` decimal digits; -1 when one of them is not a digit. */
export function readDecimal(bytes: Uint8Array, offset: number, width: number): number {
  let value = 0;
  for (let at = offset; at < offset + width; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Writes the low `width * 4` bits of `value` as hex digits, the lowest first. */
export function writeHex(bytes: Uint8Array, offset: number, width: number, value: number): void {
  for (let i = 0; i < width; i++) {
    const digit = (value >>> (i * 4)) & 15;
    bytes[offset + i] = digit < 10 ? ZERO + digit : LETTER_A - 10 + digit;
  }
}
