import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnPinned } from '../system/pinned.ts';
import { awaitAnswer, freePort, ServerUnderTest, stopProcess } from './server.ts';
import type { DatabaseMode } from './stored.ts';

const START_MS = 120_000; // a million rows of a database are loaded before it answers
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
// Room for the transactions of half a minute of relaying: `-x fm` searches its free lists when memory gets short,
// which would be measured instead. Pages that are not used cost nothing.
const TRANSACTION_MEGABYTES = 4096;
// A table that is loaded is in its first worker's own memory as a whole before it is in the shared one.
const PRIVATE_MEGABYTES = 64;
const LOADING_MEGABYTES_PER_USER = 0.006;
/** `db_mode`, by its manual. */
const dbModes: Readonly<Record<DatabaseMode, number>> = { 'write-through': 1, 'write-back': 2 };

/** As Aorta's default, so that both promise the same: its own is a minute. */
const WRITE_BACK_SECONDS = 60;

/** How Kamailio is set up for a comparison. */
export interface KamailioOptions {
  readonly core: number;
  /** `tuned`: the fast allocator (`-x fm -X fm`); `package`: the allocators that the Debian package uses. */
  readonly allocator: 'tuned' | 'package';
  readonly transport: 'udp' | 'tcp';
  /** Adds `sanity_check()`, as its sample configuration has it. Off, the comparison favours Kamailio. */
  readonly sanity: boolean;
  /** Users (AoRs) that it will hold: sizes the shared memory and the hash table. */
  readonly users: number;
  /** Where bindings are kept, and when they are written; in memory alone when not given. */
  readonly database?: { readonly url: string; readonly mode: DatabaseMode };
  /** One when not given. */
  readonly workers?: number;
  /** The one to listen on; otherwise one that is free. */
  readonly port?: number;
  /** A user whose binding is in the database: it has started when it knows that. */
  readonly bound?: string;
}

/** The version line of the installed program; undefined when there is none. */
export function kamailioVersion(): string | undefined {
  try {
    return /version: (.*)/.exec(execFileSync('kamailio', ['-v'], { encoding: 'utf8' }))?.[1]?.trim();
  } catch {
    return undefined;
  }
}

/** Starts Kamailio, and waits until it answers. */
export async function startKamailio(options: KamailioOptions): Promise<ServerUnderTest> {
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'aorta-bench-kamailio-'));
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(config, configText(port, options));
  const sharedMegabytes = Math.ceil(TRANSACTION_MEGABYTES + options.users * 0.002);
  const allocator = options.allocator === 'tuned' ? ['-x', 'fm', '-X', 'fm'] : [];
  const loadingMegabytes = options.bound === undefined ? 0 : Math.ceil(options.users * LOADING_MEGABYTES_PER_USER);
  const memory = ['-m', String(sharedMegabytes), '-M', String(PRIVATE_MEGABYTES + loadingMegabytes)];
  const buffer = ['-b', String(RECEIVE_BUFFER_BYTES)];
  const args = ['-DD', '-E', '-f', config, '-Y', folder, '-w', folder, ...memory, ...buffer, ...allocator];
  const child = spawnPinned(options.core, 'kamailio', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('latin1')).slice(-4000);
  });
  child.stdout?.resume();
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    await awaitAnswer(port, START_MS, child, options.bound);
  } catch (error) {
    await stopProcess(child);
    throw new Error(`kamailio did not start: ${String(error)}\n${errors}`);
  }
  return new ServerUnderTest(options.allocator === 'tuned' ? 'Kamailio tuned' : 'Kamailio', port, child);
}

/** Slots of the location's hash table, as a power of two: about four users in each, and never fewer than its default. */
function hashSize(users: number): number {
  return Math.max(10, Math.ceil(Math.log2(Math.max(1, users))) - 2);
}

/** An absolute path begins at the fourth slash (observed). */
function databaseUrl(url: string): string {
  return url.replace(/^sqlite:\//, 'sqlite:////');
}

function configText(port: number, options: KamailioOptions): string {
  const tcp = options.transport === 'tcp';
  const { database } = options;
  return `#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=${options.workers ?? 1}
auto_aliases=no
dns=no
rev_dns=no
listen=udp:127.0.0.1:${port}
${
  tcp
    ? `listen=tcp:127.0.0.1:${port}
tcp_children=1
tcp_max_connections=20000
tcp_connection_lifetime=3600
open_files_limit=20000`
    : 'disable_tcp=yes'
}

loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
${database === undefined ? '' : `loadmodule "db_${new URL(database.url).protocol.slice(0, -1)}.so"`}
loadmodule "usrloc.so"
loadmodule "registrar.so"
${options.sanity ? 'loadmodule "sanity.so"' : ''}

modparam("usrloc", "db_mode", ${database === undefined ? 0 : dbModes[database.mode]})
${
  database === undefined
    ? ''
    : `modparam("usrloc", "db_url", "${databaseUrl(database.url)}")
modparam("usrloc", "preload", "location")`
}
${database?.mode === 'write-back' ? `modparam("usrloc", "timer_interval", ${WRITE_BACK_SECONDS})` : ''}
modparam("usrloc", "hash_size", ${hashSize(options.users)})
modparam("registrar", "default_expires", 3600)
modparam("registrar", "max_expires", 3600)

request_route {
  if (!mf_process_maxfwd_header("70")) { sl_send_reply("483", "Too Many Hops"); exit; }
  ${options.sanity ? 'if (!sanity_check()) exit;' : ''}
  if (method == "REGISTER") { save("location"); exit; }
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  if (method == "MESSAGE") { t_relay(); exit; }
  sl_send_reply("302", "Moved Temporarily");
}
`;
}
