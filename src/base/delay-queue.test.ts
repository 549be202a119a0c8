import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { Delayed, DelayQueue, DelayQueues } from './delay-queue.ts';

class Note extends Delayed {
  readonly #note: () => void;

  constructor(note: () => void) {
    super();
    this.#note = note;
  }

  due(): void {
    this.#note();
  }
}

/** A clock, and a log of what fell due when. */
class Bench {
  readonly clock = new FakeClock(0);
  readonly log: string[] = [];

  note(name: string, also: () => void = () => {}): Note {
    return new Note(() => {
      this.log.push(`${this.clock.now()} ${name}`);
      also();
    });
  }
}

describe('DelayQueue', () => {
  test('calls fall due to the millisecond, in the order in which they came, by one timer of the clock', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    for (const name of ['a', 'b', 'c']) {
      queue.add(bench.note(name));
      bench.clock.advance(name === 'a' ? 0 : 7);
    }
    assert.equal(bench.clock.pendingTimers, 1);
    bench.clock.advance(1_000);
    assert.deepEqual(bench.log, ['500 a', '500 b', '507 c']);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  test('a call that is taken back does not come, wherever it stood', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    const notes = ['a', 'b', 'c', 'd', 'e'].map((name) => bench.note(name));
    for (const note of notes) queue.add(note);
    for (const index of [0, 2, 4]) queue.remove(notes[index] as Note);
    bench.clock.advance(500);
    assert.deepEqual(bench.log, ['500 b', '500 d']);
  });

  test('a call that is added again starts anew', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    const [a, b] = [bench.note('a'), bench.note('b')];
    queue.add(a);
    queue.add(b);
    bench.clock.advance(499);
    queue.add(a);
    bench.clock.advance(1_000);
    assert.deepEqual(bench.log, ['500 b', '999 a']);
  });

  test('what is taken back is held by nothing, and its timer does not stay when it has fired', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    const note = bench.note('a');
    queue.add(note);
    queue.remove(note);
    assert.deepEqual([note.queue, note.earlier, note.later], [undefined, undefined, undefined]);
    bench.clock.advance(500);
    assert.equal(bench.clock.pendingTimers, 0);
    assert.deepEqual(bench.log, []);
  });

  test('a call may add itself and take others back', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    const other = bench.note('other');
    let again = 2;
    const self = bench.note('self', () => {
      if (other.queue) queue.remove(other);
      if (again-- > 0) queue.add(self);
    });
    queue.add(self);
    queue.add(other);
    bench.clock.advance(5_000);
    assert.deepEqual(bench.log, ['500 self', '1000 self', '1500 self']);
  });

  test('a call that throws harms no other', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    queue.add(
      bench.note('bad', () => {
        throw new Error('of the call');
      }),
    );
    queue.add(bench.note('good'));
    assert.throws(() => bench.clock.advance(500), /of the call/);
    bench.clock.advance(500);
    assert.equal(bench.log[1]?.endsWith(' good'), true);
  });

  test('a clock that is set back delays no call by more than the delay', () => {
    const log: string[] = [];
    let wall = 1_000_000;
    let armed: { delayMs: number; run: () => void }[] = [];
    const clock = {
      now: () => wall,
      after(delayMs: number, run: () => void) {
        armed.push({ delayMs, run });
        return { cancel() {} };
      },
    };
    const queue = new DelayQueue(clock, 500);
    queue.add(new Note(() => log.push('a')));
    wall += 100;
    queue.add(new Note(() => log.push('b')));
    wall -= 900_000;
    for (let turn = 0; turn < 2; turn++) {
      const [timer, ...more] = armed;
      assert.ok(timer !== undefined && more.length === 0 && timer.delayMs <= 500);
      armed = [];
      timer.run();
    }
    assert.deepEqual(log, ['a', 'b']);
  });

  test('clear forgets all, and leaves the clock nothing to do', () => {
    const bench = new Bench();
    const queue = new DelayQueue(bench.clock, 500);
    queue.add(bench.note('a'));
    queue.add(bench.note('b'));
    queue.clear();
    assert.equal(bench.clock.pendingTimers, 0);
    bench.clock.advance(500);
    assert.deepEqual(bench.log, []);
  });
});

test('DelayQueues: calls of different delays fall due each in its time, and a call waits in one place', () => {
  const bench = new Bench();
  const queues = new DelayQueues(bench.clock);
  const moved = bench.note('moved');
  queues.add(moved, 1_000);
  queues.add(bench.note('long'), 4_000);
  queues.add(bench.note('short'), 500);
  queues.add(moved, 2_000);
  bench.clock.advance(5_000);
  assert.deepEqual(bench.log, ['500 short', '2000 moved', '4000 long']);
  assert.equal(bench.clock.pendingTimers, 0);
});
