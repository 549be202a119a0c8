/** What one request costs, in units that do not depend on how busy the machine is. */
export interface Work {
  /** Bytes allocated on the JavaScript heap. */
  readonly heapBytes: number;
  /** Bytes allocated for Buffers outside of it. */
  readonly bufferBytes: number;
  readonly clockReads: number;
  readonly timersArmed: number;
  readonly randomDraws: number;
  readonly datagramsSent: number;
  readonly bytesSent: number;
  readonly bindingEvents: number;
}

/** Work per request, by the name of the case. */
export type WorkTable = Readonly<Record<string, Work>>;

/** The file that is compared with: bench/guard-baseline.json. */
export interface Baseline {
  /** The Node that it was measured with: another one compiles, and so allocates, differently. */
  readonly node: string;
  readonly cases: WorkTable;
}

const MAX_GROWTH = 0.1;
// Below this a difference is a rounding of the measurement, not a change of the code.
const SLACK: Readonly<Record<keyof Work, number>> = {
  heapBytes: 48,
  bufferBytes: 48,
  clockReads: 0.05,
  timersArmed: 0.05,
  randomDraws: 0.05,
  datagramsSent: 0.05,
  bytesSent: 8,
  bindingEvents: 0.05,
};

/** What grew by more than a tenth over the baseline; one sentence each, empty when nothing did. */
export function regressions(baseline: WorkTable, measured: WorkTable): readonly string[] {
  return differences(baseline, measured, (was, is, slack) => is > was * (1 + MAX_GROWTH) && is - was > slack);
}

/** What shrank by more than a tenth: worth a new baseline, so that it cannot grow back unseen. */
export function improvements(baseline: WorkTable, measured: WorkTable): readonly string[] {
  return differences(baseline, measured, (was, is, slack) => is < was * (1 - MAX_GROWTH) && was - is > slack);
}

function differences(
  baseline: WorkTable,
  measured: WorkTable,
  differs: (was: number, is: number, slack: number) => boolean,
): readonly string[] {
  const found: string[] = [];
  for (const [name, work] of Object.entries(measured)) {
    const before = baseline[name];
    if (before === undefined) continue;
    for (const metric of Object.keys(SLACK) as (keyof Work)[]) {
      const was = before[metric];
      const is = work[metric];
      if (differs(was, is, SLACK[metric])) found.push(`${name}: ${metric} per request was ${was}, is ${is}`);
    }
  }
  return found;
}

/** Cases that only one side has: the baseline must be renewed. */
export function unmatched(baseline: WorkTable, measured: WorkTable): readonly string[] {
  const names = new Set([...Object.keys(baseline), ...Object.keys(measured)]);
  return [...names].filter((name) => baseline[name] === undefined || measured[name] === undefined);
}
