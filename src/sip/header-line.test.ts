import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HeaderField } from './header-field.ts';
import { SipRequest, type SipResponse } from './message.ts';
import { parseMessage } from './parser.ts';
import { isSipError } from './sip-error.ts';

type Edit = (message: SipRequest | SipResponse) => void;

const name = fc.constantFrom('Via', 'v', 'To', 'Subject', 's', 'X-Odd', 'x-odd', 'Content-Length', 'Max-Forwards', '');
const value = fc.constantFrom('a', 'a, b', '"x,y", z', '7', '');
const lineEnd = fc.constantFrom('\r\n', '\n', '\r\n folded\r\n', ' \r\n');

const line = fc
  .tuple(name, fc.constantFrom(':', ' : ', ': '), value, lineEnd)
  .map(([written, colon, text, end]) => `${written}${colon}${text}${end}`);

const message = fc
  .tuple(fc.constantFrom('OPTIONS sip:a SIP/2.0', 'SIP/2.0 200 OK'), fc.array(line, { maxLength: 8 }))
  .map(([start, lines]) => `${start}\r\nVia: SIP/2.0/UDP a;rport\r\n${lines.join('')}\r\nbody`);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(name, value).map(
    ([of, text]) =>
      (it: SipRequest | SipResponse) =>
        it.prepend(of || 'x', text),
  ),
  fc.tuple(name, value).map(
    ([of, text]) =>
      (it: SipRequest | SipResponse) =>
        it.append(of || 'x', text),
  ),
  fc.tuple(name, value).map(
    ([of, text]) =>
      (it: SipRequest | SipResponse) =>
        it.set(of || 'x', text),
  ),
  fc.tuple(name, value).map(
    ([of, text]) =>
      (it: SipRequest | SipResponse) =>
        it.replaceFirstValue(of || 'x', text),
  ),
  name.map((of) => (it: SipRequest | SipResponse) => it.remove(of)),
  name.map((of) => (it: SipRequest | SipResponse) => it.removeFirstValue(of)),
  fc.constant((it: SipRequest | SipResponse) => it.markTopVia('192.0.2.7', 5070)),
  fc.constant((it: SipRequest | SipResponse) => {
    it.body = Buffer.from('another body');
  }),
);

function parse(text: string): SipRequest | SipResponse | undefined {
  const parsed = parseMessage(Buffer.from(text, 'latin1'));
  return isSipError(parsed) ? undefined : parsed;
}

/** All that can be seen of a message; its lines come last, since they are fields from then on. */
function seenOf(it: SipRequest | SipResponse): unknown {
  return {
    wire: it.toWire(),
    length: it instanceof SipRequest ? it.wireLength : undefined,
    body: it.body.toString('latin1'),
    has: [it.has('via'), it.has('x-odd'), it.has('subject')],
    values: [it.values('via'), it.values('X-ODD'), it.header('s'), it.contentLength],
    names: it.headerFields().map((field) => [field.name, field.value, field.line]),
  };
}

test('property: a line that nobody has looked at is what the field of it is, whatever is done to the message', () => {
  fc.assert(
    fc.property(message, fc.array(edit, { maxLength: 5 }), (text, edits) => {
      const packed = parse(text);
      const unpacked = parse(text);
      if (packed === undefined || unpacked === undefined) return;
      assert(unpacked.headerFields().every((field) => field instanceof HeaderField));
      for (const change of edits) {
        change(packed);
        change(unpacked);
      }
      const copy = packed.clone();
      const wanted = seenOf(unpacked);
      assert.deepEqual(seenOf(copy), wanted);
      assert.deepEqual(seenOf(packed), wanted);
    }),
    { numRuns: 3000 },
  );
});

test('property: a request is as long on the wire as it says', () => {
  fc.assert(
    fc.property(message, fc.array(edit, { maxLength: 3 }), (text, edits) => {
      const parsed = parse(text);
      if (!(parsed instanceof SipRequest)) return;
      for (const change of edits) change(parsed);
      const lengths = parsed.headerLines('content-length').map((field) => field.value);
      // One that is wrong, or there twice, is put right when the message goes out.
      if (lengths.length > 1 || lengths.some((length) => length !== String(parsed.body.length))) return;
      parsed.append('Subject', 'changed, so that it has a Content-Length');
      assert.equal(parsed.wireLength, parsed.toWire().length);
    }),
    { numRuns: 2000 },
  );
});

test('§7.3.1: a line beyond the first 64 KiB is as good as another', () => {
  const long = `X-Long: ${'x'.repeat(70_000)}\r\n`;
  const bytes = Buffer.from(
    `OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n${long}Subject: far\r\nTo: <sip:b>\r\n\r\n`,
  );
  const parsed = parseMessage(bytes, 100_000);
  assert(parsed instanceof SipRequest);
  assert.equal(parsed.header('subject'), 'far');
  parsed.remove('X-Long');
  const wanted =
    'OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nSubject: far\r\nTo: <sip:b>\r\nContent-Length: 0\r\n\r\n';
  assert.equal(parsed.toWire(), wanted);
});
