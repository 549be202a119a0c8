import type { ServerKind } from '../servers/catalog.ts';
import type { Samples } from './samples.ts';

/** One line of the comparison: a value per server, and what Aorta is to reach. */
export interface Goal {
  readonly what: string;
  readonly unit: 'µs' | '/s' | 'bytes' | 'ms' | 's' | '×';
  readonly value: (samples: Samples, server: ServerKind) => number;
  /** The limits are for Aorta's value divided by that of the others, or for Aorta's value itself. */
  readonly compared: 'ratio' | 'value';
  readonly better: 'lower' | 'higher';
  readonly must: number;
  readonly moonshot: number;
  /** What stands in Aorta's column. */
  readonly aorta: ServerKind;
  /** Whom it is compared with: the best of them. */
  readonly against: readonly ServerKind[];
}

type Picked = Pick<Goal, 'what' | 'value'> & Partial<Goal>;

const cpuOf = (question: string) => (samples: Samples, server: ServerKind) =>
  samples.middle(question, server, (result) => result.serverCpuUs);

/** A goal, of CPU as a ratio to tuned Kamailio's unless it says otherwise. */
export function goal(must: number, moonshot: number, picked: Picked): Goal {
  const usual = {
    unit: 'µs',
    compared: 'ratio',
    better: 'lower',
    aorta: 'aorta',
    against: ['kamailio-tuned'],
  } as const;
  return { ...usual, ...picked, must, moonshot };
}

/** The goals, in the order of the table in docs/performance.md. */
export const goals: readonly Goal[] = [
  goal(0.5, 0.35, { what: 'CPU per refresh, 100 k AoRs, saturated', value: cpuOf('refresh') }),
  goal(0.5, 0.3, { what: 'CPU per refresh, 1 M AoRs, saturated', value: cpuOf('refresh-1m') }),
  goal(0.8, 0.55, { what: 'CPU per refresh at 12,000/s', value: cpuOf('refresh-12k') }),
  goal(0.8, 0.55, { what: 'CPU per refresh at 30,000/s', value: cpuOf('refresh-30k') }),
  goal(0.5, 0.4, { what: 'CPU per initial REGISTER', value: cpuOf('initial') }),
  goal(0.5, 0.4, { what: 'CPU per query', value: cpuOf('query') }),
  goal(0.5, 0.4, { what: 'CPU per remove', value: cpuOf('remove') }),
  goal(0.5, 0.4, { what: 'CPU per lookup and 302', value: cpuOf('redirect') }),
  goal(0.7, 0.5, { what: 'CPU per relayed MESSAGE, reply included', value: cpuOf('message') }),
  goal(2, 3, {
    what: 'refreshes/s on one core, loss < 0.01 %',
    unit: '/s',
    better: 'higher',
    value: (samples, server) =>
      samples.middle('refresh', server, (r) => (r.lost >= r.replies / 10_000 ? 0 : r.repliesPerSecond)),
  }),
  goal(300, 200, {
    what: 'memory per contact at 1 M',
    unit: 'bytes',
    compared: 'value',
    value: (samples, server) => samples.middleValue('memory', server),
  }),
  goal(1, 0.2, {
    what: "p99 at half of tuned Kamailio's maximum",
    unit: 'ms',
    compared: 'value',
    value: (samples, server) => samples.middle('refresh-half', server, (r) => r.latency.p99 / 1000),
  }),
  goal(8, 2, {
    what: 'p99.9 at 30,000/s with 1 M AoRs',
    unit: 'ms',
    compared: 'value',
    value: (samples, server) => samples.middle('refresh-30k-1m', server, (r) => r.latency.p999 / 1000),
  }),
  goal(1.3, 1.15, {
    what: 'growth of CPU per refresh from 1 k to 1 M AoRs',
    unit: '×',
    compared: 'value',
    value: (samples, server) => cpuOf('refresh-1m')(samples, server) / cpuOf('refresh-1k')(samples, server),
  }),
  goal(1.2, 0.95, {
    what: 'CPU per refresh on plain node:dgram, saturated',
    value: cpuOf('refresh'),
    aorta: 'aorta-dgram',
  }),
  goal(0.8, 0.5, { what: 'CPU per refresh over TCP, 10,000 connections', value: cpuOf('tcp') }),
];

/** The best of those that a goal compares with; undefined when none was measured. */
export function rival(goal: Goal, samples: Samples): { server: ServerKind; value: number } | undefined {
  const measured = goal.against
    .map((server) => ({ server, value: goal.value(samples, server) }))
    .filter(({ value }) => !Number.isNaN(value));
  return measured.sort((a, b) => (goal.better === 'lower' ? a.value - b.value : b.value - a.value))[0];
}

/** Aorta's value as the goal compares it; NaN when it was not measured. */
export function compared(goal: Goal, samples: Samples): number {
  const own = goal.value(samples, goal.aorta);
  return goal.compared === 'value' ? own : own / (rival(goal, samples)?.value ?? Number.NaN);
}

/** How far Aorta came. */
export function verdict(goal: Goal, value: number): 'moonshot' | 'met' | 'missed' | 'not measured' {
  if (Number.isNaN(value)) return 'not measured';
  const reaches = (limit: number) => (goal.better === 'lower' ? value <= limit : value >= limit);
  if (reaches(goal.moonshot)) return 'moonshot';
  return reaches(goal.must) ? 'met' : 'missed';
}
