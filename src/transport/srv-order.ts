import type { Random } from '../base/random.ts';
import type { SrvRecord } from './dns-client.ts';

/**
 * The order in which RFC 2782 tries SRV records: ascending priority; within one, a random order in which a record
 * comes next with a probability proportional to its weight, and one of weight 0 rarely.
 */
export function orderSrvRecords(records: readonly SrvRecord[], random: Random): readonly SrvRecord[] {
  // Weight 0 stands at the beginning of each priority, as the RFC's "running sum" asks.
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const [next] = left.splice(drawOfFirstPriority(left, random), 1);
    if (next) ordered.push(next);
  }
  return ordered;
}

/** RFC 2782, "Weight": the first record whose running sum reaches a random number from 0 to the sum, inclusive. */
function drawOfFirstPriority(sorted: readonly SrvRecord[], random: Random): number {
  const priority = sorted[0]?.priority;
  let total = 0;
  let count = 0;
  for (const record of sorted) {
    if (record.priority !== priority) break;
    total += record.weight;
    count += 1;
  }
  if (count < 2) return 0;
  const drawn = random.integer(total + 1);
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum += sorted[index]?.weight ?? 0;
    if (sum >= drawn) return index;
  }
  return 0;
}
