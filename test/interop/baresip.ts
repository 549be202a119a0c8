import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import { freeTcpPort } from './free-port.ts';
import type { Server } from './start-server.ts';
import { waitUntil } from './wait-until.ts';

/** What baresip's control connection reports, as far as the tests look at it. */
export interface PhoneEvent {
  readonly type: string;
  readonly direction?: string;
  readonly peeruri?: string;
  readonly param?: string;
}

/** How a phone is set up. */
export interface PhoneOptions {
  readonly server: Server;
  readonly user: string;
  readonly transport: 'udp' | 'tcp';
  /** How often it registers, seconds. */
  readonly registerInterval?: number;
}

/**
 * A baresip without a screen and without sound: what it would play goes into what it would record. It is commanded
 * by its module ctrl_tcp, which speaks JSON in netstrings.
 */
export class Phone {
  readonly user: string;
  readonly aor: string;
  readonly events: PhoneEvent[] = [];
  readonly #child: Child;
  readonly #control: Socket;
  readonly #directory: string;
  #received = Buffer.alloc(0);

  private constructor(user: string, aor: string, child: Child, control: Socket, directory: string) {
    this.user = user;
    this.aor = aor;
    this.#child = child;
    this.#control = control;
    this.#directory = directory;
    control.on('data', (bytes) => this.#read(bytes));
    // The connection ends with the phone; whoever still waits for an event learns it from the child.
    control.on('error', () => {});
  }

  /** Starts a phone and waits until it says that it is registered. */
  static async start(options: PhoneOptions): Promise<Phone> {
    const { server, user } = options;
    const aor = `sip:${user}@${server.domain}`;
    const directory = mkdtempSync(join(tmpdir(), `baresip-${user}-`));
    const controlPort = await freeTcpPort();
    writeFileSync(join(directory, 'config'), config(controlPort));
    writeFileSync(join(directory, 'accounts'), account(aor, options));
    writeFileSync(join(directory, 'contacts'), '');
    const child = new Child(`baresip ${user}`, 'baresip', ['-4', '-s', '-f', directory]);
    try {
      await child.output('registered', (stdout) => /\b200 OK .*\[\d+ bindings?\]/.exec(stdout));
      const control = connect(controlPort, '127.0.0.1');
      await once(control, 'connect');
      return new Phone(user, aor, child, control, directory);
    } catch (error) {
      await child.stop('SIGKILL');
      rmSync(directory, { recursive: true });
      throw new Error(`baresip ${user} did not register\n${child.report()}`, { cause: error });
    }
  }

  /** How many REGISTERs were answered 200 so far, counted in the trace that baresip writes. */
  get registrations(): number {
    return this.#child.stdout.split(/^SIP\/2\.0 200 /m).filter((text) => /^CSeq: \d+ REGISTER/m.test(head(text)))
      .length;
  }

  /** Calls somebody. */
  dial(aor: string): void {
    this.#command('dial', aor);
  }

  /** Answers the call that rings. */
  accept(): void {
    this.#command('accept');
  }

  /** Ends the call: CANCEL before it is answered, a refusal of one that rings here, else BYE. */
  hangUp(): void {
    this.#command('hangup');
  }

  /** Waits for an event of that type that was not waited for before. */
  async event(type: string): Promise<PhoneEvent> {
    return waitUntil(
      `${type} of ${this.aor}`,
      () => {
        const at = this.events.findIndex((event) => event.type === type);
        if (at >= 0) return this.events.splice(at, 1)[0];
        if (this.#child.exit) throw new Error(`${this.aor} ended before ${type}\n${this.#child.report()}`);
        return undefined;
      },
      () => `${JSON.stringify(this.events)}\n${this.#child.report()}`,
    );
  }

  /** Ends baresip as its user does; it unregisters on the way. */
  async quit(): Promise<void> {
    this.#command('quit');
    await this.#child.exited;
    this.#cleanUp();
  }

  /** Ends baresip, whatever it is doing; harmless after `quit`. */
  async kill(): Promise<void> {
    await this.#child.stop('SIGKILL');
    this.#cleanUp();
  }

  #cleanUp(): void {
    this.#control.destroy();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #command(command: string, params = ''): void {
    const json = JSON.stringify({ command, params });
    this.#control.write(`${Buffer.byteLength(json)}:${json},`);
  }

  /** Takes whole netstrings, `<length>:<bytes>,`, out of what has arrived. */
  #read(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.toString('latin1', 0, colon));
      if (colon < 0 || this.#received.length <= end) return;
      const message: unknown = JSON.parse(this.#received.toString('utf8', colon + 1, end));
      this.#received = this.#received.subarray(end + 1);
      if (isEvent(message)) this.events.push(message);
    }
  }
}

function isEvent(message: unknown): message is PhoneEvent {
  return typeof message === 'object' && message !== null && 'event' in message && 'type' in message;
}

/** The head of a message that stands at the start of a trace. */
function head(trace: string): string {
  return trace.slice(0, trace.indexOf('\n\n') < 0 ? undefined : trace.search(/\r?\n\r?\n/));
}

/** Where distributions put baresip's modules. */
const modulePaths = ['/usr/lib/baresip/modules', '/usr/local/lib/baresip/modules', '/usr/lib64/baresip/modules'];

function config(controlPort: number): string {
  return `module_path ${modulePaths.find((path) => existsSync(path)) ?? modulePaths[0]}
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
audio_player aubridge,loop
audio_source aubridge,loop
audio_alert aubridge,loop
ringback_disabled yes
module g711.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${controlPort}
`;
}

function account(aor: string, { server, transport, registerInterval = 60 }: PhoneOptions): string {
  const port = transport === 'udp' ? server.udpPort : server.tcpPort;
  const outbound = `sip:127.0.0.1:${port};transport=${transport}`;
  return `<${aor}>;outbound="${outbound}";auth_pass=none;regint=${registerInterval};answermode=manual\n`;
}
