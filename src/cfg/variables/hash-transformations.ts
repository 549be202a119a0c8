import { createHash } from 'node:crypto';
import { ofText, type TransformationEntry } from './transformation-entry.ts';
import { numberOf } from './values.ts';

/** Texts as hashes and in other codes. A text is the bytes of the wire, one for each character. */
export const hashTransformations: readonly TransformationEntry[] = [
  ...(['md5', 'sha256', 'sha384', 'sha512'] as const).map((name) => ({
    name: `s.${name}`,
    doc: `The ${name.toUpperCase()} of the text, hexadecimal.`,
    make: ofText((text) => createHash(name).update(text, 'latin1').digest('hex')),
  })),
  ...['s.encode.hexa', 's.hexa'].map((name) => ({
    name,
    doc: 'The bytes of the text, hexadecimal.',
    make: ofText((text) => Buffer.from(text, 'latin1').toString('hex')),
  })),
  {
    name: 's.decode.hexa',
    doc: 'The text that hexadecimal digits stand for; `$null` when they are none.',
    make: ofText((text) =>
      /^([0-9A-Fa-f]{2})*$/.test(text) ? Buffer.from(text, 'hex').toString('latin1') : undefined,
    ),
  },
  ...['s.encode.base64', 's.b64encode'].map((name) => ({
    name,
    doc: 'The text in Base64.',
    make: ofText((text) => Buffer.from(text, 'latin1').toString('base64')),
  })),
  ...['s.decode.base64', 's.b64decode'].map((name) => ({
    name,
    doc: 'The text that Base64 stands for.',
    make: ofText((text) => Buffer.from(text, 'base64').toString('latin1')),
  })),
  {
    name: 's.dec2hex',
    doc: 'The number in hexadecimal digits; `$null` for what is no number.',
    make: ofText((text) => {
      const number = numberOf(text.trim());
      return number === undefined || number < 0 ? undefined : number.toString(16);
    }),
  },
  {
    name: 's.hex2dec',
    doc: 'The number that hexadecimal digits spell; `$null` for what is no number.',
    make: ofText((text) =>
      /^(0[xX])?[0-9A-Fa-f]{1,12}$/.test(text.trim()) ? Number.parseInt(text.trim(), 16) : undefined,
    ),
  },
];
