/**
 * What would a second core bring? Two servers that share nothing, each on a core with its generator, against one
 * alone; and what a lock costs that two threads use. The first is the most that engine threads over one location could
 * reach, the second the least that sharing it would take away.
 */
import { Worker } from 'node:worker_threads';
import { benchOptions } from './command-line.ts';
import { bucketMemory, lockLoop } from './cores/lock-loop.ts';
import { Generator } from './generator/client.ts';
import { program, release, say, track } from './program.ts';
import { markdownTable } from './report/table.ts';
import { startServer } from './servers/catalog.ts';
import type { ServerUnderTest } from './servers/server.ts';
import { closed, median } from './subject.ts';

const BUCKETS = [1, 64, 65_536];
const TIMEOUT_MS = 1_000;

const options = benchOptions({ servers: ['aorta'], users: [100_000], seconds: 2, rounds: 5 });

/** A server and its generator on the same core: what the server used is counted, not how long it took. */
class Pair {
  readonly #core: number;
  readonly #server: ServerUnderTest;
  readonly #generator: Generator;

  private constructor(core: number, server: ServerUnderTest, generator: Generator) {
    this.#core = core;
    this.#server = server;
    this.#generator = generator;
  }

  static async start(core: number): Promise<Pair> {
    const [users = 1] = options.users;
    const [kind = 'aorta'] = options.servers;
    const server = await startServer(kind, { core, users, transport: 'udp', redirect: false });
    const generator = Generator.start(core);
    await generator.openUdp(server.port);
    return track(new Pair(core, server, generator));
  }

  /** CPU microseconds of the server per refresh. */
  async refresh(): Promise<number> {
    const { serverCpuUs } = await this.#generator.run({
      ...{ kind: 'refresh', users: options.users[0] ?? 1, pace: closed(64), maxRequests: 0, timeoutMs: TIMEOUT_MS },
      ...{ warmupMs: options.warmupMs, measureMs: options.measureMs },
      ...{ serverPids: this.#server.pids, serverCore: this.#core },
    });
    return serverCpuUs;
  }

  async stop(): Promise<void> {
    await this.#generator.stop();
    await this.#server.stop();
  }
}

/** Nanoseconds per locked change while another thread makes such changes too: of this thread, and of the other. */
async function lockTogether(memory: SharedArrayBuffer): Promise<readonly [number, number]> {
  const worker = new Worker(new URL('./cores/lock-worker.ts', import.meta.url), { workerData: memory });
  const said = <T>() => new Promise<T>((resolve) => worker.once('message', resolve));
  await said();
  worker.postMessage('go');
  const other = said<number>();
  const own = lockLoop(memory);
  const theirs = await other;
  await worker.terminate();
  return [own, theirs];
}

await program('What would a second core bring?', async () => {
  const pairs = [await Pair.start(0), await Pair.start(1)] as const;
  const alone: number[] = [];
  const together: number[] = [];
  for (const pair of pairs) await pair.refresh();
  for (let round = 0; round < options.rounds; round++) {
    alone.push(await pairs[0].refresh());
    const [first, second] = await Promise.all([pairs[0].refresh(), pairs[1].refresh()]);
    together.push((first + second) / 2);
  }
  for (const pair of pairs) await release(pair);
  const speedUp = (2 * median(alone)) / median(together);
  say(
    markdownTable([
      ['CPU per refresh', 'one server', 'two servers', 'the most that two cores bring'],
      [
        `${options.rounds} rounds`,
        `${median(alone).toFixed(2)} µs`,
        `${median(together).toFixed(2)} µs`,
        speedUp.toFixed(2),
      ],
    ]),
  );
  const rows: string[][] = [['locks', 'one thread', 'two threads at once']];
  for (const buckets of BUCKETS) {
    const memory = bucketMemory(buckets);
    lockLoop(memory);
    const one = lockLoop(memory);
    const both = await lockTogether(memory);
    rows.push([String(buckets), `${one.toFixed(0)} ns`, both.map((ns) => `${ns.toFixed(0)} ns`).join(', ')]);
  }
  say(markdownTable(rows));
});
