import { machineLines } from './report/machine.ts';

/** What must be ended when the program is. */
interface Stoppable {
  stop(): Promise<void>;
}

const running = new Set<Stoppable>();

/** Notes a process that the program started, so that it ends with it, also on Ctrl-C. */
export function track<T extends Stoppable>(started: T): T {
  running.add(started);
  return started;
}

/** Ends one tracked process. */
export async function release(started: Stoppable): Promise<void> {
  running.delete(started);
  await started.stop();
}

/** Runs a bench program: prints machine and commit, then `body`, and ends whatever it started. */
export async function program(question: string, body: () => Promise<void>): Promise<void> {
  say(question);
  for (const line of machineLines()) say(line);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));
  try {
    await body();
    await end(undefined);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await end(1);
  }
}

/** Prints one line of the report. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function end(code: number | undefined): Promise<void> {
  for (const started of [...running]) await release(started);
  if (code !== undefined) process.exit(code);
}
