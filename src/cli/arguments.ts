import { parseArgs } from 'node:util';
import type { AortaOptions } from '../server/options.ts';
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../server/pino-logger.ts';
import { didYouMean, type Problem } from '../server/problem.ts';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'start'; readonly start: StartArguments }
  | { readonly name: 'wrong'; readonly problems: readonly Problem[] };

/** The arguments of `aorta start`. */
export interface StartArguments {
  readonly file: string | undefined;
  /** Options of the command line; they win over the file's. */
  readonly options: AortaOptions;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

const startOptions = {
  listen: { type: 'string', multiple: true },
  domain: { type: 'string', multiple: true },
  db: { type: 'string' },
  'db-mode': { type: 'string' },
  set: { type: 'string', multiple: true },
  admin: { type: 'string' },
  'log-level': { type: 'string' },
  'log-format': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const usage = `usage: aorta start [FILE] [options]

FILE: an aorta.config.ts; without one, the built-in default

  --listen udp:127.0.0.1:5060    where to listen; repeatable; udp, tcp; IPv6 in brackets; port 0 picks one
  --domain example.org           a domain that is ours; repeatable; without any, every domain is
  --set registrar.max_contacts=2 any module parameter, by its openser.cfg name; repeatable
  --db memory:                   where bindings are kept
  --db-mode none                 when bindings are written
  --admin off                    the admin API
  --log-level info               debug, info, warn, error, silent
  --log-format pretty            pretty or json; logs go to stderr

aorta --version
aorta --help
`;

const commands = ['start', '--help', '--version'];

/** Reads the command line. Every problem of it is in the answer, with its remedy; nothing is thrown. */
export function readArguments(args: readonly string[]): Command {
  const [command = '--help', ...rest] = args;
  if (command === '--help' || command === '-h' || command === 'help') return { name: 'help' };
  if (command === '--version' || command === '-v') return { name: 'version' };
  if (command !== 'start') {
    const message = `there is no such command${didYouMean(command, commands)}; aorta --help lists them`;
    return { name: 'wrong', problems: [{ place: command, message }] };
  }
  return readStart(rest);
}

function readStart(args: readonly string[]): Command {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: startOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (values.help) return { name: 'help' };
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(startOptions, token.name)) {
      const names = Object.keys(startOptions).map((name) => `--${name}`);
      problems.push({ place: token.rawName, message: `no such option${didYouMean(token.rawName, names)}` });
    } else if (token.value === undefined) {
      problems.push({ place: token.rawName, message: `needs a value; see aorta --help` });
    }
  }
  if (positionals.length > 1) {
    problems.push({ place: positionals.join(' '), message: 'only one FILE can be run' });
  }
  const logLevel = oneOf(text(values['log-level']) ?? 'info', logLevels, '--log-level', problems);
  const logFormat = oneOf(text(values['log-format']) ?? 'pretty', logFormats, '--log-format', problems);
  if (problems.length > 0) return { name: 'wrong', problems };
  return { name: 'start', start: { file: positionals[0], options: optionsOf(values), logLevel, logFormat } };
}

type Values = ReturnType<typeof parseArgs>['values'];

function optionsOf(values: Values): AortaOptions {
  const given = {
    listen: texts(values.listen),
    domains: texts(values.domain),
    set: texts(values.set),
    db: text(values.db),
    dbMode: text(values['db-mode']),
    admin: text(values.admin),
  };
  // Words that mean nothing are found by resolveOptions, together with those of the file.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as AortaOptions;
}

function text(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: Values[string]): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function oneOf<T extends string>(given: string, words: readonly T[], place: string, problems: Problem[]): T {
  const found = words.find((word) => word === given);
  if (found === undefined) {
    problems.push({ place, message: `must be one of ${words.join(', ')}, not ${JSON.stringify(given)}` });
  }
  return found ?? (words[0] as T);
}
