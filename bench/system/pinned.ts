import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const PRIORITY = -18;

/**
 * Starts a program on one core, ahead of what else runs there: generator and server alike, so that a busy machine
 * spoils fewer measurements. It gets a session of its own, and that session's scheduling group the same priority
 * (sched(7), autogroup), for nice(1) alone works inside a group only. Without the right to raise the priority the
 * program runs all the same. It is ended when the bench program is, even by SIGKILL (prctl(2), PR_SET_PDEATHSIG).
 */
export function spawnPinned(
  core: number,
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const onCore = ['taskset', '-c', String(core), command, ...args];
  const wrapped = ['-n', String(PRIORITY), 'setpriv', '--pdeathsig', 'TERM', ...onCore];
  const child = spawn('nice', wrapped, { ...options, detached: true });
  try {
    writeFileSync(`/proc/${child.pid}/autogroup`, String(PRIORITY));
  } catch {
    // No autogroups in this kernel, or no right: the report shows what others took.
  }
  return child;
}
