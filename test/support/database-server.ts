import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../interop/wait-until.ts';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** What may differ from a server for tests as it usually is. */
export interface DatabaseOptions {
  /** Settings of the server by their names in its manual; they win over those for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What is different from one database system to another. */
export interface DatabaseSystem {
  readonly name: string;
  /** Who runs its programs, when it must not be the user of this process. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Makes the files of a new server in the folder. */
  readonly install: (folder: string) => Command;
  readonly serve: (folder: string, port: number) => Command;
  /** Prints a line for each row: its values, NULL as `NULL`, with tabs between them. */
  readonly ask: (url: URL, sql: string) => Command;
  readonly url: (port: number, database: string) => string;
  /** A name as a quoted identifier. */
  readonly quote: (name: string) => string;
  /** The database that is there from the start. */
  readonly firstDatabase: string;
  /** Ends it in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** Ends it at once, writing nothing to its files. */
  readonly crashSignal: NodeJS.Signals;
}

const run = promisify(execFile);

/**
 * A database server of its own for a test: with its files and its unix socket in a fresh temporary folder, on a port of
 * 127.0.0.1 that is free, and nothing to do with what Debian's packages have started.
 */
export class DatabaseServer {
  readonly port: number;
  /** Holds all that is its own: `data`, `log`, its sockets. */
  readonly folder: string;
  readonly #system: DatabaseSystem;
  readonly #guard: Guard;
  /** While it runs. */
  #process: ChildProcess | undefined;
  #disposing: Promise<void> | undefined;

  private constructor(system: DatabaseSystem, folder: string, port: number) {
    this.#system = system;
    this.folder = folder;
    this.port = port;
    this.#guard = new Guard(folder, system.crashSignal);
  }

  /** Makes a server with an empty database `aorta`; resolves when it answers. */
  static async start(system: DatabaseSystem): Promise<DatabaseServer> {
    const folder = mkdtempSync(join(tmpdir(), `aorta-${system.name}-`));
    if (system.user !== undefined) chownSync(folder, system.user.uid, system.user.gid);
    const server = new DatabaseServer(system, folder, await freePort());
    try {
      await server.#install();
      await server.startAgain();
      await server.createDatabase('aorta');
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  /** Of the database `aorta`. */
  get url(): string {
    return this.#system.url(this.port, 'aorta');
  }

  /** The processes of the server, the first of which started the others; none while it does not run. */
  get processes(): readonly number[] {
    const pid = this.#process?.pid;
    return pid === undefined ? [] : [pid, ...childrenOf(pid)];
  }

  /**
   * Makes an empty database, so that tests need not share one.
   *
   * @returns its URL; rejects when there is a database of that name
   */
  async createDatabase(name: string): Promise<string> {
    await this.query(`CREATE DATABASE ${this.#system.quote(name)}`, this.#system.firstDatabase);
    return this.#system.url(this.port, name);
  }

  /**
   * Has the system's own client execute SQL, on a connection of its own; rejects with what it says.
   *
   * @returns the rows as text, with tabs between their values, NULL as `NULL`
   */
  async query(sql: string, database = 'aorta'): Promise<readonly string[]> {
    const [program, ...args] = this.#system.ask(new URL(this.#system.url(this.port, database)), sql);
    const { stdout } = await run(program, args, { maxBuffer: 2 ** 26 });
    return stdout.split('\n').slice(0, -1);
  }

  /** Starts a stopped or killed server, with the files and on the port that it had; resolves when it answers. */
  async startAgain(): Promise<void> {
    if (this.#process !== undefined) throw new Error(`${this.#system.name} runs already`);
    const [program, ...args] = this.#system.serve(this.folder, this.port);
    const log = openSync(join(this.folder, 'log'), 'a');
    // A session of its own: what interrupts the tests at a terminal must not reach it before the guard.
    const options = { cwd: this.folder, ...this.#system.user, detached: true };
    const started = spawn(program, args, { ...options, stdio: ['ignore', log, log] });
    closeSync(log);
    started.unref();
    started.once('exit', () => {
      this.#process = undefined;
      this.#guard.watch(undefined);
    });
    await once(started, 'spawn');
    this.#process = started;
    this.#guard.watch(started.pid);
    await this.#answers();
  }

  /** Ends the server in good order; harmless when it does not run. */
  async stop(): Promise<void> {
    this.resume();
    this.#process?.kill(this.#system.stopSignal);
    await this.#ended();
  }

  /**
   * Ends the server as a crash does: nothing is written any more, its clients are told nothing; harmless when it does
   * not run.
   */
  async kill(): Promise<void> {
    await this.pause();
    const [first, ...others] = this.processes;
    for (const pid of others) send('SIGKILL', pid);
    if (first === undefined) return;
    send(this.#system.crashSignal, first);
    send('SIGCONT', first);
    await this.#ended();
  }

  /** Makes it the slowest server: connections are accepted and nothing is answered. */
  async pause(): Promise<void> {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    // First the one that starts the others, so that there will be no more of them.
    await halt([pid]);
    await halt(childrenOf(pid));
  }

  /** Lets a paused server go on; harmless when it is not. */
  resume(): void {
    for (const pid of this.processes) send('SIGCONT', pid);
  }

  /** Ends the server and removes its files. May be called again. */
  dispose(): Promise<void> {
    this.#disposing ??= this.kill().finally(() => this.#guard.finish());
    return this.#disposing;
  }

  async #install(): Promise<void> {
    const [program, ...args] = this.#system.install(this.folder);
    const installing = run(program, args, { cwd: this.folder, ...this.#system.user });
    this.#guard.watch(installing.child.pid);
    await installing;
  }

  async #answers(): Promise<void> {
    const { name, firstDatabase } = this.#system;
    const ask = async (): Promise<readonly string[] | undefined> => {
      if (this.#process === undefined) throw new Error(`${name} ended before it answered\n${this.#log()}`);
      return this.query('SELECT 1', firstDatabase).catch(() => undefined);
    };
    await waitUntil(`an answer of ${name}`, ask, () => this.#log());
  }

  async #ended(): Promise<void> {
    const ended = (): true | undefined => (this.#process === undefined ? true : undefined);
    await waitUntil(`the end of ${this.#system.name}`, ended, () => this.#log());
  }

  /** The end of what the server said. */
  #log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').slice(-4000);
  }
}

/**
 * Reads the process that runs, or nothing when none does, line by line; when there will be no more lines, ends it and
 * removes the folder. An ending server may have to insist on the end of its children, for which PostgreSQL takes five
 * seconds.
 */
const guardScript = `
folder=$1 signal=$2 server=
while read -r line; do server=$line; done
if [ -n "$server" ]; then
  kill -s "$signal" "$server"
  kill -s CONT "$server"
  tries=200
  while [ $tries -gt 0 ] && kill -s 0 "$server"; do sleep 0.05; tries=$((tries - 1)); done
fi
rm -rf "$folder"`;

/**
 * Sees to it that neither a server nor its folder outlives this process, however that ends: when a test runner kills
 * it, no handler of its own runs. So a shell of its own session watches over a pipe that closes by itself.
 */
class Guard {
  readonly #shell: ChildProcess;

  constructor(folder: string, signal: NodeJS.Signals) {
    const args = ['-c', guardScript, 'guard', folder, signal.replace('SIG', '')];
    this.#shell = spawn('sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.#shell.unref();
    // The pipe must not keep this process alive either.
    if (this.#shell.stdin instanceof Socket) this.#shell.stdin.unref();
  }

  /** Takes the number of an ended process away before it is used again. */
  watch(pid: number | undefined): void {
    this.#shell.stdin?.write(`${pid ?? ''}\n`);
  }

  /** Has what is left removed. */
  async finish(): Promise<void> {
    this.#shell.ref();
    const closed = once(this.#shell, 'close');
    this.#shell.stdin?.end();
    await closed;
  }
}

/**
 * A port of 127.0.0.1 that nobody holds. It is none of those that the kernel gives to others (by default 32768 and
 * above), so that it is still free when a server comes back to it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Sends SIGSTOP and waits until it works: until then a process goes on. */
async function halt(pids: readonly number[]): Promise<void> {
  for (const pid of pids) send('SIGSTOP', pid);
  // T is stopped; Z has ended and its parent does not know yet.
  const halted = (pid: number): boolean => ['T', 'Z'].includes(statusOf(pid)?.state ?? 'Z');
  await waitUntil('SIGSTOP to work', () => (pids.every(halted) ? true : undefined));
}

function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It may have ended in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** PostgreSQL gives each of its processes a group of its own, so they are found by their parent. */
function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    const status = statusOf(pid);
    return status?.parent === parent && status.state !== 'Z';
  });
}

/** From /proc, because `ps` is missing in small containers. */
function statusOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The field before these is the name in parentheses, which may hold anything.
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
