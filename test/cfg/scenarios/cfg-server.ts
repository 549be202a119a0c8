import assert from 'node:assert/strict';
import type { Logger } from '../../../src/base/logger.ts';
import { type LoadedCfg, loadCfgText } from '../../../src/cfg/index.ts';
import { formatDiagnostic } from '../../../src/script/diagnostic.ts';
import type { ReadFile } from '../../../src/script/read-file.ts';
import type { AortaOptions } from '../../../src/server/options.ts';
import type { AortaServer } from '../../../src/server/server.ts';
import type { SipResponse } from '../../../src/sip/message.ts';
import { Phone } from '../../support/phone.ts';
import { startServer } from '../../support/started-server.ts';

/** How a configuration is run. */
export interface CfgSurroundings {
  /** Its name, in what is said about it. */
  readonly name?: string;
  /** Files that it includes. */
  readonly readFile?: ReadFile;
  /** Where to listen, instead of what it says; free ports of UDP and TCP by default. */
  readonly listen?: readonly string[];
  /** What it shares with the one before it. */
  readonly previous?: LoadedCfg;
  /** What is run instead of its compiled routes: something that was made of it. */
  readonly made?: (loaded: LoadedCfg) => Promise<AortaOptions>;
}

/** A server that runs a configuration, and its phones. */
export class CfgServer {
  readonly server: AortaServer;
  readonly udpPort: number;
  readonly tcpPort: number;
  /** What was logged, each entry as `level: message`. */
  readonly log: readonly string[];
  readonly #phones: Phone[];

  private constructor(server: AortaServer, ports: { udpPort: number; tcpPort: number }, log: readonly string[]) {
    this.server = server;
    this.udpPort = ports.udpPort;
    this.tcpPort = ports.tcpPort;
    this.log = log;
    this.#phones = [];
  }

  /** Starts a server with a configuration that has no errors. */
  static async start(text: string, surroundings: CfgSurroundings = {}): Promise<CfgServer> {
    const log: string[] = [];
    const loaded = load(text, surroundings);
    const own = optionsOfCfg(loaded, surroundings.listen);
    const made = await surroundings.made?.(loaded);
    const options = { ...own, ...made, ...(own.listen && { listen: own.listen }) };
    const { server, udpPort, tcpPort } = await startServer(options, { logger: loggerTo(log) });
    return new CfgServer(server, { udpPort, tcpPort }, log);
  }

  /** A phone that talks to it, by its first UDP port unless another is given. */
  async phone(user: string, { domain, port }: { domain?: string; port?: number } = {}): Promise<Phone> {
    const phone = await Phone.open(user, port ?? this.udpPort, domain);
    this.#phones.push(phone);
    return phone;
  }

  /** A phone whose user has registered it. */
  async registered(user: string, contact?: (phone: Phone) => string): Promise<Phone> {
    const phone = await this.phone(user);
    const reply = await phone.register([contact?.(phone) ?? `<${phone.contact}>`]);
    assert.equal(reply.status, 200, `${reply.status} ${reply.reason}`);
    return phone;
  }

  /** The log's entries that match. */
  logged(pattern: RegExp): readonly string[] {
    return this.log.filter((entry) => pattern.test(entry));
  }

  async stop(): Promise<void> {
    for (const phone of this.#phones) phone.close();
    await this.server.stop();
  }
}

/** Runs a configuration for as long as `body` takes. */
export async function withCfg(
  text: string,
  body: (running: CfgServer) => Promise<void>,
  surroundings: CfgSurroundings = {},
): Promise<void> {
  const running = await CfgServer.start(text, surroundings);
  try {
    await body(running);
  } finally {
    await running.stop();
  }
}

/** Loads a configuration that must have no errors. */
export function load(text: string, { name = 'test.cfg', readFile, previous }: CfgSurroundings = {}): LoadedCfg {
  const loaded = loadCfgText(name, text, {
    ...(readFile && { readFile }),
    ...(previous && { shared: previous.shared }),
  });
  assert.deepEqual(errorsOf(loaded), []);
  return loaded;
}

/** The errors of a configuration, as they are printed. */
export function errorsOf({ diagnostics }: LoadedCfg): string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(formatDiagnostic);
}

/** The options of a server that runs it, on free ports. */
export function optionsOfCfg(loaded: LoadedCfg, listen?: readonly string[]): AortaOptions {
  return {
    ...loaded.options,
    listen: listen ?? ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'],
    routes: loaded.routes,
  };
}

function loggerTo(log: string[]): Logger {
  const entry = (level: string) => (message: string, fields?: unknown) => {
    log.push(`${level}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`);
  };
  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
}

/** The contacts of a 200 as `uri` → parameters. */
export function contactsOf(response: SipResponse): Map<string, string> {
  assert.equal(response.status, 200, `${response.status} ${response.reason}`);
  const found = new Map<string, string>();
  for (const value of response.values('contact')) {
    const end = value.indexOf('>');
    found.set(value.slice(1, end), value.slice(end + 1));
  }
  return found;
}
