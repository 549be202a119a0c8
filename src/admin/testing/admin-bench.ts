import { type IncomingHttpHeaders, request } from 'node:http';
import { wholeSecond } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import { placeOf } from '../../location/list-order.ts';
import { PackedLocation } from '../../location/packed-location.ts';
import type { PersistentLocation } from '../../location/persistence/persistent-location.ts';
import { WriteBackLocation } from '../../location/persistence/write-back.ts';
import { WriteThroughLocation } from '../../location/persistence/write-through.ts';
import { SystemRandom } from '../../server/system-random.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { ScriptedDatabase } from '../../testing/scripted-database.ts';
import { AdminServer } from '../admin-server.ts';
import type { AdminSubject } from '../subject.ts';

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** What is sent beside method and path. */
export interface HttpParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** How a bench is set up. */
export interface BenchOptions {
  readonly token?: string;
  readonly mode?: 'write-through' | 'write-back';
  readonly useDomain?: boolean;
}

/** An admin API on a free port, over a location whose database does what a test says. */
export class AdminBench {
  readonly clock = new FakeClock();
  readonly database = new ScriptedDatabase();
  readonly location: PersistentLocation;
  readonly logged: string[] = [];
  state: AdminSubject['state'] = 'running';
  #server: AdminServer | undefined;

  private constructor({ mode = 'write-through' }: BenchOptions) {
    const random = new SystemRandom();
    const { clock, database } = this;
    const memory = new PackedLocation({ random });
    const parts = { memory, database, clock, random, logger: silentLogger, place: placeOf(false) };
    this.location =
      mode === 'write-back'
        ? new WriteBackLocation({ ...parts, intervalSeconds: () => 60 })
        : new WriteThroughLocation(parts);
  }

  static async start(options: BenchOptions = {}): Promise<AdminBench> {
    const bench = new AdminBench(options);
    await bench.location.open(['location', 'aliases']);
    const { token } = options;
    bench.#server = await AdminServer.start({ address: '127.0.0.1', port: 0, token }, bench.#subject(options));
    return bench;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** @param path sent as it is: nothing is tidied up */
  ask(method: string, path: string, { headers = {}, body }: HttpParts = {}): Promise<HttpAnswer> {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const type = payload === undefined ? {} : { 'content-type': 'application/json' };
    const { hostname, port } = new URL(this.url);
    const all = { ...type, ...headers };
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, method, path, headers: all, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
      });
      sent.once('error', reject);
      sent.end(payload);
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    await this.location.close();
  }

  #subject({ useDomain = false }: BenchOptions): AdminSubject {
    const bench = this;
    return {
      version: '0.0.0',
      location: this.location,
      clock: this.clock,
      random: new SystemRandom(),
      logger: { ...silentLogger, error: (message) => void this.logged.push(message) },
      management: { useDomain, caseSensitive: false, descTimeOrder: false },
      counted: { requests: new Map([['REGISTER', 3]]), replies: new Map(), dropped: new Map(), plainRegisters: 2 },
      get state() {
        return bench.state;
      },
      get storeHealth() {
        return bench.location.health;
      },
      flush: async () => {
        const expired = await this.location.collect(wholeSecond(this.clock));
        await this.location.flush();
        return expired;
      },
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
