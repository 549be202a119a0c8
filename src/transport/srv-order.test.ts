import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Random } from '../base/random.ts';
import type { SrvRecord } from './dns-client.ts';
import { orderSrvRecords } from './srv-order.ts';

function srv(target: string, priority: number, weight: number): SrvRecord {
  return { target, priority, weight, port: 5060 };
}

/** Draws the given numbers, one after the other; the bounds that were asked for are noted. */
class Draws implements Random {
  readonly bounds: number[] = [];
  readonly #values: number[];

  constructor(...values: number[]) {
    this.#values = values;
  }

  token(): string {
    return 'token';
  }

  integer(maxExclusive: number): number {
    this.bounds.push(maxExclusive);
    const value = this.#values.shift() ?? 0;
    assert.ok(value < maxExclusive);
    return value;
  }
}

function targets(records: readonly SrvRecord[], ...draws: number[]): readonly string[] {
  return orderSrvRecords(records, new Draws(...draws)).map(({ target }) => target);
}

describe('RFC 2782: the order of SRV records', () => {
  it('ascending priority', () => {
    assert.deepEqual(targets([srv('c', 30, 1), srv('a', 10, 1), srv('b', 20, 1)]), ['a', 'b', 'c']);
  });

  it('within a priority in proportion to the weight: of 61 draws 60 begin with the record of weight 60', () => {
    const records = [srv('heavy', 1, 60), srv('none', 1, 0)];
    const first = Array.from({ length: 61 }, (_, draw) => targets(records, draw)[0]);
    assert.equal(first.filter((target) => target === 'heavy').length, 60);
    assert.equal(first[0], 'none');
  });

  it('the random number runs from 0 to the sum of the weights that are left, inclusive', () => {
    const draws = new Draws(31, 20);
    const records = [srv('a', 1, 10), srv('b', 1, 20), srv('c', 1, 30)];
    assert.deepEqual(
      orderSrvRecords(records, draws).map(({ target }) => target),
      ['c', 'b', 'a'],
    );
    assert.deepEqual(draws.bounds, [61, 31]);
  });

  it('every record comes exactly once, and no priority before a lower one', () => {
    const record = fc.record({
      priority: fc.integer({ min: 0, max: 3 }),
      weight: fc.integer({ min: 0, max: 65_535 }),
      port: fc.integer({ min: 1, max: 65_535 }),
      target: fc.domain(),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), fc.integer({ min: 0, max: 2 ** 31 }), (records, seed) => {
        const random: Random = { token: () => 'token', integer: (maxExclusive) => seed % maxExclusive };
        const ordered = orderSrvRecords(records, random);
        assert.deepEqual(new Set(ordered), new Set(records));
        assert.equal(ordered.length, records.length);
        assert.deepEqual(
          ordered.map(({ priority }) => priority),
          records.map(({ priority }) => priority).sort((a, b) => a - b),
        );
      }),
    );
  });
});
