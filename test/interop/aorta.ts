import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AorView, BindingView } from '../../src/admin/binding-view.ts';
import { methodMask } from '../../src/registrar/method-mask.ts';
import { Child } from './child.ts';
import { presentSecond, type RegistrarProgram, type ShownBinding } from './registrar-program.ts';
import { type SharedOptions, sharedConfiguration, sharedEnvironment } from './shared-configuration.ts';

/** `npm start --` without npm, which takes longer to start than Aorta. `INTEROP_START` names another command. */
const fromSource = [
  process.execPath,
  '--conditions=aorta-source',
  fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
  'start',
];

/** Where Node keeps what it has compiled: only the first start of this process takes its time. */
const compiled = mkdtempSync(join(tmpdir(), 'aorta-compiled-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** `aorta start` with a configuration of Kamailio's, and its admin API. */
export class Aorta implements RegistrarProgram {
  readonly name = 'Aorta';
  readonly udpPort: number;
  readonly #child: Child;
  readonly #folder: string;
  #admin = '';

  private constructor(udpPort: number, child: Child, folder: string) {
    this.udpPort = udpPort;
    this.#child = child;
    this.#folder = folder;
  }

  /** Starts it and waits for its ready line. */
  static async start(options: SharedOptions): Promise<Aorta> {
    const folder = mkdtempSync(join(tmpdir(), 'aorta-'));
    const file = join(folder, 'kamailio.cfg');
    writeFileSync(file, sharedConfiguration(options));
    const [command = '', ...before] = process.env.INTEROP_START?.split(' ') ?? fromSource;
    const args = [...before, file, '--admin', '127.0.0.1:0', '--log-level', 'warn'];
    const child = new Child('Aorta', command, args, {
      cwd: folder,
      env: { ...sharedEnvironment, NODE_COMPILE_CACHE: compiled },
    });
    const aorta = new Aorta(options.port, child, folder);
    try {
      const [, url = ''] = await child.output('the ready line', (said) => /^aorta ready: .*admin:(\S+)/m.exec(said));
      aorta.#admin = url;
    } catch (error) {
      await aorta.stop();
      throw error;
    }
    return aorta;
  }

  async bindings(): Promise<ReadonlyMap<string, readonly ShownBinding[]>> {
    const now = presentSecond();
    const { aors } = (await this.#ask('aors?limit=500')) as { aors: readonly AorView[] };
    return new Map(aors.map(({ aor, bindings }) => [aor, bindings.map((binding) => shownBinding(binding, now))]));
  }

  async addPermanent(aor: string, contact: string): Promise<void> {
    const body = JSON.stringify({ contact, expires: 0, q: 1, flags: { permanent: true } });
    const headers = { 'content-type': 'application/json' };
    await this.#ask(`aors/${encodeURIComponent(aor)}/contacts`, { method: 'POST', headers, body });
  }

  async stop(): Promise<void> {
    await this.#child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  report(): string {
    return this.#child.report();
  }

  async #ask(path: string, request: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`${this.#admin}/v1/tables/location/${path}`, request);
    const body = await response.text();
    assert.ok(response.ok, `${path}: ${body}`);
    return JSON.parse(body);
  }
}

function shownBinding(view: BindingView, now: number): ShownBinding {
  const { contact, callId, cseq, userAgent, regId, ruid, flags } = view;
  return {
    contact,
    expiresAt: flags.permanent ? 'permanent' : now + view.expires,
    q: view.q ?? undefined,
    callId,
    cseq,
    userAgent,
    received: view.received ?? undefined,
    path: view.path ?? undefined,
    socket: view.socket ?? undefined,
    methods: methodMask(view.methods?.join(',') ?? ''),
    instance: view.instance ?? undefined,
    regId,
    isNatted: flags.nat === true,
    ruid,
    lastModified: Date.parse(view.lastModified) / 1000,
  };
}
