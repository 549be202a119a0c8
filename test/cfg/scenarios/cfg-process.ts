import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AortaProcess, alone, type Finished, portIn } from '../../support/aorta-process.ts';

/** A folder for the configurations of a test. */
export class CfgFolder {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'aorta-cfg-'));
  }

  /** Writes a file; returns its path. */
  write(name: string, text: string | Buffer): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** `aorta start` with a configuration, and its log as it comes. */
export class CfgProcess {
  readonly aorta: AortaProcess;
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly #log: Log;

  private constructor(aorta: AortaProcess, readyLine: string, log: Log) {
    this.aorta = aorta;
    this.udpPort = portIn(readyLine, 'udp');
    this.tcpPort = portIn(readyLine, 'tcp');
    this.#log = log;
  }

  static async start(file: string): Promise<CfgProcess> {
    const aorta = new AortaProcess([
      ...['start', file, '--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0', ...alone],
    ]);
    const log = new Log(aorta);
    return new CfgProcess(aorta, await aorta.ready(), log);
  }

  /** SIGHUP; returns what is logged until the file has been loaded, or not. */
  async reload(): Promise<string> {
    const from = this.#log.length;
    this.aorta.child.kill('SIGHUP');
    return this.#log.until(/reloaded/, from);
  }

  /** What is logged from the start until `pattern` is in it. */
  logged(pattern: RegExp): Promise<string> {
    return this.#log.until(pattern, 0);
  }

  stop(): Promise<Finished> {
    return this.aorta.stop();
  }
}

/** What a process writes to stderr. */
class Log {
  #text = '';
  #changed = (): void => {};

  constructor({ child }: AortaProcess) {
    child.stderr?.on('data', (chunk) => {
      this.#text += chunk;
      this.#changed();
    });
  }

  get length(): number {
    return this.#text.length;
  }

  async until(pattern: RegExp, from: number): Promise<string> {
    for (;;) {
      const text = this.#text.slice(from);
      const found = pattern.exec(text);
      // The line is written in one piece, but may be read in several.
      if (found !== null && text.indexOf('\n', found.index) >= 0) return text;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
