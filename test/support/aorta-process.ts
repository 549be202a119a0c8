import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** What was compiled once need not be again: most of a start is that, and the sources are the key. */
const compileCache = join(tmpdir(), 'aorta-compile-cache');

/**
 * Options of a server that is asked about neither its admin API nor its database: it takes no fixed port from others
 * that run beside it, and leaves no file.
 */
export const alone: readonly string[] = ['--admin', 'off', '--db', 'memory:'];

/** What a finished `aorta` said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An `aorta` as a user runs it, in a process of its own. */
export class AortaProcess {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  #stdout = '';
  #stderr = '';

  /**
   * @param args of the command line: `start`, `--listen`, …
   * @param user another one to run as, by number; needs root
   */
  constructor(args: readonly string[], cwd?: string, user?: { readonly uid: number }) {
    this.child = spawn(process.execPath, ['--conditions=aorta-source', main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
      ...(cwd !== undefined && { cwd }),
      ...user,
    });
    this.child.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    this.finished = new Promise((resolve) =>
      this.child.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr })),
    );
  }

  /** The ready line. Rejects when the process ends before it. */
  async ready(): Promise<string> {
    const line = new Promise<string>((resolve) => {
      const look = (): void => {
        const end = this.#stdout.indexOf('\n');
        if (end >= 0) resolve(this.#stdout.slice(0, end));
      };
      this.child.stdout?.on('data', look);
      look();
    });
    const ended = this.finished.then(({ code, stderr }) => {
      throw new Error(`aorta ended with ${code} before it was ready: ${stderr}`);
    });
    return Promise.race([line, ended]);
  }

  /** Waits until what it has written to stderr has something like this in it. */
  async said(expected: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (expected.test(this.#stderr)) resolve();
      };
      this.child.stderr?.on('data', look);
      this.child.once('close', () => reject(new Error(`it never said ${expected}: ${this.#stderr}`)));
      look();
    });
  }

  /** Ends the process and waits for it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.child.kill(signal);
    return this.finished;
  }
}

/** The port of a transport in a ready line. */
export function portIn(readyLine: string, transport: string): number {
  return Number(new RegExp(`${transport}:[^ ]*:(\\d+)`).exec(readyLine)?.[1]);
}
