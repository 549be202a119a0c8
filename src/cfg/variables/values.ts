import type { CfgValue } from './template.ts';

/** What an absent value looks like in a text (cfg-language 9). */
export const nullText = '<null>';

/** A value as it stands in a text; absent is `<null>`. */
export function textOf(value: CfgValue): string {
  if (typeof value === 'string') return value;
  return value === undefined ? nullText : String(value);
}

/** The whole number that a value is or spells in decimal, with a sign or without; undefined when it is none. */
export function numberOf(value: CfgValue): number | undefined {
  if (typeof value !== 'string') return value;
  return isDecimal(value) ? Number(value) : undefined;
}

/** Longest number that stays exact: 15 digits. */
const maxDigits = 15;

function isDecimal(text: string): boolean {
  const first = text.charCodeAt(0);
  const start = first === 0x2d || first === 0x2b ? 1 : 0;
  if (text.length === start || text.length - start > maxDigits) return false;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x30 || c > 0x39) return false;
  }
  return true;
}
