import { type ChildProcess, spawn } from 'node:child_process';
import { guard, unguard } from './guard.ts';
import { waitUntil } from './wait-until.ts';

/** How a child process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A program under test. It leads a process group of its own, so that ending it also ends what it started (npm starts
 * a shell, which starts node), and nothing of it survives this process.
 */
export class Child {
  readonly name: string;
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';
  #exit: Exit | undefined;

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.name = name;
    this.#process = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    const { pid } = this.#process;
    if (pid !== undefined) guard(pid);
    const ended = (exit: Exit) => {
      if (pid !== undefined) unguard(pid);
      this.#exit ??= exit;
      resolve(this.#exit);
    };
    this.#process.on('error', (error) => {
      this.#stderr += String(error);
      ended({ code: null, signal: null });
    });
    this.#process.on('close', (code, signal) => ended({ code, signal }));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Waits until `find` finds something in what the child has written to stdout; fails when the child ends before. */
  async output<T>(what: string, find: (stdout: string) => T | undefined | null): Promise<T> {
    return waitUntil(
      `${this.name}: ${what}`,
      () => {
        const found = find(this.#stdout);
        if ((found === undefined || found === null) && this.#exit) {
          throw new Error(`${this.name} ended before ${what}\n${this.report()}`);
        }
        return found;
      },
      () => this.report(),
    );
  }

  /** Signals the whole group. */
  kill(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#exit) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended in the meantime, which is what we want.
    }
  }

  /** Asks the child to end, insists after ten seconds, and waits for it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.kill(signal);
    const insist = setTimeout(() => this.kill('SIGKILL'), 10_000);
    const exit = await this.exited;
    clearTimeout(insist);
    return exit;
  }

  /** The end of everything the child said, for the message of a failure. */
  report(): string {
    const tail = (text: string) => text.slice(-4000);
    return `--- ${this.name} stdout\n${tail(this.#stdout)}\n--- ${this.name} stderr\n${tail(this.#stderr)}`;
  }
}
