import type { LatencySummary } from './histogram.ts';
import type { RequestKind } from './request-template.ts';

/**
 * How requests are paced. `closed`: so many wait for a reply at any time, a reply sends the next; it finds the
 * greatest rate. `open`: one every 1/rate seconds whether or not the server keeps up; latency then counts from the
 * intended moment, so that a server that stalls pays for every request that it delayed.
 */
export type Pace =
  | { readonly mode: 'closed'; readonly outstanding: number }
  | { readonly mode: 'open'; readonly ratePerSecond: number };

/** One phase of load: one kind of request, paced, and measured in a window. */
export interface Job {
  readonly kind: RequestKind;
  /** Users (AoRs) that take part. */
  readonly users: number;
  readonly pace: Pace;
  /** Load before the window opens. */
  readonly warmupMs: number;
  /** The window closes after so long, or when `maxRequests` have been sent and answered. */
  readonly measureMs: number;
  /** At most so many requests in all; 0 is no limit. Initial and remove take one per user. */
  readonly maxRequests: number;
  /** Without a reply for so long, a request is lost. */
  readonly timeoutMs: number;
  /** The server's processes, whose CPU time is read as the window opens and closes. */
  readonly serverPids: readonly number[];
  /** The core that the server is pinned to. */
  readonly serverCore: number;
  /**
   * The first process of a database on the generator's core. The generator sleeps then while it has nothing to do, so
   * that the database has the core. Its wake-ups are in the latency, which is milliseconds there.
   */
  readonly databasePid?: number;
}

/** What one phase saw in its window. */
export interface JobResult {
  readonly kind: RequestKind;
  readonly windowMs: number;
  readonly sent: number;
  readonly replies: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests without a reply in time, in the whole phase. */
  readonly lost: number;
  /** Replies that nobody waited for: duplicates, or later than the timeout. */
  readonly unexpected: number;
  readonly repliesPerSecond: number;
  /** Server CPU (utime + stime of all its processes) per reply, in microseconds. */
  readonly serverCpuUs: number;
  /** CPU of the database's processes per reply, in microseconds; 0 without one. */
  readonly databaseCpuUs: number;
  /** Server CPU in the window, as a share of one core. */
  readonly serverBusy: number;
  /** What others used of the server's core, as a share of the window. Large: latency says nothing. */
  readonly serverDisturbed: number;
  readonly latency: LatencySummary;
  readonly generator: GeneratorHealth;
}

/** How the generator itself fared; `spoiled` says in words why the phase must not be believed. */
export interface GeneratorHealth {
  /** Share of the window in which it had something to do. */
  readonly busy: number;
  /** Share of the window in which others had its core. */
  readonly waited: number;
  /** The longest time between two looks at the socket, in milliseconds. */
  readonly longestGapMs: number;
  /** Open loop: 99.9 % of the requests were sent so soon after their moment, in microseconds. */
  readonly sendLagUs: number;
  /** Replies that the kernel dropped because the generator did not fetch them. */
  readonly drops: number;
  readonly spoiled: readonly string[];
}

/** What the controller asks of the generator process. */
export type GeneratorRequest =
  | { readonly do: 'open-udp'; readonly serverPort: number; readonly salt: string }
  | { readonly do: 'open-tcp'; readonly serverPort: number; readonly connections: number }
  | { readonly do: 'run'; readonly job: Job }
  | { readonly do: 'close' };

/** What it answers: a result, or the text of an error. */
export type GeneratorReply =
  | { readonly ok: true; readonly port: number; readonly result: JobResult | undefined }
  | { readonly ok: false; readonly error: string };
