import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { SipRequest, SipResponse } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { exercise } from './exercise.ts';
import { mutate } from './mutate.ts';
import { SeededRandom } from './seeded-random.ts';

/** Mutants of each message. `AORTA_FUZZ=100` makes a hundred times as many, for a night. */
const mutantsPerMessage = 60 * Number(process.env.AORTA_FUZZ ?? 1);

const corpus = ['rfc4475', 'rfc5118'].flatMap((rfc) => {
  const folder = new URL(`../torture/data/${rfc}/`, import.meta.url);
  return readdirSync(folder).map((file) => ({ name: `${rfc}/${file}`, bytes: readFileSync(new URL(file, folder)) }));
});
const messages = corpus.map(({ bytes }) => bytes);

describe('mutants of the torture messages', () => {
  for (const [index, { name, bytes }] of corpus.entries()) {
    it(`${name}: nothing throws, and what nobody touched goes out byte for byte`, () => {
      for (let i = 0; i < mutantsPerMessage; i++) {
        const seed = index * 1_000_003 + i;
        survive(mutate(bytes, messages, new SeededRandom(seed)), seed);
      }
    });
  }

  it('bytes without any structure are no message, or one that survives', () => {
    const random = new SeededRandom(7);
    for (let i = 0; i < 500; i++) {
      survive(Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256))), i);
    }
  });

  it('every torture message survives being cut off at every byte', () => {
    for (const { bytes } of corpus) {
      const step = bytes.length > 1000 ? 7 : 1;
      for (let end = 0; end < bytes.length; end += step) survive(bytes.subarray(0, end), end);
    }
  });
});

function survive(bytes: Buffer, seed: number): void {
  try {
    const message = parseMessage(bytes);
    if (isSipError(message)) return;
    const passes = exercise(message);
    assertIdentity(message, bytes, passes);
  } catch (error) {
    throw new Error(`seed ${seed}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error });
  }
}

function assertIdentity(message: SipRequest | SipResponse, bytes: Buffer, passes: boolean): void {
  const wire = message.toBuffer();
  if (passes) {
    // RFC 3261 §7.5: line breaks before the start line are no part of it; §18.3: nor is what follows Content-Length.
    let start = 0;
    while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++;
    assert.deepEqual(wire, bytes.subarray(start, start + wire.length));
  }
  const again = parseMessage(wire);
  assert.ok(!isSipError(again));
  assert.equal(again.toWire(), message.toWire());
  assert.equal(again.headerFields().length, message.headerFields().length);
  assert.deepEqual(
    again.headerFields().map(({ name, value }) => [name, value]),
    message.headerFields().map(({ name, value }) => [name, value]),
  );
}
