import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnPinned } from '../system/pinned.ts';
import { awaitAnswer, freePort, ServerUnderTest, stopProcess } from './server.ts';

const START_MS = 20_000;
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
// Room for the transactions of half a minute of relaying: `-x fm` searches its free lists when memory gets short,
// which would be measured instead. Pages that are not used cost nothing.
const TRANSACTION_MEGABYTES = 4096;

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
}

/** The version line of the installed program; undefined when there is none. */
export function kamailioVersion(): string | undefined {
  try {
    return /version: (.*)/.exec(execFileSync('kamailio', ['-v'], { encoding: 'utf8' }))?.[1]?.trim();
  } catch {
    return undefined;
  }
}

/** Starts Kamailio with one worker and bindings in memory, and waits until it answers. */
export async function startKamailio(options: KamailioOptions): Promise<ServerUnderTest> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'aorta-bench-kamailio-'));
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(config, configText(port, options));
  const sharedMegabytes = Math.ceil(TRANSACTION_MEGABYTES + options.users * 0.002);
  const allocator = options.allocator === 'tuned' ? ['-x', 'fm', '-X', 'fm'] : [];
  const memory = ['-m', String(sharedMegabytes), '-M', '64'];
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
    await awaitAnswer(port, START_MS, child);
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

function configText(port: number, options: KamailioOptions): string {
  const tcp = options.transport === 'tcp';
  return `#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=1
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
loadmodule "usrloc.so"
loadmodule "registrar.so"
${options.sanity ? 'loadmodule "sanity.so"' : ''}

modparam("usrloc", "db_mode", 0)
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
