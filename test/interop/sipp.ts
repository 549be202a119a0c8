import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { freeTcpPort, freeUdpPort } from './free-port.ts';
import type { Server } from './start-server.ts';
import { waitUntil } from './wait-until.ts';

/** What a sipp does. */
export interface SippOptions {
  readonly server: Server;
  /** A file of `scenarios/`, without `.xml`. */
  readonly scenario: string;
  readonly transport: 'udp' | 'tcp';
  /** How many calls, in all. */
  readonly calls: number;
  /** New calls per second. */
  readonly rate?: number;
  /** The local port. */
  readonly port: number;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** A running sipp. */
export class Sipp {
  readonly #child: Child;
  readonly #directory: string;

  private constructor(child: Child, directory: string) {
    this.#child = child;
    this.#directory = directory;
  }

  /** Starts a sipp that sends to the server, or waits for what the server sends. */
  static start(options: SippOptions): Sipp {
    const { server, scenario, transport, calls, rate = 50, port, args = [] } = options;
    const directory = mkdtempSync(join(tmpdir(), `sipp-${scenario}-`));
    const file = fileURLToPath(new URL(`scenarios/${scenario}.xml`, import.meta.url));
    const target = `127.0.0.1:${transport === 'udp' ? server.udpPort : server.tcpPort}`;
    const child = new Child(
      `sipp ${scenario}`,
      'sipp',
      [
        ...[target, '-sf', file, '-i', '127.0.0.1', '-p', `${port}`, '-t', transport === 'udp' ? 'u1' : 't1'],
        ...['-m', `${calls}`, '-r', `${rate}`, '-key', 'domain', server.domain, ...args],
        // sipp gives up by itself rather than be killed: then it says why.
        ...['-nostdin', '-timeout', '55s', '-timeout_error', '-trace_err'],
      ],
      { cwd: directory },
    );
    return new Sipp(child, directory);
  }

  /** Waits until all calls are done; an error when one of them failed. */
  async done(): Promise<void> {
    const exit = await waitUntil(
      `the end of ${this.#child.name}`,
      () => this.#child.exit,
      () => this.#child.report(),
    );
    if (exit.code === 0) return;
    throw new Error(`${this.#child.name} exits with ${exit.code}\n${this.#errors()}\n${this.#child.report()}`);
  }

  /** Ends sipp, whatever it is doing; harmless when it is done. */
  async kill(): Promise<void> {
    await this.#child.stop('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** What sipp wrote about unexpected messages. */
  #errors(): string {
    const logs = readdirSync(this.#directory).filter((name) => name.endsWith('_errors.log'));
    return logs.map((name) => readFileSync(join(this.#directory, name), 'utf8').slice(0, 4000)).join('\n');
  }
}

/** A port that a sipp can be told to take. */
export function freePort(transport: 'udp' | 'tcp'): Promise<number> {
  return transport === 'udp' ? freeUdpPort() : freeTcpPort();
}
