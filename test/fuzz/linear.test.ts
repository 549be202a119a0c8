import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { knownHeaders, parseHeader } from '../../src/sip/headers/index.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { parseUri } from '../../src/sip/uri.ts';
import { countOperations } from './count-operations.ts';
import { exercise } from './exercise.ts';

/** Values that grow and that make a careless parser look at the same characters again and again. */
const families: Readonly<Record<string, (size: number) => string>> = {
  separators: (size) => ';'.repeat(size),
  commas: (size) => ','.repeat(size),
  blanks: (size) => `a${' '.repeat(size)}b`,
  'opened quotes': (size) => '"a, '.repeat(size / 4),
  'a quote that is not closed': (size) => `"${'a'.repeat(size)}`,
  backslashes: (size) => `"${'\\'.repeat(size)}`,
  'opened brackets': (size) => '<'.repeat(size),
  'closed brackets': (size) => '>'.repeat(size),
  'addresses that are not closed': (size) => '<sip:a@b, '.repeat(size / 10),
  'nested comments': (size) => `5 ${'('.repeat(size)}`,
  'comments that are closed late': (size) => `5 ${'('.repeat(size / 2)}${')'.repeat(size / 2)}`,
  'one long token': (size) => 'a'.repeat(size),
  'tokens in a list': (size) => 'a, '.repeat(size / 3),
  parameters: (size) => `<sip:a@b>${';a=b'.repeat(size / 4)}`,
  'parameters of a URI': (size) => `<sip:a@b${';a=b'.repeat(size / 4)}>`,
  'empty parameters': (size) => `a/b${' ; = '.repeat(size / 5)}`,
  'authentication parameters': (size) => `Digest ${Array.from({ length: size / 8 }, (_, i) => `a${i}=b`).join(', ')}`,
  'equals signs': (size) => `Bearer a${'='.repeat(size)}!`,
  escapes: (size) => `<sip:${'%41'.repeat(size / 3)}@b>`,
  'at signs': (size) => `sip:${'a@'.repeat(size / 2)}`,
  colons: (size) => `<sip:[${':'.repeat(size)}]>`,
  'labels of a host': (size) => `SIP/2.0/UDP ${'a.'.repeat(size / 2)}a`,
  digits: (size) => '9'.repeat(size),
  'addresses in a list': (size) => '<sip:a@b>, '.repeat(size / 11),
};

/** Four times this is still below the longest URI that is looked at. */
const size = 1000;

/** Four times the input may cost about four times the work; six leaves room for limits and rounding. What is quadratic costs sixteen. */
function assertLinear(work: (size: number) => void, what: string): void {
  const small = countOperations(() => work(size));
  const large = countOperations(() => work(4 * size));
  assert.ok(large <= 6 * small + 1000, `${what}: ${small} operations for ${size} bytes, ${large} for ${4 * size}`);
  assert.ok(large <= 100 * 4 * size, `${what}: ${large} operations for ${4 * size} bytes`);
}

describe('work is linear in the length of the input', () => {
  it('the count sees a quadratic parser', () => {
    const quadratic = (length: number) => {
      const text = 'a'.repeat(length);
      for (let i = 0; i < length; i++) text.indexOf('b', i);
    };
    assert.throws(() => assertLinear(quadratic, 'quadratic'));
    // And it puts back what it replaced.
    assert.match(String.prototype.charCodeAt.toString(), /native code/);
  });

  for (const [family, grow] of Object.entries(families)) {
    it(`every header: ${family}`, () => {
      for (const name of knownHeaders) assertLinear((length) => void parseHeader(name, grow(length)), name);
    });

    it(`a URI: ${family}`, () => {
      assertLinear((length) => void parseUri(grow(length).replace('<', '').replace('>', '')), family);
    });
  }

  for (const name of ['Via', 'Route', 'Contact', 'From', 'Require', 'X-Unknown']) {
    it(`a whole message with a long ${name}`, () => {
      for (const [family, grow] of Object.entries(families)) {
        assertLinear((length) => handle(`${name}: ${grow(length)}\r\n`), family);
      }
    });
  }

  it('a message with many lines, folded lines, or lines that are no header', () => {
    assertLinear((length) => handle('X: a\r\n'.repeat(length / 6)), 'lines');
    assertLinear((length) => handle('Contact: <sip:a@b>\r\n'.repeat(length / 20)), 'contacts');
    assertLinear((length) => handle(`Subject: a${'\r\n b'.repeat(length / 4)}\r\n`), 'folding');
    assertLinear((length) => handle(`Subject: a${'\r\n '.repeat(length / 3)}\r\n`), 'empty folding');
    assertLinear((length) => handle('no header\r\n'.repeat(length / 11)), 'no headers');
    assertLinear((length) => handle('\r'.repeat(length)), 'CR');
  });
});

function handle(lines: string): void {
  const head = `INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n${lines}Call-ID: a\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n`;
  const message = parseMessage(Buffer.from(head, 'latin1'));
  if (!isSipError(message)) exercise(message);
}
