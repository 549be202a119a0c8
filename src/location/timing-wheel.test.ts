import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TimingWheel, WheelEntry } from './timing-wheel.ts';

class Named extends WheelEntry {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

function due(wheel: TimingWheel<Named>, atSecond: number): string {
  const names: string[] = [];
  wheel.advance(atSecond * 1000, (entry) => names.push(entry.name));
  return names.sort().join(' ');
}

test('an entry falls due at its second and not before', () => {
  const wheel = new TimingWheel<Named>(16);
  assert.equal(due(wheel, 100), '');
  wheel.schedule(new Named('a'), 105_000);
  assert.equal(due(wheel, 104), '');
  assert.equal(due(wheel, 105), 'a');
  assert.equal(wheel.size, 0);
});

test('a fraction of a second falls due with the second after it', () => {
  const wheel = new TimingWheel<Named>(16);
  due(wheel, 100);
  wheel.schedule(new Named('a'), 104_001);
  assert.equal(due(wheel, 104), '');
  assert.equal(due(wheel, 105), 'a');
});

test('an entry beyond one turn waits for its own turn', () => {
  const wheel = new TimingWheel<Named>(16);
  due(wheel, 100);
  wheel.schedule(new Named('a'), 140_000);
  for (let second = 101; second < 140; second++) assert.equal(due(wheel, second), '', `second ${second}`);
  assert.equal(due(wheel, 140), 'a');
});

test('an instant that has passed falls due at the next second', () => {
  const wheel = new TimingWheel<Named>(16);
  due(wheel, 100);
  wheel.schedule(new Named('a'), 90_000);
  assert.equal(due(wheel, 100), '');
  assert.equal(due(wheel, 101), 'a');
});

test('a leap of the clock, forward or back, delays an entry by one turn at most', () => {
  const wheel = new TimingWheel<Named>(16);
  due(wheel, 100);
  wheel.schedule(new Named('a'), 105_000);
  wheel.schedule(new Named('b'), 1_000_000);
  assert.equal(due(wheel, 5000), 'a b');
  wheel.schedule(new Named('c'), 4_010_000);
  assert.equal(due(wheel, 4000), '');
  const seen: string[] = [];
  for (let second = 4001; second <= 4010 + 16; second++) seen.push(due(wheel, second));
  assert.equal(seen.filter((names) => names !== '').join(), 'c');
});

test('the callback may cancel, move and put back entries that are due with it', () => {
  const wheel = new TimingWheel<Named>(16);
  due(wheel, 100);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Named(name));
  assert.ok(a && b && c);
  for (const entry of [a, b, c]) wheel.schedule(entry, 101_000);
  const seen: string[] = [];
  wheel.advance(101_000, (entry) => {
    seen.push(entry.name);
    for (const other of [a, b, c]) wheel.schedule(other, 103_000);
  });
  assert.equal(seen.length, 1);
  assert.equal(wheel.size, 3);
  assert.equal(due(wheel, 103), 'a b c');
});

const action = fc.oneof(
  fc.record({ kind: fc.constant('schedule'), who: fc.nat(7), seconds: fc.integer({ min: -5, max: 70 }) }),
  fc.record({ kind: fc.constant('cancel'), who: fc.nat(7), seconds: fc.constant(0) }),
  fc.record({ kind: fc.constant('advance'), who: fc.constant(0), seconds: fc.integer({ min: 0, max: 40 }) }),
);

test('the wheel does what a plain list of due seconds does', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const wheel = new TimingWheel<Named>(16);
      const entries = Array.from({ length: 8 }, (_, i) => new Named(`n${i}`));
      const model = new Map<string, number>();
      let second = 1000;
      due(wheel, second);
      for (const { kind, who, seconds } of actions) {
        const entry = entries[who];
        assert.ok(entry);
        if (kind === 'schedule') {
          wheel.schedule(entry, (second + seconds) * 1000);
          model.set(entry.name, Math.max(second + seconds, second + 1));
        } else if (kind === 'cancel') {
          wheel.cancel(entry);
          model.delete(entry.name);
        } else {
          second += seconds;
          const expected = [...model].filter(([, at]) => at <= second).map(([name]) => name);
          for (const name of expected) model.delete(name);
          assert.equal(due(wheel, second), expected.sort().join(' '));
        }
        assert.equal(wheel.size, model.size);
      }
    }),
  );
});
