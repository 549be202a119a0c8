import type { JobResult } from '../generator/job.ts';
import type { ServerKind } from '../servers/catalog.ts';
import type { Samples } from '../versus/samples.ts';

/**
 * Requests that wait at any time when the greatest rate is asked for: as in the other programs, and as many phones have
 * it, for what is committed together must wait together.
 */
export const waitingNumbers = [64, 1_000] as const;

/** The rate at which write-back is compared with memory alone. */
export const OFFERED_RATE = 12_000;

/** The names of the questions. */
export const questions = {
  saturated: (waiting: number) => `refresh, ${waiting} wait`,
  half: 'refresh at half of its maximum',
  offered: `refresh at ${OFFERED_RATE}/s`,
  start: 'seconds to ready',
} as const;

/** What was answered 200, in a second: another answer is no binding that was kept. */
export function keptPerSecond({ byStatus, windowMs }: JobResult): number {
  return ((byStatus[200] ?? 0) / windowMs) * 1000;
}

/** Server CPU for one REGISTER that was answered 200, in microseconds. */
export function cpuOfKept({ serverCpuUs, replies, byStatus }: JobResult): number {
  return (serverCpuUs * replies) / (byStatus[200] ?? 0);
}

/** The greatest rate of a server, whatever the number of waiting requests; NaN when it was not measured. */
export function greatestRate(samples: Samples, server: ServerKind): number {
  const rates = waitingNumbers.map((waiting) => samples.middle(questions.saturated(waiting), server, keptPerSecond));
  return rates.reduce((most, rate) => (Number.isNaN(rate) || rate < most ? most : rate), Number.NaN);
}
