import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeRandom } from '../testing/fake-random.ts';
import type { Flow } from '../transport/flow.ts';
import { CompletedTable } from './completed-table.ts';
import { type KeyHash, SecretKeyHash } from './key-hash.ts';
import { RecordingFlow } from './testing/bench.ts';

const timerJ = 32_000;
const secret = new SecretKeyHash(new FakeRandom());
/** Every key has the hash of every other. */
const equalHashes: KeyHash = { of: () => 7 };
const flow = new RecordingFlow(1, 'udp', () => {});

class Bench {
  readonly clock = new FakeClock();
  readonly hash: KeyHash;
  readonly table: CompletedTable;

  constructor(hash: KeyHash = secret, maxBytes = 1 << 24) {
    this.hash = hash;
    this.table = new CompletedTable({ clock: this.clock, keepMs: timerJ, hash, maxBytes });
  }

  add(key: string, message = `reply to ${key}`, by: Flow = flow, note = 0): void {
    this.table.add({ key, hash: this.hash.of(key) }, message, by, note);
  }

  /** What is kept under a key; undefined when nothing is. */
  read(key: string): string | undefined {
    const place = this.table.find(key);
    return place === 0 ? undefined : this.table.messageAt(place);
  }
}

describe('what is left of a Completed transaction', () => {
  test('is found by its key, with the bytes, the flow and the note that it was kept with', () => {
    const bench = new Bench();
    const other = new RecordingFlow(2, 'udp', () => {});
    bench.add('a', 'SIP/2.0 200 \xe9', flow, 1);
    bench.add('b', '', other, 0);
    bench.add('c', 'SIP/2.0 404', flow, 5);
    const [a, b, c] = ['a', 'b', 'c'].map((key) => bench.table.find(key));
    assert.ok(a && b && c);
    assert.deepEqual([bench.read('a'), bench.read('b'), bench.read('c')], ['SIP/2.0 200 \xe9', '', 'SIP/2.0 404']);
    assert.deepEqual(
      [a, b, c].map((place) => bench.table.flowAt(place)),
      [flow, other, flow],
    );
    assert.deepEqual(
      [a, b, c].map((place) => bench.table.noteAt(place)),
      [1, 0, 5],
    );
    assert.equal(bench.read('d'), undefined);
  });

  test('is not mistaken for another whose key has the same hash or the same beginning', () => {
    const bench = new Bench(equalHashes);
    for (const key of ['key', 'key2', 'ke']) bench.add(key);
    assert.equal(bench.read('key'), 'reply to key');
    assert.equal(bench.read('ke'), 'reply to ke');
    assert.equal(bench.read('k'), undefined);
    bench.table.delete('key');
    assert.deepEqual(
      [bench.read('key'), bench.read('key2'), bench.read('ke')],
      [undefined, 'reply to key2', 'reply to ke'],
    );
  });

  test('expires to the millisecond, in the order in which it came, by one timer of the clock', () => {
    const bench = new Bench();
    for (const key of ['a', 'b', 'c']) {
      bench.add(key);
      bench.clock.advance(1);
    }
    assert.equal(bench.clock.pendingTimers, 1);
    bench.clock.advance(timerJ - 4);
    assert.equal(bench.table.size, 3);
    const left: string[] = [];
    for (let ms = 0; ms < 3; ms++) {
      bench.clock.advance(1);
      left.push(['a', 'b', 'c'].filter((key) => bench.read(key) !== undefined).join(''));
    }
    assert.deepEqual(left, ['bc', 'c', '']);
    bench.clock.advance(100);
    assert.equal(bench.table.size, 0);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  test('may be kept again under the same key when its time is over', () => {
    const bench = new Bench();
    bench.add('first');
    bench.clock.advance(5);
    bench.add('a', 'old');
    bench.clock.advance(timerJ);
    bench.add('a', 'new');
    assert.equal(bench.read('a'), 'new');
    bench.clock.advance(timerJ - 1);
    assert.equal(bench.read('a'), 'new');
    bench.clock.advance(1);
    assert.equal(bench.read('a'), undefined);
  });

  test('gives its memory back when the last of its time expires', () => {
    const bench = new Bench();
    for (let number = 0; number < 5_000; number++) bench.add(`key ${number}`, 'x'.repeat(400));
    assert.ok(bench.table.bytes > 5_000 * 400);
    assert.ok(bench.table.bytes < 5_000 * 600);
    bench.clock.advance(timerJ);
    assert.deepEqual([bench.table.size, bench.table.bytes], [0, 0]);
  });

  test('may be longer than the pieces of memory that others share', () => {
    const bench = new Bench();
    bench.add('before');
    bench.add('long', 'x'.repeat(300_000));
    bench.add('after');
    assert.equal(bench.read('long')?.length, 300_000);
    assert.deepEqual([bench.read('before'), bench.read('after')], ['reply to before', 'reply to after']);
    bench.clock.advance(timerJ);
    assert.deepEqual([bench.table.size, bench.table.bytes], [0, 0]);
  });

  test('maxBytes: the oldest are forgotten before their time, and counted', () => {
    const maxBytes = 1 << 20;
    const bench = new Bench(secret, maxBytes);
    for (let number = 0; number < 5_000; number++) {
      bench.add(`key ${number}`, 'x'.repeat(400));
      assert.ok(bench.table.bytes <= maxBytes);
    }
    assert.ok(bench.table.forgotten > 0);
    assert.equal(bench.table.size + bench.table.forgotten, 5_000);
    assert.equal(bench.read('key 0'), undefined);
    assert.equal(bench.read(`key ${bench.table.forgotten - 1}`), undefined);
    assert.notEqual(bench.read(`key ${bench.table.forgotten}`), undefined);
    assert.notEqual(bench.read('key 4999'), undefined);
  });

  test('stays for no longer than its time when the clock is set back', () => {
    let wall = 1_000_000_000;
    const armed: { delayMs: number; run: () => void }[] = [];
    const clock = {
      now: () => wall,
      after(delayMs: number, run: () => void) {
        armed.push({ delayMs, run });
        return { cancel() {} };
      },
    };
    const table = new CompletedTable({ clock, keepMs: timerJ, hash: secret, maxBytes: 1 << 20 });
    table.add({ key: 'a', hash: secret.of('a') }, 'a', flow, 0);
    wall += 100;
    table.add({ key: 'b', hash: secret.of('b') }, 'b', flow, 0);
    wall -= 3_600_000;
    armed[0]?.run();
    assert.equal(table.size, 1);
    assert.equal(armed[1]?.delayMs, 100);
    armed[1]?.run();
    assert.equal(table.size, 0);
  });

  test('is forgotten by clear, which leaves the clock nothing to do, and lets a new life begin', () => {
    const bench = new Bench();
    bench.add('a');
    bench.table.clear();
    assert.deepEqual([bench.table.size, bench.table.bytes, bench.clock.pendingTimers], [0, 0, 0]);
    assert.equal(bench.read('a'), undefined);
    bench.add('a', 'again');
    assert.equal(bench.read('a'), 'again');
  });
});

test('any sequence of events: the table holds what a Map with expiry times holds', () => {
  const key = fc.integer({ min: 0, max: 40 }).map((number) => `key ${number}`);
  const event = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), key, length: fc.nat({ max: 90_000 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 9, 500, 16_000, 31_999) }),
    },
  );
  fc.assert(
    fc.property(fc.boolean(), fc.array(event, { maxLength: 120 }), (collide, events) => {
      const bench = new Bench(collide ? { of: (text) => text.length } : secret);
      const model = new Map<string, { readonly text: string; readonly dueAt: number }>();
      for (const [number, happening] of events.entries()) {
        if (happening.kind === 'wait') bench.clock.advance(happening.ms);
        else if (happening.kind === 'delete') {
          bench.table.delete(happening.key);
          model.delete(happening.key);
        } else if (bench.table.find(happening.key) === 0) {
          const text = `${number} `.padEnd(happening.length, 'x');
          bench.add(happening.key, text);
          model.set(happening.key, { text, dueAt: bench.clock.now() + timerJ });
        }
        for (let at = 0; at <= 40; at++) {
          const kept = model.get(`key ${at}`);
          const expected = kept !== undefined && kept.dueAt > bench.clock.now() ? kept.text : undefined;
          assert.equal(bench.read(`key ${at}`), expected);
        }
      }
      bench.clock.advance(2 * timerJ);
      assert.deepEqual([bench.table.size, bench.table.bytes, bench.clock.pendingTimers], [0, 0, 0]);
    }),
    { numRuns: 60 },
  );
});
