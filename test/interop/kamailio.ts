import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { skipWithoutPackage } from '../support/debian-package.ts';
import { Phone } from '../support/phone.ts';
import { Child } from './child.ts';
import { presentSecond, type RegistrarProgram, type ShownBinding } from './registrar-program.ts';
import { type SharedOptions, sharedConfiguration, sharedEnvironment } from './shared-configuration.ts';
import { waitUntil } from './wait-until.ts';

const program = '/usr/sbin/kamailio';

/** Where Debian puts the statements that make Kamailio's tables. */
const schemas = '/usr/share/kamailio';

/** What Kamailio's manual has an administrator do to make a database: the files of these names, one after the other. */
const schemaFiles = ['standard-create.sql', 'usrloc-create.sql'];

const run = promisify(execFile);

/** Sees to it that Kamailio is installed, with what it needs for SQLite and PostgreSQL; see `skipWithoutPackage`. */
export function skipWithoutKamailio(): string | false {
  const needed = [
    ['kamailio', program],
    ['kamailio-sqlite-modules', join(schemas, 'db_sqlite')],
    ['kamailio-postgres-modules', join(schemas, 'postgres')],
    ['sqlite3', '/usr/bin/sqlite3'],
  ] as const;
  for (const [debianPackage, file] of needed) {
    const missing = skipWithoutPackage({ what: debianPackage, debianPackage, isThere: () => existsSync(file) });
    if (missing !== false) return missing;
  }
  return false;
}

/** The files with which Kamailio's tables are made in a database of that kind. */
export function kamailioSchema(kind: 'db_sqlite' | 'postgres'): readonly string[] {
  return schemaFiles.map((file) => join(schemas, kind, file));
}

/** A Kamailio with as few processes as it can do with, and little memory, in a folder of its own. */
export class Kamailio implements RegistrarProgram {
  readonly name = 'Kamailio';
  readonly udpPort: number;
  readonly #child: Child;
  readonly #folder: string;

  private constructor(udpPort: number, child: Child, folder: string) {
    this.udpPort = udpPort;
    this.#child = child;
    this.#folder = folder;
  }

  /** Starts it and waits until it has loaded its bindings. */
  static async start(options: SharedOptions): Promise<Kamailio> {
    const folder = mkdtempSync(join(tmpdir(), 'kamailio-'));
    const file = join(folder, 'kamailio.cfg');
    writeFileSync(file, sharedConfiguration(options));
    // -DD: the first process neither leaves nor leads another group, so that the child's group is all of them.
    const args = [
      '-DD',
      '-E',
      '-f',
      file,
      '-w',
      folder,
      '-Y',
      folder,
      '-m',
      '16',
      '-M',
      '4',
      '-A',
      `CTL="unix:${ctlOf(folder)}"`,
    ];
    const child = new Child('Kamailio', program, args, { cwd: folder, env: sharedEnvironment });
    const kamailio = new Kamailio(options.port, child, folder);
    try {
      await kamailio.#answers();
    } catch (error) {
      await kamailio.stop();
      throw error;
    }
    return kamailio;
  }

  async bindings(): Promise<ReadonlyMap<string, readonly ShownBinding[]>> {
    const now = presentSecond();
    const shown = new Map<string, ShownBinding[]>();
    for (const [aor, contact] of contactsIn(await this.command('ul.dump'))) {
      if (contact.get('Expires') === 'expired') continue;
      const list = shown.get(aor) ?? [];
      shown.set(aor, list);
      list.push(shownBinding(contact, now));
    }
    return shown;
  }

  async addPermanent(aor: string, contact: string): Promise<void> {
    // Lifetime, q, path (none), flags (128 is OpenSER's permanent), branch flags, methods (all).
    await this.command('ul.add', 'location', aor, contact, '0', '1.0', '.', '128', '0', '-1');
  }

  /** Runs a command of its control socket; rejects with what it says. */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('kamcmd', ['-s', `unix:${ctlOf(this.#folder)}`, '--', ...args], {
      maxBuffer: 2 ** 24,
    });
    return stdout;
  }

  async stop(): Promise<void> {
    await this.#child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  report(): string {
    return this.#child.report();
  }

  async #answers(): Promise<void> {
    const look = async (): Promise<true | undefined> => {
      if (this.#child.exit) throw new Error(`Kamailio ended before it answered\n${this.report()}`);
      return this.command('core.uptime').then(
        () => true,
        () => undefined,
      );
    };
    await waitUntil('an answer of Kamailio', look, () => this.report());
    // The process that answers this one has loaded the table before.
    const asking = await Phone.open('asking', this.udpPort);
    try {
      await asking.ask('OPTIONS', 'sip:nobody@example.invalid');
    } finally {
      asking.close();
    }
  }
}

function ctlOf(folder: string): string {
  return join(folder, 'ctl');
}

/** The contacts in a dump, each as the lines that it has, with the address-of-record it stands below. */
function* contactsIn(dump: string): Generator<[aor: string, contact: ReadonlyMap<string, string>]> {
  let aor = '';
  let contact = new Map<string, string>();
  for (const line of dump.split('\n')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z-]+): (.*)$/.exec(line) ?? [];
    if (name === 'AoR') aor = value;
    if (name === 'Contact') contact = new Map();
    contact.set(name, value);
    // The last one of them.
    if (name === 'Last-Modified') yield [aor, contact];
  }
}

function shownBinding(contact: ReadonlyMap<string, string>, now: number): ShownBinding {
  const text = (name: string): string => contact.get(name) ?? '';
  const number = (name: string): number => Number(contact.get(name));
  const optional = (name: string): string | undefined => (text(name) === '[not set]' ? undefined : text(name));
  const userAgent = text('User-Agent');
  return {
    contact: text('Address'),
    expiresAt: text('Expires') === 'permanent' ? 'permanent' : now + number('Expires'),
    q: number('Q') === -1 ? undefined : number('Q'),
    callId: text('Call-ID'),
    cseq: number('CSeq'),
    userAgent: userAgent === 'n/a' || userAgent === '[not set]' ? '' : userAgent,
    received: optional('Received'),
    path: optional('Path'),
    socket: optional('Socket'),
    methods: number('Methods') === -1 ? undefined : number('Methods'),
    instance: optional('Instance'),
    regId: number('Reg-Id'),
    // nat_bflag is 6.
    isNatted: (number('CFlags') & 64) !== 0,
    ruid: text('Ruid'),
    lastModified: number('Last-Modified'),
  };
}
