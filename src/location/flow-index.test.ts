import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleBinding } from '../testing/sample-binding.ts';
import type { Binding } from './binding.ts';
import { FlowIndex } from './flow-index.ts';

interface Holder {
  readonly name: number;
  bindings: readonly Binding[];
}

const flow = fc.option(fc.nat(4), { nil: undefined });
const step = fc.record({ who: fc.nat(3), flows: fc.array(flow, { maxLength: 4 }) });

test('the index names exactly the holders that have a binding of the flow, and forgets flows without any', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const index = new FlowIndex<Holder>();
      const holders = Array.from({ length: 4 }, (_, name): Holder => ({ name, bindings: [] }));
      for (const { who, flows } of steps) {
        const holder = holders[who];
        assert.ok(holder);
        const next = flows.map((flowId, i) => sampleBinding(`r${i}`, { flowId }));
        index.move(holder, holder.bindings, next);
        holder.bindings = next;
      }
      const used = new Set<number>();
      for (let id = 0; id <= 4; id++) {
        const expected = holders.filter((holder) => holder.bindings.some((binding) => binding.flowId === id));
        if (expected.length > 0) used.add(id);
        assert.deepEqual(new Set(index.holdersOf(id)), new Set(expected));
      }
      assert.equal(index.size, used.size);
    }),
  );
});
