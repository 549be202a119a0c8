import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { type CpuTime, cpuTime, type MemoryUse, memoryUse, processTree, socketDrops } from '../system/processes.ts';

const STOP_MS = 5_000;
const BINDING_MS = 2_000;

/** A registrar under measurement: a process of its own on the server's core, with all its children. */
export class ServerUnderTest {
  readonly name: string;
  readonly port: number;
  readonly #child: ChildProcess;
  #pids: readonly number[] = [];

  /** @param child started, and already serving */
  constructor(name: string, port: number, child: ChildProcess) {
    this.name = name;
    this.port = port;
    this.#child = child;
    this.#pids = processTree(this.#root);
  }

  /** The process and its children. */
  get pids(): readonly number[] {
    return this.#pids;
  }

  cpu(): CpuTime {
    return cpuTime(this.#pids);
  }

  memory(): MemoryUse {
    return memoryUse(this.#pids);
  }

  /** Waits until it knows a contact of a user, which it must at once; throws when it does not. */
  awaitBinding(user: string): Promise<void> {
    return awaitAnswer(this.port, BINDING_MS, this.#child, user);
  }

  /** Requests that the kernel dropped because the server did not fetch them in time. */
  drops(): number {
    return socketDrops(this.port);
  }

  /** Ends the process and its children, by their ids. */
  async stop(): Promise<void> {
    await stopProcess(this.#child);
  }

  get #root(): number {
    return this.#child.pid ?? 0;
  }
}

/** Asks a program to end, and ends it and what it left behind when it does not. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const tree = processTree(child.pid);
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(limit);
  }
  for (const pid of tree) killIfAlive(pid);
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended with its parent, which is what we want.
  }
}

/** A UDP and TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => resolve());
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const PROBE_EVERY_MS = 50;

/**
 * Waits until a SIP server answers on the port, whatever it answers.
 *
 * @param bound when given, it is asked what is registered for this user, and must name a contact
 */
export async function awaitAnswer(port: number, limitMs: number, child: ChildProcess, bound?: string): Promise<void> {
  const socket = createSocket('udp4');
  const method = bound === undefined ? 'OPTIONS' : 'REGISTER';
  const whom = bound === undefined ? 'sip:127.0.0.1' : `sip:${bound}@127.0.0.1`;
  const expected = bound === undefined ? /^SIP/ : /^SIP\/2\.0 200 .*\r\nContact:/is;
  const probe = (own: number) =>
    [
      `${method} sip:127.0.0.1:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK-probe-${Date.now()};rport`,
      'Max-Forwards: 70',
      `From: <${bound === undefined ? 'sip:probe@127.0.0.1' : whom}>;tag=probe`,
      `To: <${whom}>`,
      `Call-ID: probe-${Date.now()}@127.0.0.1`,
      `CSeq: 1 ${method}`,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  await new Promise<void>((resolve, reject) => {
    const deadline = Date.now() + limitMs;
    const end = (error?: Error) => {
      clearInterval(again);
      socket.close();
      if (error === undefined) resolve();
      else reject(error);
    };
    const again = setInterval(() => {
      if (child.exitCode !== null) end(new Error(`the server ended with code ${child.exitCode}`));
      else if (Date.now() > deadline) end(new Error(`no such SIP answer on port ${port} in ${limitMs} ms`));
      else socket.send(probe(socket.address().port), port, '127.0.0.1');
    }, PROBE_EVERY_MS);
    socket.on('error', () => {}); // refused until the server has bound its port
    socket.on('message', (bytes) => {
      if (expected.test(bytes.toString('latin1'))) end();
    });
    socket.bind(0, '127.0.0.1');
  });
}
