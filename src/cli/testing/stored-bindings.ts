import fc from 'fast-check';
import { type Aor, asAor, asciiLowerCase } from '../../location/aor.ts';
import type { Binding } from '../../location/binding.ts';

/** Texts as messages have them: bytes. UTF-8, what is none, control characters, what looks like an escape of ours. */
const bytes = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text, 'utf8').toString('latin1')),
  fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array).toString('latin1')),
  fc
    .constantFrom('\uf70a', '\uf741', '\ufeff', '\u2028', 'Jürgen', '電話 📞')
    .map((text) => Buffer.from(text, 'utf8').toString('latin1')),
);

const text = bytes.map((value) => value.replace(/[\r\n]/g, ' '));
const someText = text.map((value) => value || 'x');
const optionalText = fc.option(someText, { nil: undefined });

const uri = fc.constantFrom(
  'sip:alice@10.0.0.1',
  'sips:%C3%BC:x@[2001:db8::1]:5061;transport=tls;ob?a=b',
  'sip:example.com',
  'tel:+1-201-555-0123',
  'mailto:a@example.com',
);
const path = fc.constantFrom('<sip:edge.example.com;lr;ob>', '"\xc3\xbc\xff" <sip:a;lr>, <sip:b;lr>');

/** An address-of-record and a binding that a database can hold, valid at `now`. */
export function storedBindings(now: number): fc.Arbitrary<{ readonly aor: Aor; readonly binding: Binding }> {
  const seconds = fc.integer({ min: 1, max: 2_000_000_000 }).map((after) => now + after * 1000);
  const integer = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const binding = fc.record<Binding>({
    ruid: fc.stringMatching(/^[!-~]{1,64}$/),
    contact: uri,
    expiresAt: seconds,
    q: fc.integer({ min: -1, max: 1000 }),
    callId: someText,
    cseq: integer,
    received: fc.option(uri, { nil: undefined }),
    path: fc.option(path, { nil: undefined }),
    socket: optionalText,
    flowId: fc.constant(undefined),
    userAgent: text,
    flags: fc.integer(),
    branchFlags: fc.integer(),
    methods: fc.option(fc.integer({ min: 1, max: 2 ** 31 - 2 }), { nil: undefined }),
    instance: optionalText,
    regId: integer,
    extension: fc.constant(''),
    lastModifiedAt: seconds,
  });
  return fc.record({ aor: someText.map((value) => asAor(asciiLowerCase(value))), binding });
}
