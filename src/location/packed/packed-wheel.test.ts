import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TimingWheel, WheelEntry } from '../timing-wheel.ts';
import { PackedWheel } from './packed-wheel.ts';
import { recordHeadWords } from './record-layout.ts';
import { RecordWords } from './record-words.ts';
import { type Ref, refOf, Slabs } from './slabs.ts';

const turn = 16;

/** A wheel and records of nothing but their heads. */
function setup(count: number) {
  const slabs = new Slabs();
  const slab = slabs.take();
  const refs = Array.from({ length: count }, (_, i): Ref => refOf(slab, i * recordHeadWords * 4));
  const wheel = new PackedWheel(new RecordWords(slabs), turn);
  const due = (second: number, limit = Number.POSITIVE_INFINITY) => {
    const met: number[] = [];
    wheel.advance(second * 1000, (ref) => met.push(refs.indexOf(ref)), limit);
    return met;
  };
  return { wheel, refs, due };
}

class Numbered extends WheelEntry {
  readonly number: number;
  constructor(number: number) {
    super();
    this.number = number;
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('require'), who: fc.nat(9), seconds: fc.integer({ min: -3, max: 60 }) }),
  fc.record({ kind: fc.constant('cancel'), who: fc.nat(9), seconds: fc.constant(0) }),
  fc.record({ kind: fc.constant('advance'), who: fc.constant(0), seconds: fc.integer({ min: 0, max: 40 }) }),
);

test('the packed wheel meets what the plain one meets, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { wheel, refs, due } = setup(10);
      const model = new TimingWheel<Numbered>(turn);
      const entries = refs.map((_, number) => new Numbered(number));
      let second = 1000;
      for (const { kind, who, seconds } of steps) {
        const entry = entries[who];
        const ref = refs[who];
        assert.ok(entry && ref !== undefined);
        if (kind === 'require') {
          const at = second + seconds;
          wheel.require(ref, at * 1000);
          if (entry.slot === -1 || at < entry.dueSecond) model.schedule(entry, at * 1000);
        } else if (kind === 'cancel') {
          wheel.cancel(ref);
          model.cancel(entry);
        } else {
          second += seconds;
          const expected: number[] = [];
          model.advance(second * 1000, ({ number }) => expected.push(number));
          assert.deepEqual(due(second), expected);
        }
      }
    }),
  );
});

test('a limit stops half-way, and the next calls meet the rest, each once', () => {
  const { wheel, refs, due } = setup(10);
  due(1000);
  for (const ref of refs) wheel.require(ref, 1005_000);
  const met: number[] = [];
  for (const second of [1005, 1005, 1006]) {
    met.push(...due(second, 4));
    assert.equal(wheel.isBehind, met.length < refs.length);
  }
  assert.deepEqual(
    met.sort(),
    refs.map((_, i) => i),
  );
  assert.deepEqual(due(1100), []);
});

test('a record that is not due counts against the limit too: no call looks at more', () => {
  const { wheel, refs, due } = setup(10);
  due(1000);
  for (const ref of refs) wheel.require(ref, (1005 + turn) * 1000);
  for (let call = 0; call < 3; call++) assert.deepEqual(due(1005, 4), []);
  assert.equal(wheel.isBehind, false);
  assert.equal(due(1005 + turn).length, 10);
});

test('what is waiting to be met can be moved and cancelled', () => {
  const { wheel, refs, due } = setup(3);
  due(1000);
  for (const ref of refs) wheel.require(ref, 1005_000);
  due(1005, 1);
  wheel.cancel(refs[1] ?? 0);
  assert.deepEqual(due(1005), [0]);
});

test('after a leap of the clock, back or forward, a record is met a turn later at most', () => {
  const { wheel, refs, due } = setup(1);
  const [ref] = refs;
  assert.ok(ref !== undefined);
  due(5000);
  wheel.require(ref, 4010_000);
  assert.deepEqual(due(4000), []);
  const met: number[] = [];
  for (let second = 4001; second <= 4010 + turn; second++) met.push(...due(second));
  assert.deepEqual(met, [0]);
  wheel.require(ref, 5_000_000);
  assert.deepEqual(due(900_000), [0]);
});
