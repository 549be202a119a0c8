import { isUtf8 } from 'node:buffer';

/** Bytes of a line: a binding of the longest message that is taken has fewer. */
export const maxLineBytes = 64 * 1024;

/** A line of a file: its text, or the sentence that says why it has none. */
export interface ByteLine {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
  readonly problem: string | undefined;
}

const lineFeed = 0x0a;
const byteOrderMark = '\ufeff';

/** The lines of a stream of bytes. One that is longer than a line may be is passed over, and not kept. */
export async function* byteLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length > maxLineBytes) parts = [];
    else parts.push(part);
  };
  const end = (): ByteLine => {
    const line = length > maxLineBytes ? tooLong(number) : lineOf(number, Buffer.concat(parts));
    number += 1;
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, start)) {
      take(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield end();
}

function tooLong(number: number): ByteLine {
  return { number, text: undefined, problem: `it is longer than ${maxLineBytes} bytes` };
}

function lineOf(number: number, bytes: Buffer): ByteLine {
  if (!isUtf8(bytes)) return { number, text: undefined, problem: 'it is no UTF-8 text' };
  const text = bytes.toString('utf8');
  return { number, text: number === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text, problem: undefined };
}
