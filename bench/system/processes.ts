import { readdirSync, readFileSync } from 'node:fs';

/** What the scheduler says of some processes, all their threads together, in milliseconds. */
export interface CpuTime {
  /** utime + stime, at the scheduler's resolution of nanoseconds. */
  readonly runMs: number;
  /** Ready to run, but the core was given to somebody else. */
  readonly waitMs: number;
}

/** Memory of some processes in kilobytes; a page that several share counts once. */
export interface MemoryUse {
  readonly pssKb: number;
}

/** A process and all its descendants. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  const tree = [root];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i] as number) ?? []));
  return tree;
}

/** CPU time of the processes since they were started; threads that have ended are not in it. */
export function cpuTime(pids: readonly number[]): CpuTime {
  let runNs = 0;
  let waitNs = 0;
  for (const pid of pids) {
    for (const thread of threadsOf(pid)) {
      const [run, wait] = read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ') ?? [];
      runNs += Number(run ?? 0);
      waitNs += Number(wait ?? 0);
    }
  }
  return { runMs: runNs / 1e6, waitMs: waitNs / 1e6 };
}

/** CPU milliseconds of a process and its children, those that it has seen end included (in ticks of 10 ms). */
export function treeCpuMs(root: number): number {
  const ended = statOf(root)?.slice(14, 16) ?? []; // cutime and cstime
  return cpuTime(processTree(root)).runMs + ended.reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

/** Proportional set size of the processes. */
export function memoryUse(pids: readonly number[]): MemoryUse {
  let pssKb = 0;
  for (const pid of pids) {
    const line = read(`/proc/${pid}/smaps_rollup`)
      ?.split('\n')
      .find((candidate) => candidate.startsWith('Pss:'));
    pssKb += Number(line?.split(/\s+/)[1] ?? 0);
  }
  return { pssKb };
}

/** Datagrams that the kernel dropped because the receive buffer of the UDP socket on `port` was full. */
export function socketDrops(port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops = 0;
  for (const line of (read('/proc/net/udp') ?? '').split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(suffix)) drops += Number(fields.at(-1));
  }
  return drops;
}

/** Scheduler times of the calling thread's process, its first thread alone: helpers of V8 wait for it by design. */
export function mainThreadCpuTime(): CpuTime {
  const [run, wait] = read(`/proc/${process.pid}/schedstat`)?.split(' ') ?? [];
  return { runMs: Number(run ?? 0) / 1e6, waitMs: Number(wait ?? 0) / 1e6 };
}

/** Milliseconds since boot that a core spent on anything; ticks of 10 ms. */
export function coreBusyMs(core: number): number {
  const line = (read('/proc/stat') ?? '').split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = line?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softIrq) * 10;
}

/** Milliseconds that the hypervisor gave to other machines while this one had work, all cores together. */
export function stolenMs(): number {
  const cpu = read('/proc/stat')?.split('\n')[0]?.split(/\s+/) ?? [];
  return Number(cpu[8] ?? 0) * 10;
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[2];
  return parent === undefined ? undefined : Number(parent);
}

/** The fields of proc_pid_stat(5), the first three as pid, state and parent. */
function statOf(pid: number): readonly string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The command stands in parentheses and may contain anything; the state and the parent follow the last one.
  return stat === undefined ? undefined : [String(pid), ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
}

/** None when the process has ended meanwhile. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** The file's text; undefined when the process or thread has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
