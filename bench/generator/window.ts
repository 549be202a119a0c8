import { type CpuTime, coreBusyMs, cpuTime, mainThreadCpuTime, socketDrops, treeCpuMs } from '../system/processes.ts';
import { Histogram } from './histogram.ts';
import type { GeneratorHealth, Job, JobResult } from './job.ts';

const SATURATED = 0.97;
const CONTENDED = 0.02;
const DISTURBED = 0.03;
const MIN_JUDGED_MS = 400; // the kernel counts a core's time in ticks of 10 ms
const LATE_SEND_US = 500;

/**
 * The measuring window of a phase: counts what happens between `open` and `close`, and judges at the end whether
 * the generator was fit to measure. Times are milliseconds of `performance.now()`.
 */
export class Window {
  readonly latency = new Histogram();
  readonly sendLag = new Histogram();
  readonly #job: Job;
  readonly #port: number;
  readonly #statuses = new Float64Array(1000);
  #openedAt = 0;
  #serverAtOpen: CpuTime = { runMs: 0, waitMs: 0 };
  #ownAtOpen: CpuTime = { runMs: 0, waitMs: 0 };
  #databaseMsAtOpen = 0;
  #serverCoreAtOpen = 0;
  #dropsAtOpen = 0;
  isOpen = false;
  sent = 0;
  replies = 0;
  lost = 0;
  unexpected = 0;
  /** Time spent looking at an empty socket with nothing to send. */
  idleMs = 0;
  longestGapMs = 0;

  /** @param port the generator's own UDP port, 0 when it has none */
  constructor(job: Job, port: number) {
    this.#job = job;
    this.#port = port;
  }

  /** Begins to count; returns the moment. */
  open(): number {
    this.#databaseMsAtOpen = this.#databaseMs();
    this.#serverAtOpen = cpuTime(this.#job.serverPids);
    this.#ownAtOpen = mainThreadCpuTime();
    this.#serverCoreAtOpen = coreBusyMs(this.#job.serverCore);
    this.#dropsAtOpen = this.#drops();
    this.isOpen = true;
    this.#openedAt = performance.now();
    return this.#openedAt;
  }

  /** Counts one reply that was waited for since `sentAt`. */
  countReply(status: number, sentAt: number, now: number): void {
    if (!this.isOpen) return;
    this.replies++;
    if (status >= 0) this.#statuses[status] = (this.#statuses[status] as number) + 1;
    if (sentAt >= this.#openedAt) this.latency.record(now - sentAt);
  }

  /** Ends the count. Replies that arrive later are not in the result, losses are. */
  close(): (lost: number) => JobResult {
    const windowMs = performance.now() - this.#openedAt;
    const server = cpuTime(this.#job.serverPids);
    const own = mainThreadCpuTime();
    const databaseRunMs = this.#databaseMs() - this.#databaseMsAtOpen;
    this.isOpen = false;
    const serverRunMs = server.runMs - this.#serverAtOpen.runMs;
    // Processes of one server wait for each other too, so what others took is what the core did beyond its work.
    const othersMs = Math.max(0, coreBusyMs(this.#job.serverCore) - this.#serverCoreAtOpen - serverRunMs);
    const serverDisturbed = windowMs < MIN_JUDGED_MS ? 0 : othersMs / windowMs;
    const generator = this.#health(windowMs, (own.waitMs - this.#ownAtOpen.waitMs) / windowMs, serverDisturbed);
    return (lost) => ({
      kind: this.#job.kind,
      windowMs,
      sent: this.sent,
      replies: this.replies,
      byStatus: this.#byStatus(),
      lost,
      unexpected: this.unexpected,
      repliesPerSecond: (this.replies / windowMs) * 1000,
      serverCpuUs: this.replies === 0 ? 0 : (serverRunMs / this.replies) * 1000,
      databaseCpuUs: this.replies === 0 ? 0 : (databaseRunMs / this.replies) * 1000,
      serverBusy: serverRunMs / windowMs,
      serverDisturbed,
      latency: this.latency.summary(),
      generator,
    });
  }

  #health(windowMs: number, waited: number, serverDisturbed: number): GeneratorHealth {
    const busy = 1 - this.idleMs / windowMs;
    const sendLagUs = this.sendLag.quantile(0.999);
    const drops = this.#drops() - this.#dropsAtOpen;
    const spoiled: string[] = [];
    if (busy > SATURATED) spoiled.push(`the generator was busy ${percent(busy)} of the time and set the rate`);
    if (waited > CONTENDED) spoiled.push(`others had the generator's core ${percent(waited)} of the time`);
    if (serverDisturbed > DISTURBED) spoiled.push(`others used ${percent(serverDisturbed)} of the server's core`);
    if (drops > 0) spoiled.push(`the generator's socket dropped ${drops} replies`);
    if (this.#job.pace.mode === 'open' && sendLagUs > LATE_SEND_US) {
      spoiled.push(`0.1 % of the requests left more than ${(sendLagUs / 1000).toFixed(1)} ms late`);
    }
    return { busy, waited, longestGapMs: this.longestGapMs, sendLagUs, drops, spoiled };
  }

  #drops(): number {
    return this.#port === 0 ? 0 : socketDrops(this.#port);
  }

  #databaseMs(): number {
    return this.#job.databasePid === undefined ? 0 : treeCpuMs(this.#job.databasePid);
  }

  #byStatus(): Record<string, number> {
    const byStatus: Record<string, number> = {};
    for (let status = 0; status < this.#statuses.length; status++) {
      const count = this.#statuses[status] as number;
      if (count > 0) byStatus[status] = count;
    }
    return byStatus;
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
