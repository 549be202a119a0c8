import { parseArgs } from 'node:util';
import { isPresent, type ServerKind, serverKinds } from './servers/catalog.ts';

/** What every bench program takes from its command line. */
export interface BenchOptions {
  readonly servers: readonly ServerKind[];
  readonly users: readonly number[];
  readonly measureMs: number;
  readonly warmupMs: number;
  /** Interleaved repetitions; the median counts. */
  readonly rounds: number;
  readonly quick: boolean;
}

/** Defaults of one program. */
export interface BenchDefaults {
  readonly servers: readonly ServerKind[];
  readonly users: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
}

const QUICK_USERS = 10_000;
const QUICK_SECONDS = 0.5;
const MAX_SECONDS = 60;

/** Reads the command line; prints what is wrong and ends the program when something is. */
export function benchOptions(defaults: BenchDefaults): BenchOptions {
  const { values } = parseArgs({
    options: {
      server: { type: 'string', multiple: true },
      users: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const seconds = number(values.seconds, quick ? QUICK_SECONDS : defaults.seconds, 0.1, MAX_SECONDS, '--seconds');
  const users = values.users?.map((text) => number(text, 0, 1, 10_000_000, '--users'));
  const servers = values.server?.map(serverKind) ?? defaults.servers.filter(present);
  if (servers.length === 0) fail('none of the servers is on this machine; see bench/README.md');
  for (const kind of servers) if (!isPresent(kind)) fail(`${kind} is not on this machine; see bench/README.md`);
  return {
    servers,
    users: users ?? (quick ? [...new Set(defaults.users.map((n) => Math.min(n, QUICK_USERS)))] : defaults.users),
    measureMs: seconds * 1000,
    warmupMs: Math.min(500, seconds * 250),
    rounds: number(values.rounds, quick ? 1 : defaults.rounds, 1, 100, '--rounds'),
    quick,
  };
}

function present(kind: ServerKind): boolean {
  if (isPresent(kind)) return true;
  process.stdout.write(`left out: ${kind} is not on this machine\n`);
  return false;
}

function serverKind(text: string): ServerKind {
  return serverKinds.find((kind) => kind === text) ?? fail(`--server ${text}: one of ${serverKinds.join(', ')}`);
}

function number(text: string | undefined, otherwise: number, least: number, most: number, option: string): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  return value >= least && value <= most ? value : fail(`${option} ${text}: a number from ${least} to ${most}`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
