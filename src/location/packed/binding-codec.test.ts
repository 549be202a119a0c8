import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyedHash } from '../../base/keyed-hash.ts';
import { FakeRandom } from '../../testing/fake-random.ts';
import { sampleBinding } from '../../testing/sample-binding.ts';
import type { Binding } from '../binding.ts';
import { BindingWriter, bindingWords, patchBinding, patchHead, readBinding } from './binding-codec.ts';
import { Slabs } from './slabs.ts';
import { TextPool } from './text-pool.ts';

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 80,
});
/** Lone surrogates included. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const text = fc.oneof({ weight: 12, arbitrary: latin1 }, { weight: 1, arbitrary: anyText });
const optionalText = fc.option(text, { nil: undefined });
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const number = fc.oneof({ weight: 30, arbitrary: word }, { weight: 1, arbitrary: anyNumber });
const instant = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seconds) => seconds * 1000) },
  { weight: 1, arbitrary: anyNumber },
);

const binding: fc.Arbitrary<Binding> = fc.record({
  ruid: text,
  contact: text,
  expiresAt: instant,
  q: fc.integer({ min: -1, max: 1000 }),
  callId: text,
  cseq: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), number),
  received: optionalText,
  path: optionalText,
  socket: optionalText,
  flowId: fc.option(number, { nil: undefined }),
  userAgent: text,
  flags: number,
  branchFlags: number,
  methods: fc.option(number, { nil: undefined }),
  instance: optionalText,
  regId: number,
  extension: text,
  lastModifiedAt: instant,
});

function setup() {
  const slabs = new Slabs();
  const pool = new TextPool(slabs, new KeyedHash(new FakeRandom()));
  return { slab: slabs.take(), pool, writer: new BindingWriter(pool) };
}

test('whatever a binding holds, what is read is what was written, in the length that was measured', () => {
  fc.assert(
    fc.property(fc.array(binding, { minLength: 1, maxLength: 4 }), (bindings) => {
      const { slab, pool, writer } = setup();
      const words = writer.measure(bindings);
      writer.write(slab, 10, bindings);
      let at = 10;
      for (const expected of bindings) {
        assert.deepEqual(readBinding(slab, at, pool), withoutNegativeZero(expected));
        at += bindingWords(slab.words, at);
      }
      assert.equal(at, 10 + words);
    }),
    { numRuns: 500 },
  );
});

/** Zero has no sign in a word; nothing that a binding says has one either. */
function withoutNegativeZero(value: Binding): Binding {
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key, Object.is(of, -0) ? 0 : of]),
  ) as unknown as Binding;
}

test('texts at the limits of their length words, and one beyond', () => {
  for (const [field, most] of [
    ['ruid', 1023],
    ['contact', 65_535],
    ['callId', 65_535],
  ] as const) {
    for (const length of [most, most + 1]) {
      const { pool, writer } = setup();
      const slab = new Slabs().take(1_000_000);
      const value = sampleBinding('r', { [field]: 'x'.repeat(length) });
      writer.measure([value]);
      writer.write(slab, 0, [value]);
      assert.deepEqual(readBinding(slab, 0, pool), value, `${field} ${length}`);
    }
  }
});

test('a patch is taken exactly when nothing but numbers differs, and reads as written', () => {
  fc.assert(
    fc.property(
      binding,
      fc.record({ cseq: word, expiresAt: instant, q: fc.integer({ min: -1, max: 1000 }), flags: word }),
      (before, change) => {
        const { slab, pool, writer } = setup();
        writer.measure([before]);
        writer.write(slab, 0, [before]);
        const after = { ...before, ...change };
        const head = patchHead(slab.words, 0, before, after);
        if (head !== -1) patchBinding(slab.words, 0, after, head);
        assert.deepEqual(readBinding(slab, 0, pool), withoutNegativeZero(head === -1 ? before : after));
        assert.equal(patchHead(slab.words, 0, before, { ...after, contact: `${after.contact}x` }), -1);
      },
    ),
  );
});

test('the usual refresh is a patch', () => {
  const { slab, writer } = setup();
  const before = sampleBinding('r');
  writer.measure([before]);
  writer.write(slab, 0, [before]);
  assert.notEqual(patchHead(slab.words, 0, before, { ...before, cseq: 2, expiresAt: before.expiresAt + 1000 }), -1);
});

test('a number that is none is an error of its programmer', () => {
  const { writer } = setup();
  assert.throws(() => writer.measure([sampleBinding('r', { cseq: Number.NaN })]), /number/);
  assert.throws(() => writer.measure([sampleBinding('r', { expiresAt: Number.POSITIVE_INFINITY })]), /number/);
});
