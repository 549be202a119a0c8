import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ByteLine, byteLines, maxLineBytes } from './byte-lines.ts';

async function* chunksOf(chunks: readonly (Buffer | string)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function collected(lines: AsyncIterable<ByteLine>): Promise<ByteLine[]> {
  const all: ByteLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

async function linesOf(...chunks: readonly (Buffer | string)[]): Promise<ByteLine[]> {
  return collected(byteLines(chunksOf(chunks)));
}

describe('lines of a file', () => {
  test('property: wherever the chunks end, the lines are the same', async () => {
    const text = fc.array(fc.constantFrom('', 'a', 'ü', '📞', '{"a":1}', '\r'), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40), { maxLength: 5 }), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        assert.deepEqual(
          (await linesOf(...chunks)).map(({ number, text }) => [number, text]),
          lines.map((line, i) => [i + 1, line]),
        );
      }),
    );
  });

  test('the last line needs no end, and the first may have a byte order mark', async () => {
    const lines = await linesOf('\ufeffa\nb');
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['a', 'b'],
    );
  });

  test(`a line of ${maxLineBytes} bytes is taken; of a longer one nothing is kept, and the next has its number`, async () => {
    const longest = 'x'.repeat(maxLineBytes);
    const lines = await linesOf(`${longest}\n`, `${longest}x\nnext\n`);
    assert.deepEqual(
      lines.map(({ number, text, problem }) => [number, text?.length, problem]),
      [
        [1, maxLineBytes, undefined],
        [2, undefined, 'it is longer than 65536 bytes'],
        [3, 4, undefined],
      ],
    );
  });

  test('a line without an end takes no memory', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 8_000; i++) yield Buffer.alloc(65_536, 0x78);
    }
    const before = process.memoryUsage().arrayBuffers;
    const lines = await collected(byteLines(endless()));
    assert.deepEqual(
      lines.map(({ number, problem }) => [number, problem]),
      [[1, 'it is longer than 65536 bytes']],
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 256 * 1024 * 1024);
  });

  test('bytes that are no UTF-8 are no text', async () => {
    const lines = await linesOf(Buffer.from([0xff, 0x0a, 0x61, 0x0a, 0xc3]));
    assert.deepEqual(
      lines.map(({ text, problem }) => text ?? problem),
      ['it is no UTF-8 text', 'a', 'it is no UTF-8 text'],
    );
  });
});
