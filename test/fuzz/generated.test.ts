import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from '../../src/sip/check-request.ts';
import { formatHeader, isKnownHeader, parseHeader } from '../../src/sip/headers/index.ts';
import { SipRequest } from '../../src/sip/message.ts';
import { parseMessage } from '../../src/sip/parser.ts';
import { isSipError } from '../../src/sip/sip-error.ts';
import { StreamFramer } from '../../src/sip/stream-framer.ts';
import { isSipUri, parseUri, sameUri } from '../../src/sip/uri.ts';
import { exercise } from './exercise.ts';
import { request, sipUri } from './generate.ts';
import { mutate } from './mutate.ts';
import { SeededRandom } from './seeded-random.ts';

const runs = { seed: 3261, numRuns: 400 * Number(process.env.AORTA_FUZZ ?? 1) };

describe('what the grammar of RFC 3261 §25.1 generates', () => {
  it('is accepted, seen as it was meant, and goes out byte for byte', () => {
    fc.assert(
      fc.property(request, ({ method, uri, headers, body, bytes }) => {
        const message = parseMessage(bytes);
        assert.ok(message instanceof SipRequest);
        assert.equal(checkRequest(message), undefined);
        assert.equal(message.method, method);
        assert.equal(message.uriText, uri);
        assert.deepEqual(message.body, body);
        assert.deepEqual(
          message.headerFields().map(({ name, value, line }) => ({ name, value, line })),
          headers,
        );
        assert.deepEqual(message.toBuffer(), bytes);
        exercise(message);
      }),
      runs,
    );
  });

  it('has only headers that fit their grammar, and what is written from their values is read as the same', () => {
    fc.assert(
      fc.property(request, ({ bytes }) => {
        const message = parseMessage(bytes);
        assert.ok(!isSipError(message));
        for (const { name, value } of message.headerFields()) {
          if (!isKnownHeader(name)) continue;
          const parsed = parseHeader(name, value);
          assert.ok(!isSipError(parsed), `${name}: ${value}`);
          const written = formatHeader(name, parsed);
          const again = parseHeader(name, written);
          assert.ok(!isSipError(again), `${name}: ${written}`);
          assert.equal(formatHeader(name, again), written);
        }
      }),
      runs,
    );
  });

  it('a change of one header leaves every other line byte for byte', () => {
    fc.assert(
      fc.property(request, ({ bytes, headers }) => {
        const message = parseMessage(bytes);
        assert.ok(message instanceof SipRequest);
        const forwarded = message.clone();
        forwarded.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKnew');
        forwarded.set('Max-Forwards', '69');
        const lines = forwarded.headerFields().map(({ line }) => line);
        for (const { name, line } of headers) assert.ok(name === 'max-forwards' || lines.includes(line));
        const received = parseMessage(forwarded.toBuffer());
        assert.ok(received instanceof SipRequest);
        assert.equal(received.maxForwards, 69);
        assert.deepEqual(received.values('via').slice(1), message.values('via'));
        assert.deepEqual(received.body, message.body);
        assert.deepEqual(message.toBuffer(), bytes, 'the original is as it was');
      }),
      runs,
    );
  });

  it('a URI is read into parts of which it can be put together again, and is the same as itself (§19.1.4)', () => {
    fc.assert(
      fc.property(sipUri, (text) => {
        const uri = parseUri(text);
        assert.ok(!isSipError(uri) && isSipUri(uri));
        const user = uri.user === undefined ? '' : `${uri.user}@`;
        const port = uri.port === undefined ? '' : `:${uri.port}`;
        assert.equal(`${text.slice(0, text.indexOf(':'))}:${user}${uri.host}${port}${uri.params.toString()}`, text);
        assert.ok(sameUri(uri, uri));
      }),
      runs,
    );
  });

  it('mutated, nothing of it throws', () => {
    const others: Buffer[] = [];
    fc.assert(
      fc.property(request, fc.nat(), ({ bytes }, seed) => {
        others.push(bytes);
        const message = parseMessage(mutate(bytes, others, new SeededRandom(seed)));
        if (!isSipError(message)) exercise(message);
      }),
      runs,
    );
  });

  it('§18.3: a stream gives the same messages however it is cut into segments', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), segments, (requests, lengths) => {
        const messages = requests.map(({ bytes }) => bytes);
        assert.deepEqual(framed(Buffer.concat(messages), lengths), messages);
      }),
      runs,
    );
  });

  it('§18.3: so does a broken stream, and it breaks at the same place', () => {
    fc.assert(
      fc.property(request, request, segments, fc.nat(), ({ bytes: first }, { bytes: second }, lengths, seed) => {
        const stream = mutate(Buffer.concat([first, second]), [first], new SeededRandom(seed));
        assert.deepEqual(framed(stream, lengths), framed(stream, []));
      }),
      runs,
    );
  });
});

/** Lengths of the segments that a stream arrives in; what is left over comes in one. */
const segments = fc.array(fc.nat(200), { maxLength: 20 });

/** What a stream holds, without its keep-alives: whether two CRLFs are one ping depends on when they come (RFC 5626 §3.5.1). */
function framed(stream: Buffer, lengths: readonly number[]): unknown[] {
  const framer = new StreamFramer();
  const seen: unknown[] = [];
  let at = 0;
  for (const length of [...lengths, stream.length]) {
    framer.push(Buffer.from(stream.subarray(at, at + length)));
    at += length;
    for (let next = framer.next(); next !== undefined; next = framer.next()) {
      if (Buffer.isBuffer(next)) seen.push(Buffer.from(next));
      if (!isSipError(next)) continue;
      seen.push(next.code);
      return seen;
    }
  }
  return seen;
}
