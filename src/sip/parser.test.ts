import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from './limits.ts';
import { SipRequest, SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import { isSipError, type SipErrorCode } from './sip-error.ts';

const via = 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1';

function bytes(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

function request(...lines: string[]): SipRequest {
  const message = parseMessage(bytes(...lines));
  assert(message instanceof SipRequest, JSON.stringify(message));
  return message;
}

function response(...lines: string[]): SipResponse {
  const message = parseMessage(bytes(...lines));
  assert(message instanceof SipResponse, JSON.stringify(message));
  return message;
}

function failure(...lines: string[]): SipErrorCode {
  const error = parseMessage(bytes(...lines));
  assert(isSipError(error));
  return error.code;
}

function fault(...lines: string[]): SipErrorCode | undefined {
  return request(...lines).fault?.code;
}

test('§7.1: a request line has a method, a URI and a version', () => {
  const message = request('REGISTER sip:registrar.biloxi.com SIP/2.0', via, 'Content-Length: 0', '', '');
  assert.deepEqual(
    [message.method, message.uriText, message.version, message.fault],
    ['REGISTER', 'sip:registrar.biloxi.com', 'SIP/2.0', undefined],
  );
});

test('§7.2: a status line has a version, a code and a phrase, which may be empty', () => {
  const ringing = response('SIP/2.0 180 Ringing, please', via, '', '');
  assert.deepEqual([ringing.status, ringing.reason, ringing.version], [180, 'Ringing, please', 'SIP/2.0']);
  assert.equal(response('SIP/2.0 100 ', via, '', '').reason, '');
  assert.equal(response('SIP/2.0 100', via, '', '').reason, '');
  assert.equal(response('sip/2.0 200 = 2**3', via, '', '').reason, '= 2**3');
});

test('§7.1: the version has no case; another one is a fault that 505 answers', () => {
  assert.equal(fault('OPTIONS sip:a SIP/2.0', via, '', ''), undefined);
  assert.equal(fault('OPTIONS sip:a sip/2.0', via, '', ''), undefined);
  const other = request('OPTIONS sip:a SIP/7.0', via, '', '');
  assert.deepEqual([other.version, other.fault?.code, other.fault?.statusHint], ['SIP/7.0', 'SIP_BAD_VERSION', 505]);
});

test('§7.3.1: header lines are kept byte for byte, folded ones are unfolded in their value', () => {
  const head = [
    'OPTIONS sip:a SIP/2.0',
    'v:SIP/2.0/UDP a',
    'SUBJECT  : I know',
    "  you're\t",
    '\t there',
    'To:',
    ' x',
    '',
    '',
  ];
  const message = request(...head);
  const [first, subject, to] = message.headerFields();
  assert.equal(first?.name, 'via');
  assert.equal(subject?.line, "SUBJECT  : I know\r\n  you're\t\r\n\t there\r\n");
  assert.equal(subject?.value, "I know you're there");
  assert.equal(to?.value, 'x');
  assert.deepEqual(message.toBuffer(), bytes(...head));
});

test('§7.3.3: compact forms are the same headers', () => {
  const message = request('INVITE sip:a SIP/2.0', 'v: SIP/2.0/UDP a', 'i: 1', 'm: <sip:b@c>', 'l: 0', '', '');
  assert.equal(message.callId, '1');
  assert.equal(message.header('Contact'), '<sip:b@c>');
  assert.equal(message.contentLength, 0);
});

test('§7.5: line breaks before the message are skipped', () => {
  assert.equal(request('', '', 'OPTIONS sip:a SIP/2.0', via, '', '').method, 'OPTIONS');
});

test('§18.3: the body ends with Content-Length, the bytes after it are ignored', () => {
  const message = request('MESSAGE sip:a SIP/2.0', via, 'Content-Length: 5', '', 'hello, world');
  assert.equal(message.body.toString(), 'hello');
  assert.equal(message.fault, undefined);
});

test('§18.3: without Content-Length the body ends with the datagram', () => {
  assert.equal(request('MESSAGE sip:a SIP/2.0', via, '', 'hello').body.toString(), 'hello');
});

test('§18.3: a body shorter than Content-Length is a fault', () => {
  const message = request('MESSAGE sip:a SIP/2.0', via, 'Content-Length: 50', '', 'hello');
  assert.equal(message.fault?.code, 'SIP_TRUNCATED');
  assert.equal(message.body.toString(), 'hello');
});

test('RFC 4475 §3.1.2.3: a Content-Length that is no number, or contradicts another, is a fault', () => {
  for (const lines of [['Content-Length: -999'], ['l: x'], ['l:'], ['l: 5', 'Content-Length: 4']]) {
    assert.equal(fault('MESSAGE sip:a SIP/2.0', via, ...lines, '', 'hello'), 'SIP_BAD_CONTENT_LENGTH');
  }
  assert.equal(fault('MESSAGE sip:a SIP/2.0', via, 'l: 5', 'Content-Length: 05', '', 'hello'), undefined);
});

test('§7.5: a body is bytes, and survives as it is', () => {
  const body = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const head = bytes('MESSAGE sip:a SIP/2.0', via, 'Content-Length: 256', '', '');
  const message = parseMessage(Buffer.concat([head, body]));
  assert(message instanceof SipRequest);
  assert.deepEqual(message.body, body);
  assert.deepEqual(message.toBuffer(), Buffer.concat([head, body]));
});

test('what is parsed does not change with the buffer it came from', () => {
  const buffer = bytes('MESSAGE sip:a SIP/2.0', via, 'Content-Length: 5', '', 'hello');
  const message = parseMessage(buffer);
  buffer.fill(0);
  assert(message instanceof SipRequest);
  assert.equal(message.header('via'), via.slice(5));
  assert.equal(message.body.toString(), 'hello');
});

test('a line may end with a bare LF', () => {
  const message = parseMessage(Buffer.from(`OPTIONS sip:a SIP/2.0\n${via}\nX: a\n b\n\nbody`));
  assert(message instanceof SipRequest);
  assert.equal(message.fault, undefined);
  assert.equal(message.header('x'), 'a b');
  assert.equal(message.body.toString(), 'body');
});

test('decision 22: what no structure can be seen in is a failure', () => {
  assert.equal(failure(''), 'SIP_EMPTY_MESSAGE');
  assert.equal(failure('', '', ''), 'SIP_EMPTY_MESSAGE');
  assert.equal(failure('hello', '', ''), 'SIP_MISSING_HEADER');
  assert.equal(failure('hello', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(failure('GET / HTTP/1.1', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(failure('OPTIONS SIP/2.0', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(failure(' OPTIONS sip:a SIP/2.0', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(failure('OPTIONS sip:a SIP/2', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(failure('OPTIONS sip:a SIP/2.0', 'To: x', '', ''), 'SIP_MISSING_HEADER');
});

test('a malformed status line makes the response a failure, since nobody answers it', () => {
  for (const line of [
    'SIP/2.0',
    'SIP/2.0 20',
    'SIP/2.0 4294967301 x',
    'SIP/2.0 099 x',
    'SIP/2.0 700 x',
    'SIP/3.0 200 OK',
  ]) {
    assert.equal(failure(line, via, '', ''), 'SIP_BAD_START_LINE', line);
  }
});

test('RFC 4475 §3.1.2.8, §3.1.2.9: blanks in or around the request line are a fault', () => {
  assert.equal(fault('INVITE  sip:user@example.com SIP/2.0', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(fault('INVITE sip:user@example.com  SIP/2.0', via, '', ''), 'SIP_BAD_START_LINE');
  assert.equal(fault('OPTIONS sip:a@example.com SIP/2.0  ', via, '', ''), 'SIP_BAD_START_LINE');
  const inside = request('INVITE sip:user@example.com; lr SIP/2.0', via, '', '');
  assert.equal(inside.uriText, 'sip:user@example.com; lr');
  assert(isSipError(inside.uri));
});

test('a method that is no token is a fault', () => {
  assert.equal(fault('INV<ITE sip:a SIP/2.0', via, '', ''), 'SIP_BAD_START_LINE');
});

test('a line that is no header is a fault, and is kept', () => {
  for (const line of ['nonsense', ': x', 'two words: x', 'b\u00e4d: x']) {
    const message = request('OPTIONS sip:a SIP/2.0', via, line, 'To: x', '', '');
    assert.equal(message.fault?.code, 'SIP_BAD_HEADER', line);
    assert.equal(message.headerFields()[1]?.line, `${line}\r\n`);
    assert.equal(message.header('to'), 'x');
  }
  const folded = request('OPTIONS sip:a SIP/2.0', ' folded: start line', via, '', '');
  assert.equal(folded.fault?.code, 'SIP_BAD_HEADER');
});

test('a bare CR in a header is a fault, because another reader may see two lines', () => {
  assert.equal(fault('OPTIONS sip:a SIP/2.0', via, 'X: a\rEvil: b', '', ''), 'SIP_BAD_HEADER');
});

test('a head without its empty line is a fault, and can still be answered', () => {
  const message = request('OPTIONS sip:a SIP/2.0', via, 'To: <sip:a@b>');
  assert.equal(message.fault?.code, 'SIP_TRUNCATED');
  message.append('X', 'y');
  assert.match(message.toWire(), /To: <sip:a@b>\r\nX: y\r\n/);
  const twiceFaulty = request('OPTIONS sip:a SIP/2.0', via, 'nonsense', 'To: <sip:a@b>');
  twiceFaulty.append('X', 'y');
  assert.match(twiceFaulty.toWire(), /To: <sip:a@b>\r\nX: y\r\n/);
});

test('limit maxDatagramBytes: a longer message is refused whole', () => {
  const head = bytes('MESSAGE sip:a SIP/2.0', via, '', '');
  const fits = Buffer.concat([head, Buffer.alloc(limits.maxDatagramBytes - head.length)]);
  assert(parseMessage(fits) instanceof SipRequest);
  const long = Buffer.concat([fits, Buffer.alloc(1)]);
  const error = parseMessage(long);
  assert(isSipError(error));
  assert.deepEqual([error.code, error.statusHint], ['SIP_TOO_LARGE', 513]);
  assert(parseMessage(long, limits.maxDatagramBytes + 1) instanceof SipRequest);
});

test('limit maxHeadBytes: a longer head is a fault', () => {
  const length = limits.maxHeadBytes - bytes('OPTIONS sip:a SIP/2.0', via, 'X: ', '', '').length;
  assert.equal(fault('OPTIONS sip:a SIP/2.0', via, `X: ${'x'.repeat(length)}`, '', ''), undefined);
  assert.equal(fault('OPTIONS sip:a SIP/2.0', via, `X: ${'x'.repeat(length + 1)}`, '', ''), 'SIP_TOO_LARGE');
});

test('limit maxHeaders: more lines are a fault', () => {
  const lines = Array<string>(limits.maxHeaders - 1).fill('X: y');
  const fits = request('OPTIONS sip:a SIP/2.0', via, ...lines, '', '');
  assert.equal(fits.fault, undefined);
  assert.equal(fits.headerFields().length, limits.maxHeaders);
  const over = request('OPTIONS sip:a SIP/2.0', via, ...lines, 'X: y', '', '');
  assert.equal(over.fault?.code, 'SIP_TOO_MANY');
  assert.equal(over.headerFields().length, limits.maxHeaders);
});

test('limit maxStartLineBytes: a longer request line is a fault that 414 answers', () => {
  const uri = `sip:${'a'.repeat(limits.maxStartLineBytes)}`;
  const long = request(`OPTIONS ${uri} SIP/2.0`, via, '', '');
  assert.deepEqual([long.fault?.code, long.fault?.statusHint], ['SIP_TOO_LARGE', 414]);
});

const token = fc.stringMatching(/^[a-zA-Z0-9.!%*_+`'~-]{1,12}$/);
// Bytes of a value: anything but CR and LF, neither beginning nor ending with a blank.
const bytesOf = (...codes: number[]) => fc.constantFrom(...codes.map((code) => String.fromCharCode(code)));
const visible = Array.from({ length: 256 }, (_, code) => code).filter((code) => code > 0x20 && code !== 0x7f);
const edge = bytesOf(...visible);
const text = fc
  .tuple(edge, fc.string({ unit: bytesOf(0, 9, 32, ...visible), maxLength: 30 }), edge)
  .map((parts) => parts.join(''));
const blank = fc.constantFrom('', ' ', '\t', ' \t ', '\r\n ', ' \r\n\t \r\n ');
const headerLine = fc
  .tuple(token, fc.constantFrom('', ' ', '\t '), blank, fc.option(text, { nil: '' }), fc.array(text, { maxLength: 2 }))
  .filter(([name]) => !/^(l|content-length|v|via)$/i.test(name))
  .map(([name, before, after, first, more]) => ({
    name: name.toLowerCase(),
    value: [first, ...more].filter((part) => part !== '').join(' '),
    line: `${name}${before}:${after}${[first, ...more].join('\r\n\t')}\r\n`,
  }));
const generated = fc.record({
  start: fc.oneof(
    fc.tuple(token, fc.stringMatching(/^[!-~]{1,30}$/)).map(([method, uri]) => `${method} ${uri} SIP/2.0`),
    fc.tuple(fc.integer({ min: 100, max: 699 }), text).map(([status, reason]) => `SIP/2.0 ${status} ${reason}`),
  ),
  lines: fc.array(headerLine, { maxLength: 8 }),
  body: fc.uint8Array({ maxLength: 40 }),
});

test('property: serialize ∘ parse is the identity, and every value is found', () => {
  fc.assert(
    fc.property(generated, ({ start, lines, body }) => {
      const head = `${start}\r\n${via}\r\n${lines.map(({ line }) => line).join('')}l: ${body.length}\r\n\r\n`;
      const wire = Buffer.concat([Buffer.from(head, 'latin1'), body]);
      const message = parseMessage(wire);
      assert(!isSipError(message));
      assert.equal(message.fault, undefined);
      assert.deepEqual(message.toBuffer(), wire);
      assert.equal(message.toWire(), wire.toString('latin1'));
      const fields = message.headerFields().slice(1, -1);
      assert.deepEqual(
        fields.map(({ line }) => line),
        lines.map(({ line }) => line),
      );
      const compact = /^[a-z]$/;
      fields.forEach((field, i) => {
        const line = lines[i];
        assert(line);
        if (!compact.test(line.name)) assert.equal(field.name, line.name);
        assert.equal(field.value, line.value);
      });
      // A message that was changed and changed back is the same message.
      const copy = message.clone();
      copy.prepend('Via', 'SIP/2.0/TCP x');
      assert.notDeepEqual(copy.toBuffer(), wire);
      copy.removeFirstValue('via');
      assert.deepEqual(copy.toBuffer(), wire);
      assert.deepEqual(message.toBuffer(), wire);
    }),
    { numRuns: 500 },
  );
});

/** Uses everything that a message offers; the point is that nothing throws. */
function useAll(message: SipRequest | SipResponse): void {
  const { topVia, from, to, contacts } = message;
  if (!isSipError(topVia)) topVia.withSource('192.0.2.1', topVia.rport === undefined ? undefined : 5060);
  for (const address of [from, to]) if (!isSipError(address)) assert(address.uri && [address.tag, address.displayName]);
  if (Array.isArray(contacts)) for (const contact of contacts) assert([contact.uri, contact.q, contact.expires]);
  assert([message.vias, message.callId, message.cseq, message.maxForwards, message.contentLength]);
  assert([message.routes, message.recordRoutes, message.path, message.tokens('require')]);
  if (message instanceof SipRequest) assert(message.uri);
  const before = message.toBuffer();
  const copy = message.clone();
  copy.removeFirstValue('via');
  copy.replaceFirstValue('via', 'SIP/2.0/UDP b');
  copy.set('Contact', '<sip:a@b>');
  copy.remove('to');
  assert(!isSipError(parseMessage(copy.toBuffer(), 2 ** 20)));
  assert.deepEqual(message.toBuffer(), before);
}

test('property: no bytes make the parser or a message throw', () => {
  const soup = fc
    .array(
      fc.constantFrom(
        'INVITE sip:a@b SIP/2.0\r\n',
        'SIP/2.0 200 OK\r\n',
        'Via: ',
        'v:',
        'SIP/2.0/UDP a',
        ';branch=z',
        ';rport',
        'm: ',
        'Contact:',
        '*',
        '<sip:a@b>',
        ';q=0.5',
        ';expires=1',
        'To:',
        'From :',
        '"a\\"',
        '"',
        'CSeq: 1 INVITE',
        'i:x',
        'l: 3',
        'Content-Length: -1',
        'Route:',
        'Max-Forwards: 70',
        'Require: a,b',
        ',',
        ';',
        '<',
        '>',
        ':',
        '\r\n',
        '\r\n',
        '\r\n\r\n',
        '\n',
        '\r',
        ' ',
        '\t',
        '\0',
        '\xff',
        '%',
        '\\',
        '[::1]',
        'abc',
      ),
      { maxLength: 40 },
    )
    .map((parts) => Buffer.from(`INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n${parts.join('')}`, 'latin1'));
  const anything = fc.oneof(
    soup,
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(anything, (input) => {
      const message = parseMessage(input);
      if (!isSipError(message)) useAll(message);
    }),
    { numRuns: 3000 },
  );
});

test('§7.3.1: no input takes more than linear time: a whole datagram of any one thing is parsed at once', () => {
  const units = [
    ',',
    ';',
    '"',
    '\\',
    '<',
    '>',
    ' ',
    '\r\n ',
    'a',
    ';a',
    '<>,',
    '"",',
    '"\\"',
    'a,',
    ';a=b',
    '%',
    '%61',
    '[',
    ':',
    '*,',
    '/ ',
  ];
  const names = ['Via', 'Contact', 'To', 'Route', 'Call-ID', 'CSeq', 'Require', 'Content-Length'];
  const start = process.cpuUsage();
  for (const unit of units) {
    for (const name of names) {
      const value = unit.repeat(Math.floor(65_000 / unit.length));
      const message = parseMessage(bytes('INVITE sip:a@b SIP/2.0', via, `${name}: ${value}`, '', ''));
      if (!isSipError(message)) useAll(message);
    }
  }
  for (const line of ['a:\r\n', 'l:\r\n', 'x\r\n', '\r', 'a:b\n']) {
    const message = parseMessage(
      Buffer.from(`INVITE sip:a@b SIP/2.0\r\n${via}\r\n${line.repeat(65_000 / line.length - 20)}`),
    );
    if (!isSipError(message)) useAll(message);
  }
  // 173 datagrams of 65,000 bytes. Quadratic work would be 4·10^9 steps for each; the bound is on CPU time.
  assert(process.cpuUsage(start).user < 20_000_000);
});
