import { Generator } from './generator/client.ts';
import type { Job, JobResult, Pace } from './generator/job.ts';
import type { RequestKind } from './generator/request-template.ts';
import { say } from './program.ts';
import { type ServerKind, type ServerNeeds, startServer } from './servers/catalog.ts';
import { freePort, type ServerUnderTest } from './servers/server.ts';
import { treeCpuMs } from './system/processes.ts';

/** The core of the server; the generator has the other one. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

const TIMEOUT_MS = 1_000;
const DATABASE_TIMEOUT_MS = 30_000; // on a busy disk a thousand commits, one after the other, take so long
const FILL_LIMIT_MS = 60_000;
const QUIET_MS = 1_500; // longer than a write-back rests between two writes
const QUIET_SHARE = 0.05;
const QUIET_LIMIT_MS = 300_000;
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

/** What a measurement needs of its server, and of the database, when there is one. */
export interface SubjectNeeds extends Omit<ServerNeeds, 'core' | 'port'> {
  /** The first process of a database that is a server. */
  readonly databasePid?: number;
  /** Puts every user's binding into the database, before the server starts. */
  readonly prefill?: (bindings: Registered) => Promise<void>;
}

/** Bindings as the generator would have registered them. */
export interface Registered {
  readonly serverPort: number;
  readonly clientPort: number;
  readonly salt: string;
}

/** A server and the generator that loads it: what a bench program measures. */
export class Subject {
  readonly kind: ServerKind;
  readonly server: ServerUnderTest;
  readonly users: number;
  readonly #generator: Generator;
  readonly #needs: SubjectNeeds;
  #pssBeforeKb = 0;
  /** Memory per contact after `fill`, in bytes; 0 before. */
  bytesPerContact = 0;

  private constructor(kind: ServerKind, server: ServerUnderTest, generator: Generator, needs: SubjectNeeds) {
    this.kind = kind;
    this.server = server;
    this.users = needs.users;
    this.#generator = generator;
    this.#needs = needs;
  }

  /** Starts a server and its generator. TCP opens one connection per user. */
  static async start(kind: ServerKind, needs: SubjectNeeds): Promise<Subject> {
    const generator = Generator.start(GENERATOR_CORE);
    let server: ServerUnderTest | undefined;
    try {
      if (needs.prefill !== undefined) {
        const port = await freePort();
        await generator.openUdp(port);
        await needs.prefill({ serverPort: port, clientPort: generator.port, salt: generator.salt });
        server = await startServer(kind, { ...needs, port, core: SERVER_CORE });
      } else {
        server = await startServer(kind, { ...needs, core: SERVER_CORE });
        if (needs.transport === 'udp') await generator.openUdp(server.port);
        else await generator.openTcp(server.port, needs.users);
      }
    } catch (error) {
      await generator.stop();
      await server?.stop();
      throw error;
    }
    return new Subject(kind, server, generator, needs);
  }

  /** Requests that are not measured, while the code is compiled and the caches fill. */
  async warmUp(): Promise<void> {
    await this.#run('refresh', closed(64), 0, WARMUP_MS, 0);
    await this.#settle();
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
  async measure(measurement: Measurement): Promise<JobResult> {
    const { kind, pace, warmupMs, measureMs } = measurement;
    const result = await this.#run(kind, pace, warmupMs, measureMs, 0);
    await this.#settle();
    return result;
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

  /** Waits until what is left to write is written, which would be in the way of the server that is measured next. */
  async #settle(): Promise<void> {
    if (this.#needs.database === undefined) return;
    const { databasePid } = this.#needs;
    const spentMs = () => this.server.cpu().runMs + (databasePid === undefined ? 0 : treeCpuMs(databasePid));
    const deadline = performance.now() + QUIET_LIMIT_MS;
    for (let before = spentMs(); performance.now() < deadline; ) {
      await pause(QUIET_MS);
      const now = spentMs();
      if (now - before < QUIET_MS * QUIET_SHARE) return;
      before = now;
    }
    say(`${this.server.name} is still busy ${QUIET_LIMIT_MS} ms after the load; what follows is disturbed`);
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
      ...{
        timeoutMs: this.#needs.database === undefined ? TIMEOUT_MS : DATABASE_TIMEOUT_MS,
        serverPids,
        serverCore: SERVER_CORE,
      },
      ...(this.#needs.databasePid !== undefined && { databasePid: this.#needs.databasePid }),
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
    databaseCpuUs: total((r) => r.databaseCpuUs * r.replies) / replies,
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
