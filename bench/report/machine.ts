import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { kamailioVersion } from '../servers/kamailio.ts';
import { stolenMs } from '../system/processes.ts';

/** Where and on what a program measured: a number without it means nothing. */
export function machineLines(): readonly string[] {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `machine: ${cpus().length} × ${model}, ${gigabytes} GB, Linux ${release()}`,
    `commit: ${commit()}, Node ${process.version}, Kamailio ${kamailioVersion() ?? 'not installed'}`,
    `stolen by the hypervisor since boot: ${stolenMs()} ms`,
  ];
}

/** The commit that is checked out, marked when the working copy differs from it. */
export function commit(): string {
  const hash = git('rev-parse', '--short=10', 'HEAD');
  if (hash === undefined) return 'none yet';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? hash : `${hash} with local changes`;
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
