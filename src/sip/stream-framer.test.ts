import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from './limits.ts';
import { SipRequest } from './message.ts';
import { parseMessage } from './parser.ts';
import { isSipError, SipError } from './sip-error.ts';
import { StreamFramer } from './stream-framer.ts';

const register = [
  'REGISTER sip:a SIP/2.0',
  'Via: SIP/2.0/TCP x;branch=z9hG4bK1',
  'Subject: Content-Length: 99',
  'L : ',
  ' 0',
  '',
  '',
].join('\r\n');
const message = 'MESSAGE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP x\r\ncontent-length:  9\r\n\r\n\r\n\r\nbody\n';
const response = 'SIP/2.0 200 OK\r\nv: SIP/2.0/TCP x\r\nCall-Info: <a>\r\nl:0\r\n\r\n';

/** What the framer says to these chunks: messages as text, keep-alives and failures by their names. */
function framed(chunks: readonly (string | Buffer)[], framer = new StreamFramer()): string[] {
  const items: string[] = [];
  for (const chunk of chunks) {
    framer.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : Buffer.from(chunk));
    for (;;) {
      const item = framer.next();
      if (item === undefined) break;
      items.push(item instanceof SipError ? item.code : item.toString('latin1'));
      if (item instanceof SipError) break;
    }
  }
  return items;
}

const isPong = (item: string) => item === 'keepalive-pong';

test('§18.3: messages are cut by Content-Length, long or compact, folded or not, pipelined in one segment', () => {
  assert.deepEqual(framed([register + message + response + register]), [register, message, response, register]);
});

test('§18.3: segments may end at any byte', () => {
  const stream = `${register}\r\n\r\n${message}\r\n\r\n\r\n\r\n${response}${message}`;
  const whole = framed([stream]);
  assert.deepEqual(whole, [register, 'keepalive-ping', message, 'keepalive-ping', 'keepalive-ping', response, message]);
  for (let cut = 1; cut < stream.length; cut++) {
    const items = framed([stream.slice(0, cut), stream.slice(cut)]);
    assert.deepEqual(
      items.filter((item) => !isPong(item)),
      whole,
      `cut at ${cut}`,
    );
    // A pong is only ever the first half of a ping that was cut there.
    assert(items.filter(isPong).length <= (stream.slice(cut - 2, cut + 2) === '\r\n\r\n' ? 1 : 0), `cut at ${cut}`);
  }
  const bytes = framed(Array.from(stream));
  assert.deepEqual(
    bytes.filter((item) => !isPong(item)),
    whole,
  );
});

test('RFC 5626 §3.5.1: a double CRLF is a ping, a single one a pong', () => {
  assert.deepEqual(framed(['\r\n\r\n']), ['keepalive-ping']);
  assert.deepEqual(framed(['\r\n']), ['keepalive-pong']);
  assert.deepEqual(framed(['\r\n', register]), ['keepalive-pong', register]);
  assert.deepEqual(framed([`\r\n${register}`]), ['keepalive-pong', register]);
  assert.deepEqual(framed(['\r\n\r\n\r\n\r\n\r\n']), ['keepalive-ping', 'keepalive-ping', 'keepalive-pong']);
});

test('RFC 5626 §3.5.1: a ping that was cut in two is answered', () => {
  assert.deepEqual(framed(['\r\n', '\r\n']), ['keepalive-pong', 'keepalive-ping']);
  assert.deepEqual(framed(['\r', '\n\r\n']), ['keepalive-ping']);
  assert.deepEqual(framed(['\r\n\r', '\n']), ['keepalive-ping']);
});

test('a pong before a message is not the half of a ping after it', () => {
  assert.deepEqual(framed(['\r\n', `${register}\r\n`]), ['keepalive-pong', register, 'keepalive-pong']);
});

test('§7.5: stray LFs between messages are nothing', () => {
  assert.deepEqual(framed([`\n\n${register}\n${response}`]), [register, response]);
});

test('a head may end with bare LFs, where the parser sees its end too', () => {
  const lf = 'OPTIONS sip:a SIP/2.0\nVia: SIP/2.0/TCP x\nl: 2\n\nhi';
  assert.deepEqual(framed([lf + register]), [lf, register]);
});

test('§20.14: a message on a stream without Content-Length loses the stream, after its head', () => {
  const head = 'OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n';
  assert.deepEqual(framed([head.slice(0, -1)]), []);
  const framer = new StreamFramer();
  assert.deepEqual(framed([register + head], framer), [register, 'SIP_NO_CONTENT_LENGTH']);
  // What is lost can still be answered.
  const lost = parseMessage(framer.lostBytes);
  assert(lost instanceof SipRequest);
  assert.equal(lost.method, 'OPTIONS');
});

for (const [why, line] of [
  ['is negative (RFC 4475 §3.1.2.3)', 'Content-Length: -999'],
  ['is no number', 'l: x'],
  ['is empty', 'l:'],
  ['is two numbers', 'l: 1, 2'],
  ['contradicts another', 'l: 1\r\nContent-Length: 2'],
] as const) {
  test(`§20.14: a Content-Length that ${why} loses the stream`, () => {
    assert.deepEqual(framed([`OPTIONS sip:a SIP/2.0\r\n${line}\r\n\r\n`]), ['SIP_BAD_CONTENT_LENGTH']);
  });
}

test('two equal Content-Length lines are one', () => {
  const twice = 'OPTIONS sip:a SIP/2.0\r\nl: 1\r\nContent-Length: 01\r\n\r\nx';
  assert.deepEqual(framed([twice]), [twice]);
});

for (const [why, bytes] of [
  ['a TLS handshake', Buffer.from([0x16, 3, 1, 2, 0, 1])],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
  ['a line of text', Buffer.from('hello\n')],
  ['a CR without LF', Buffer.from('\rx')],
  ['a header without its start line', Buffer.from(' folded: x')],
] as const) {
  test(`${why} loses the stream at once`, () => assert.deepEqual(framed([bytes]), ['SIP_BAD_START_LINE']));
}

test('a lost stream stays lost', () => {
  const framer = new StreamFramer();
  assert.deepEqual(framed(['<'], framer), ['SIP_BAD_START_LINE']);
  assert.deepEqual(framed([register], framer), ['SIP_BAD_START_LINE']);
  assert.equal(framer.pendingBytes, 1);
});

test('limit maxStartLineBytes: a first line that does not end loses the stream', () => {
  const line = 'A'.repeat(limits.maxStartLineBytes);
  assert.deepEqual(framed([line]), []);
  assert.deepEqual(framed([line, 'A']), ['SIP_BAD_START_LINE']);
  assert.deepEqual(framed([`OPTIONS sip:${line} SIP/2.0\r\n`]), ['SIP_BAD_START_LINE']);
});

test('limit maxHeadBytes: a head that does not end loses the stream', () => {
  const start = 'OPTIONS sip:a SIP/2.0\r\nX: ';
  const fits = start + 'x'.repeat(limits.maxHeadBytes - start.length);
  assert.deepEqual(framed([fits]), []);
  assert.deepEqual(framed([fits, 'x']), ['SIP_TOO_LARGE']);
  assert.deepEqual(framed([`${fits}\r\nl: 0\r\n\r\n`]), ['SIP_TOO_LARGE']);
});

test('limit maxMessageBytes: a longer message loses the stream before its body is waited for', () => {
  const head = 'OPTIONS sip:a SIP/2.0\r\nl: 52\r\n\r\n';
  const fits = head + 'x'.repeat(52);
  assert.deepEqual(framed([fits], new StreamFramer(fits.length)), [fits]);
  assert.deepEqual(framed([head], new StreamFramer(fits.length - 1)), ['SIP_TOO_LARGE']);
  assert.deepEqual(framed([head.replace('52', '9'.repeat(300))]), ['SIP_TOO_LARGE']);
});

test('limit maxStreamMessageBytes: it is the default', () => {
  const head = (length: number) => `OPTIONS sip:a SIP/2.0\r\nl: ${length}\r\n\r\n`;
  const length = limits.maxStreamMessageBytes - head(10_000).length;
  assert.deepEqual(framed([head(length)]), []);
  assert.deepEqual(framed([head(length + 1)]), ['SIP_TOO_LARGE']);
});

test('pendingBytes says whether a message is under way, and an idle stream holds nothing', () => {
  const framer = new StreamFramer();
  framed([register.slice(0, 10)], framer);
  assert.equal(framer.pendingBytes, 10);
  framed([register.slice(10)], framer);
  assert.equal(framer.pendingBytes, 0);
  assert.equal(framer.lostBytes.buffer.byteLength, 0);
});

test('a message that next returned stays as it is until the next push', () => {
  const framer = new StreamFramer();
  framer.push(Buffer.from(register.slice(0, 30)));
  assert.equal(framer.next(), undefined);
  framer.push(Buffer.from(register.slice(30) + message));
  const first = framer.next();
  const second = framer.next();
  assert.equal(framer.next(), undefined);
  assert.equal(String(first), register);
  assert.equal(String(second), message);
});

test('property: messages with any body come out as they went in, wherever the segments end', () => {
  const body = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('latin1'));
  const one = body.map((text) => `MESSAGE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP x\r\nl: ${text.length}\r\n\r\n${text}`);
  const items = fc.array(fc.oneof(one, fc.constant('\r\n\r\n')), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(items, fc.array(fc.nat(), { maxLength: 30 }), (expected, cuts) => {
      const stream = expected.join('');
      const at = [...new Set(cuts.map((cut) => cut % stream.length)), 0, stream.length].sort((a, b) => a - b);
      const chunks = at.slice(1).map((end, i) => stream.slice(at[i], end));
      assert.deepEqual(
        framed(chunks).filter((item) => !isPong(item)),
        expected.map((item) => (item === '\r\n\r\n' ? 'keepalive-ping' : item)),
      );
    }),
    { numRuns: 400 },
  );
});

test('property: no bytes make the framer throw or spin', () => {
  const part = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    'A',
    'SIP/2.0',
    ' ',
    'l: 1',
    'l',
    ':',
    '\0',
    '\xff',
    'INVITE a SIP/2.0\r\n',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(part).map((parts) => parts.join('')),
        { maxLength: 10 },
      ),
      (chunks) => {
        const framer = new StreamFramer();
        let bytes = 0;
        for (const chunk of chunks) {
          framer.push(Buffer.from(chunk, 'latin1'));
          bytes += chunk.length;
          for (let item = framer.next(); item !== undefined && !isSipError(item); item = framer.next()) {
            assert(--bytes >= 0, 'more items than bytes');
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('the work grows with the bytes, not with their square: 64 KB byte by byte, again and again', () => {
  const start = process.cpuUsage();
  const byte = Buffer.from('x');
  for (let round = 0; round < 10; round++) {
    const framer = new StreamFramer();
    framer.push(Buffer.from('OPTIONS sip:a SIP/2.0\r\nX: '));
    for (let i = 0; i < 32_000; i++) {
      framer.push(byte);
      assert.equal(framer.next(), undefined);
    }
    framer.push(Buffer.from('\r\nl: 32000\r\n\r\n'));
    for (let i = 0; i < 32_000; i++) {
      assert.equal(framer.next(), undefined);
      framer.push(byte);
    }
    assert(framer.next() instanceof Buffer);
  }
  // 640,000 steps; looking at the whole message at each of them would be 2·10^10.
  assert(process.cpuUsage(start).user < 10_000_000);
});
