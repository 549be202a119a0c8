import { AortaProcess, portIn } from '../support/aorta-process.ts';

/** A server and where it listens on 127.0.0.1. */
export interface Served {
  readonly aorta: AortaProcess;
  readonly port: number;
}

/** The servers of a test file: none is left when one of its tests fails. */
export class Servers {
  readonly #started: AortaProcess[] = [];

  /** Starts one, which need not come up. */
  start(db: string, options: readonly string[] = [], user?: { readonly uid: number }): AortaProcess {
    const aorta = new AortaProcess(['start', '--admin', 'off', '--db', db, ...options], undefined, user);
    this.#started.push(aorta);
    return aorta;
  }

  /** Starts one and waits until it is ready. */
  async serve(db: string, options: readonly string[] = [], transport = 'udp'): Promise<Served> {
    const aorta = this.start(db, ['--listen', `${transport}:127.0.0.1:0`, ...options]);
    return { aorta, port: portIn(await aorta.ready(), transport) };
  }

  async end(): Promise<void> {
    for (const aorta of this.#started) await aorta.stop('SIGKILL');
  }
}
