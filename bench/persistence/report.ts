import type { JobResult } from '../generator/job.ts';
import { count } from '../report/results.ts';
import { markdownTable } from '../report/table.ts';
import type { ServerKind } from '../servers/catalog.ts';
import { median } from '../subject.ts';
import { doubtOf, type Sample, type Samples } from '../versus/samples.ts';
import { cpuOfKept, keptPerSecond } from './questions.ts';

const header = [
  ...['question', 'server', 'kept/s', 'CPU µs', 'PostgreSQL CPU µs', 'server busy', 'p50 ms', 'p99 ms', 'lost'],
  ...['replies', 'believe it?'],
];

/** The medians of all that was measured under load, and who was not and why, as a Markdown table. */
export function measuredTable(samples: Samples, absent: ReadonlyMap<ServerKind, string>): string {
  const missing = [...absent].map(([server, why]) => ['none', server, ...Array(header.length - 3).fill(''), why]);
  return markdownTable([header, ...Array.from(samples.all(), cellsOf), ...missing]);
}

function cellsOf(sample: Sample): readonly string[] {
  const { question, server, results } = sample;
  const middle = (pick: (result: JobResult) => number) => median(results.map(pick));
  const databaseCpuUs = middle((result) => result.databaseCpuUs);
  return [
    ...[question, server, count(middle(keptPerSecond)), middle(cpuOfKept).toFixed(1)],
    ...[databaseCpuUs === 0 ? '' : databaseCpuUs.toFixed(1), `${(middle((r) => r.serverBusy) * 100).toFixed(0)} %`],
    ...[middle((r) => r.latency.p50), middle((r) => r.latency.p99)].map(milliseconds),
    ...[String(results.reduce((lost, result) => lost + result.lost, 0)), statuses(results)],
    doubtOf(sample) ?? 'yes',
  ];
}

/** Nothing when no request was sent and answered in a window: a server so slow has a longer delay. */
function milliseconds(us: number): string {
  return us === 0 ? '' : (us / 1000).toFixed(2);
}

function statuses(results: readonly JobResult[]): string {
  const sums = new Map<string, number>();
  for (const { byStatus } of results) {
    for (const [status, n] of Object.entries(byStatus)) sums.set(status, (sums.get(status) ?? 0) + n);
  }
  return [...sums].map(([status, n]) => `${n} × ${status}`).join(', ');
}
