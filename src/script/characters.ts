// The classes of characters that the lexer asks for, by UTF-16 code.

export const newline = 0x0a;
export const hash = 0x23;
export const dollar = 0x24;
export const slash = 0x2f;
export const star = 0x2a;
export const backslash = 0x5c;
export const doubleQuote = 0x22;
export const singleQuote = 0x27;
export const exclamation = 0x21;
export const commercialAt = 0x40;

/** cfg-language §2: space, tab, backspace, carriage return; and a byte order mark. */
export function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0x09 ||
    code === 0x08 ||
    code === 0x0d ||
    code === 0x0b ||
    code === 0x0c ||
    code === 0xfeff
  );
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

export function isOctalDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x37;
}

export function isWordStart(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

export function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code);
}
