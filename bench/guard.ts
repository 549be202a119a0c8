/** Does a request still cost no more work than before? (`npm run bench:guard [-- --update]`) Counts, no times. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Baseline, improvements, regressions, unmatched, type Work, type WorkTable } from './guard/work.ts';
import { markdownTable } from './report/table.ts';

const MEASURE = fileURLToPath(new URL('./guard/measure.ts', import.meta.url));
const BASELINE = fileURLToPath(new URL('./guard-baseline.json', import.meta.url));
const REMEDY = 'make it cheaper, or say in the commit why it must cost more and run: npm run bench:guard -- --update';
const LIMIT_MS = 300_000;
const FLAGS = [
  ...['--conditions=aorta-source', '--expose-gc'],
  ...['--min-semi-space-size=256', '--max-semi-space-size=256'],
];

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const measured = JSON.parse(
  execFileSync(process.execPath, [...FLAGS, MEASURE], { encoding: 'utf8', timeout: LIMIT_MS }),
) as WorkTable;
print(table(measured));

if (values.update || !existsSync(BASELINE)) {
  const baseline: Baseline = { node: process.version, cases: measured };
  writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
  print(`wrote ${BASELINE}`);
} else {
  const { node, cases } = JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
  if (node !== process.version) print(`the baseline is of Node ${node}, this is ${process.version}`);
  for (const better of improvements(cases, measured)) print(`better: ${better}`);
  const worse = [...regressions(cases, measured), ...unmatched(cases, measured).map((name) => `${name}: not in both`)];
  for (const what of worse) process.stderr.write(`bench/guard.ts: ${what}\n`);
  if (worse.length > 0) {
    process.stderr.write(`bench/guard.ts: ${REMEDY}\n`);
    process.exitCode = 1;
  }
}

function table(cases: WorkTable): string {
  const metrics = Object.keys(Object.values(cases)[0] ?? {}) as (keyof Work)[];
  const rows = Object.entries(cases).map(([name, work]) => [name, ...metrics.map((metric) => String(work[metric]))]);
  return markdownTable([['per request', ...metrics], ...rows]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
