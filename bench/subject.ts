import { Generator } from './generator/client.ts';
import type { Job, JobResult, Pace } from './generator/job.ts';
import type { RequestKind } from './generator/request-template.ts';
import { type ServerKind, type ServerNeeds, startServer } from './servers/catalog.ts';
import type { ServerUnderTest } from './servers/server.ts';

/** The core of the server; the generator has the other one. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

const TIMEOUT_MS = 1_000;
const FILL_LIMIT_MS = 60_000;
const SETTLE_MS = 500;
const WARMUP_MS = 1_500;
const MIN_REQUESTS = 20_000; // fewer last too short to be measured; small tables are filled and emptied repeatedly
const MAX_CYCLES = 20;

/** How one measurement is made. */
export interface Measurement {
  readonly kind: RequestKind;
  readonly pace: Pace;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** A server and the generator that loads it: what a bench program measures. */
export class Subject {
  readonly kind: ServerKind;
  readonly server: ServerUnderTest;
  readonly users: number;
  readonly #generator: Generator;
  #pssBeforeKb = 0;
  /** Memory per contact after `fill`, in bytes; 0 before. */
  bytesPerContact = 0;

  private constructor(kind: ServerKind, server: ServerUnderTest, generator: Generator, users: number) {
    this.kind = kind;
    this.server = server;
    this.users = users;
    this.#generator = generator;
  }

  /** Starts a server and its generator. TCP opens one connection per user. */
  static async start(kind: ServerKind, needs: Omit<ServerNeeds, 'core'>): Promise<Subject> {
    const server = await startServer(kind, { ...needs, core: SERVER_CORE });
    const generator = Generator.start(GENERATOR_CORE);
    try {
      if (needs.transport === 'udp') await generator.openUdp(server.port);
      else await generator.openTcp(server.port, needs.users);
    } catch (error) {
      await generator.stop();
      await server.stop();
      throw error;
    }
    return new Subject(kind, server, generator, needs.users);
  }

  /** Requests that are not measured, while the code is compiled and the caches fill. */
  async warmUp(): Promise<void> {
    await this.#run('refresh', closed(64), 0, WARMUP_MS, 0);
  }

  /** Registers every user once; measures the time and the memory that it takes. */
  async fill(): Promise<JobResult> {
    await this.#run('query', closed(64), 0, FILL_LIMIT_MS, Math.min(5_000, this.users)); // the code is warm, the table empty
    await pause(SETTLE_MS);
    this.#pssBeforeKb = this.server.memory().pssKb;
    const result = await this.#once('initial');
    await pause(SETTLE_MS);
    this.bytesPerContact = ((this.server.memory().pssKb - this.#pssBeforeKb) * 1024) / this.users;
    return result;
  }

  /** Measures requests of one kind for a while. The table must be full, and stays so. */
  measure(measurement: Measurement): Promise<JobResult> {
    const { kind, pace, warmupMs, measureMs } = measurement;
    return this.#run(kind, pace, warmupMs, measureMs, 0);
  }

  /** Removes every user and registers all again: both results. The table must be full, and is so afterwards. */
  async removeAndRegister(): Promise<{ remove: JobResult; initial: JobResult }> {
    const cycles = Math.min(MAX_CYCLES, Math.ceil(MIN_REQUESTS / this.users));
    const removals: JobResult[] = [];
    const registrations: JobResult[] = [];
    for (let i = 0; i < cycles; i++) {
      removals.push(await this.#once('remove'));
      registrations.push(await this.#once('initial'));
    }
    return { remove: sumOf(removals), initial: sumOf(registrations) };
  }

  /** Ends both processes. */
  async stop(): Promise<void> {
    await this.#generator.stop();
    await this.server.stop();
  }

  async #once(kind: RequestKind): Promise<JobResult> {
    const result = await this.#run(kind, closed(64), 0, FILL_LIMIT_MS, this.users);
    if (result.byStatus[200] !== this.users) {
      const what = `${JSON.stringify(result.byStatus)}, ${result.lost} lost`;
      throw new Error(`${this.server.name}: ${kind} of ${this.users} users was answered ${what}`);
    }
    return result;
  }

  #run(kind: RequestKind, pace: Pace, warmupMs: number, measureMs: number, maxRequests: number): Promise<JobResult> {
    const serverPids = this.server.pids;
    const job: Job = {
      ...{ kind, users: this.users, pace, warmupMs, measureMs, maxRequests },
      ...{ timeoutMs: TIMEOUT_MS, serverPids, serverCore: SERVER_CORE },
    };
    return this.#generator.run(job);
  }
}

/** So many requests wait for a reply at any time. */
export function closed(outstanding: number): Pace {
  return { mode: 'closed', outstanding };
}

/** One request every 1/rate seconds, come what may. */
export function open(ratePerSecond: number): Pace {
  return { mode: 'open', ratePerSecond };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Several short phases of the same kind as one; quantiles are the medians of the phases. */
function sumOf(results: readonly JobResult[]): JobResult {
  const last = results.at(-1) as JobResult;
  if (results.length === 1) return last;
  const total = (pick: (result: JobResult) => number) => results.reduce((sum, result) => sum + pick(result), 0);
  const middle = (pick: (result: JobResult) => number) => median(results.map(pick));
  const windowMs = total((r) => r.windowMs);
  const replies = total((r) => r.replies);
  const weighted = (pick: (result: JobResult) => number) => total((r) => pick(r) * r.windowMs) / windowMs;
  return {
    ...last,
    windowMs,
    replies,
    sent: total((r) => r.sent),
    lost: total((r) => r.lost),
    unexpected: total((r) => r.unexpected),
    byStatus: { 200: replies },
    repliesPerSecond: (replies / windowMs) * 1000,
    serverCpuUs: total((r) => r.serverCpuUs * r.replies) / replies,
    serverBusy: weighted((r) => r.serverBusy),
    serverDisturbed: weighted((r) => r.serverDisturbed),
    latency: {
      count: total((r) => r.latency.count),
      mean: middle((r) => r.latency.mean),
      p50: middle((r) => r.latency.p50),
      p99: middle((r) => r.latency.p99),
      p999: middle((r) => r.latency.p999),
      max: Math.max(...results.map((r) => r.latency.max)),
    },
  };
}

/** The middle of the values; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  return ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
