import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobResult } from '../generator/job.ts';
import { compared, rival, verdict } from '../versus/goals.ts';
import { goalTable } from '../versus/report.ts';
import { Samples } from '../versus/samples.ts';
import { persistenceGoals } from './goals.ts';
import { cpuOfKept, greatestRate, keptPerSecond, questions } from './questions.ts';

const generator = { busy: 0.5, waited: 0, longestGapMs: 0, sendLagUs: 0, drops: 0, spoiled: [] };
const result = (kept: number, refused = 0): JobResult => ({
  ...{ kind: 'refresh', windowMs: 1000, sent: kept, replies: kept + refused, lost: 0, unexpected: 0 },
  ...{ byStatus: { 200: kept, 503: refused }, repliesPerSecond: kept + refused, serverCpuUs: 50, databaseCpuUs: 0 },
  ...{ serverBusy: 1, serverDisturbed: 0, generator },
  latency: { count: kept, mean: 1, p50: 1, p99: 1, p999: 1, max: 1 },
});

test('what was refused was not kept, and its CPU is that of what was', () => {
  assert.equal(keptPerSecond(result(1_000, 3_000)), 1_000);
  assert.equal(cpuOfKept(result(1_000, 3_000)), 200);
});

test('Aorta is compared with the better Kamailio', () => {
  const samples = new Samples();
  samples.add(questions.saturated(1_000), 'kamailio-sqlite', result(2_000));
  samples.add(questions.saturated(1_000), 'kamailio-sqlite-wal', result(4_000));
  samples.add(questions.saturated(1_000), 'aorta-sqlite', result(20_000, 5_000));
  const [, rate] = persistenceGoals;
  assert.ok(rate);
  assert.deepEqual(rival(rate, samples), { server: 'kamailio-sqlite-wal', value: 4_000 });
  assert.equal(compared(rate, samples), 5);
  assert.equal(verdict(rate, compared(rate, samples)), 'met');
  assert.match(goalTable([rate], samples), /\| 4\.0 k\/s \(kamailio-sqlite-wal\) \| 20\.0 k\/s \| 5\.00 +\| ≥ 4 /);
  assert.equal(greatestRate(samples, 'aorta-sqlite'), 20_000);
  assert.ok(Number.isNaN(greatestRate(samples, 'aorta-postgres')));
});

test('what was not measured has not missed its goal', () => {
  for (const goal of persistenceGoals) assert.equal(verdict(goal, compared(goal, new Samples())), 'not measured');
});
