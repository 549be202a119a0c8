import type { JobResult } from '../generator/job.ts';
import { markdownTable } from './table.ts';

/** One measured line of a program's report. */
export interface ResultRow {
  readonly server: string;
  readonly users: number;
  readonly what: string;
  readonly result: JobResult;
  readonly bytesPerContact: number;
}

const header = [
  ...['server', 'AoRs', 'what', 'replies/s', 'CPU µs', 'server busy', 'p50 µs', 'p99 µs', 'p99.9 µs', 'max µs'],
  ...['lost', 'bytes/contact', 'replies', 'believe it?'],
];

/** The rows as a Markdown table; the last column says why a row must not be believed. */
export function resultTable(rows: readonly ResultRow[]): string {
  return markdownTable([header, ...rows.map(cellsOf)]);
}

function cellsOf({ server, users, what, result, bytesPerContact }: ResultRow): readonly string[] {
  const { latency } = result;
  return [
    ...[server, count(users), what, count(result.repliesPerSecond), result.serverCpuUs.toFixed(2)],
    ...[`${(result.serverBusy * 100).toFixed(0)} %`, us(latency.p50), us(latency.p99), us(latency.p999)],
    ...[us(latency.max), String(result.lost), bytesPerContact === 0 ? '' : bytesPerContact.toFixed(0)],
    Object.entries(result.byStatus)
      .map(([status, n]) => `${n} × ${status}`)
      .join(', '),
    result.generator.spoiled.length === 0 ? 'yes' : result.generator.spoiled.join('; '),
  ];
}

/** A whole number with spaces between the thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}

/** Microseconds, as precise as they are meaningful. */
export function us(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value);
}
