import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawnPinned } from '../system/pinned.ts';
import type { GeneratorReply, GeneratorRequest, Job, JobResult } from './job.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const MARGIN_MS = 30_000;

/** The generator process as the bench programs see it: started on a core of its own, one request at a time. */
export class Generator {
  readonly #child: ChildProcess;
  /** Stands in its Call-IDs. */
  readonly salt: string;
  port = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.salt = (child.pid ?? 0).toString(36);
  }

  /** @param core the core that the generator alone uses */
  static start(core: number): Generator {
    const child = spawnPinned(core, process.execPath, [MAIN], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Generator(child);
  }

  /** Opens the UDP socket; the generator keeps it until `stop`, so that contacts stay reachable. */
  async openUdp(serverPort: number): Promise<void> {
    this.port = (await this.#ask({ do: 'open-udp', serverPort, salt: this.salt }, MARGIN_MS)).port;
  }

  /** Opens TCP connections, one per user. */
  async openTcp(serverPort: number, connections: number): Promise<void> {
    await this.#ask({ do: 'open-tcp', serverPort, connections }, 2 * MARGIN_MS);
  }

  /** Runs one phase of load. */
  async run(job: Job): Promise<JobResult> {
    const { result } = await this.#ask({ do: 'run', job }, job.warmupMs + job.measureMs + job.timeoutMs + MARGIN_MS);
    if (result === undefined) throw new Error('the generator gave no result');
    return result;
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGKILL'); // it holds nothing that must be saved, and a loop that spins hears no other
    await gone;
  }

  #ask(request: GeneratorRequest, limitMs: number): Promise<{ port: number; result: JobResult | undefined }> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const end = (settle: () => void) => {
        clearTimeout(limit);
        child.off('message', onMessage);
        child.off('exit', onExit);
        settle();
      };
      const onMessage = (reply: GeneratorReply) =>
        end(() => (reply.ok ? resolve(reply) : reject(new Error(`generator: ${reply.error}`))));
      const onExit = () => end(() => reject(new Error('the generator ended')));
      const limit = setTimeout(
        () => end(() => reject(new Error(`no answer from the generator in ${limitMs} ms`))),
        limitMs,
      );
      child.on('message', onMessage);
      child.once('exit', onExit);
      child.send(request);
    });
  }
}
