import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobResult } from '../generator/job.ts';
import { markdownTable } from '../report/table.ts';
import { median } from '../subject.ts';
import { compared, goals, verdict } from './goals.ts';
import { versusTable } from './report.ts';
import { Samples } from './samples.ts';

const generator = { busy: 0.5, waited: 0, longestGapMs: 0, sendLagUs: 0, drops: 0, spoiled: [] };
const result = (serverCpuUs: number, lost = 0): JobResult => ({
  ...{ kind: 'refresh', windowMs: 1000, sent: 1000, replies: 1000, byStatus: { 200: 1000 }, lost, unexpected: 0 },
  ...{
    databaseCpuUs: 0,
    repliesPerSecond: 1e6 / serverCpuUs,
    serverCpuUs,
    serverBusy: 1,
    serverDisturbed: 0,
    generator,
  },
  latency: { count: 1000, mean: 1, p50: 1, p99: 1, p999: 1, max: 1 },
});

function goalNamed(start: string) {
  const found = goals.find((goal) => goal.what.startsWith(start));
  assert.ok(found, start);
  return found;
}

test('a ratio is of medians over the rounds, Aorta to tuned Kamailio', () => {
  const samples = new Samples();
  for (const cpu of [10, 11, 30]) samples.add('refresh', 'kamailio-tuned', result(cpu));
  for (const cpu of [90, 4.4, 4]) samples.add('refresh', 'aorta', result(cpu));
  const goal = goalNamed('CPU per refresh, 100 k');
  assert.equal(compared(goal, samples), 0.4);
  assert.equal(verdict(goal, compared(goal, samples)), 'met');
  assert.match(
    versusTable(samples),
    /saturated +\| +\| 11\.0 µs +\| 4\.40 µs +\| 0\.40 +\| ≤ 0\.5 +\| ≤ 0\.35 +\| met/,
  );
});

test('a rate with 0.01 % of loss or more is no rate; more is better', () => {
  const samples = new Samples();
  samples.add('refresh', 'kamailio-tuned', result(10));
  samples.add('refresh', 'aorta', result(4, 1));
  const goal = goalNamed('refreshes/s');
  assert.equal(verdict(goal, compared(goal, samples)), 'missed');
  assert.equal(verdict(goal, 2.5), 'met');
  assert.equal(verdict(goal, 3), 'moonshot');
});

test('what was not measured is not missed', () => {
  for (const goal of goals) assert.equal(verdict(goal, compared(goal, new Samples())), 'not measured');
});

test('the median of an even number of rounds lies between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('a table is Markdown with padded columns', () => {
  assert.equal(
    markdownTable([['a', 'long header'], ['value']]),
    '| a     | long header |\n|-------|-------------|\n| value |             |',
  );
});
