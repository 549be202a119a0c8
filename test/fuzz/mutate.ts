import type { SeededRandom } from './seeded-random.ts';

/** What breaks parsers more often than chance: separators, line breaks, escapes, signs and numbers at the edge of something. */
const tokens = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  '\t',
  ' ',
  '"',
  '\\',
  '\\"',
  '<',
  '>',
  '<>',
  ';',
  ';;',
  ',',
  ',,',
  ':',
  '::',
  '@',
  '%',
  '%0',
  '%00',
  '%zz',
  '?',
  '&',
  '=',
  '==',
  '[',
  ']',
  '[::',
  '(',
  ')',
  '*',
  '/',
  '-1',
  '0',
  '255',
  '256',
  '2147483648',
  '4294967296',
  '99999999999999999999999',
  'SIP/2.0',
  'sip:',
  'sips:',
  'tel:',
  'z9hG4bK',
  ';branch=',
  ';tag=',
  ';lr',
  ';q=',
  ';expires=',
  '\x7f',
  '\x80',
  '\xff',
  '\xf0\x9f\x98\x80',
  'Content-Length: 5\r\n',
  'Via: \r\n',
  'v: SIP/2.0/UDP a\r\n',
  '__proto__',
  'constructor',
].map((token) => Buffer.from(token, 'latin1'));

/** Changes a message in one to four places. */
export function mutate(message: Buffer, others: readonly Buffer[], random: SeededRandom): Buffer {
  let mutant = message;
  for (let times = 1 + random.below(4); times > 0; times--) mutant = mutateOnce(mutant, others, random);
  return mutant;
}

function mutateOnce(message: Buffer, others: readonly Buffer[], random: SeededRandom): Buffer {
  const at = random.below(message.length + 1);
  const end = Math.min(message.length, at + random.below(1 + random.pick([1, 8, 64])));
  switch (random.below(9)) {
    case 0: {
      // One bit flips.
      const mutant = Buffer.from(message);
      if (at < mutant.length) mutant[at] = (mutant[at] as number) ^ (1 << random.below(8));
      return mutant;
    }
    case 1:
      return splice(message, at, at, random.pick(tokens));
    case 2:
      return splice(message, at, end, random.pick(tokens));
    case 3:
      return splice(message, at, end, Buffer.alloc(0));
    case 4:
      // A part comes several times.
      return splice(message, at, at, repeated(message.subarray(at, end), 1 + random.below(20)));
    case 5:
      return message.subarray(0, at);
    case 6: {
      // The head of one message with the tail of another.
      const other = random.pick(others);
      return splice(message, at, message.length, other.subarray(random.below(other.length + 1)));
    }
    case 7:
      return withLines(message, (lines) => {
        // A line moves.
        const [line] = lines.splice(random.below(lines.length), 1);
        if (line !== undefined) lines.splice(random.below(lines.length + 1), 0, line);
      });
    default:
      return withLines(message, (lines) => {
        // A line comes again, perhaps far more often than it should.
        const line = random.pick(lines);
        const times = random.pick([1, 2, 70, 300]);
        lines.splice(random.below(lines.length + 1), 0, ...Array<string>(times).fill(line));
      });
  }
}

function splice(message: Buffer, start: number, end: number, middle: Buffer): Buffer {
  return Buffer.concat([message.subarray(0, start), middle, message.subarray(end)]);
}

function repeated(part: Buffer, times: number): Buffer {
  return Buffer.concat(Array<Buffer>(times).fill(part));
}

function withLines(message: Buffer, change: (lines: string[]) => void): Buffer {
  const lines = message.toString('latin1').split('\r\n');
  change(lines);
  return Buffer.from(lines.join('\r\n'), 'latin1');
}
