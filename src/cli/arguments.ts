import type { AortaOptions } from '../server/options.ts';
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../server/pino-logger.ts';
import { didYouMean, type Problem } from '../server/problem.ts';
import { type DbArguments, dbUsage, readDb } from './db/arguments.ts';
import { oneOf, parse, text, texts, type Values } from './parse-arguments.ts';
import { readUl, type UlArguments, ulUsage } from './ul/arguments.ts';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'start'; readonly start: StartArguments }
  | { readonly name: 'check'; readonly check: CheckArguments }
  | { readonly name: 'adapt'; readonly adapt: AdaptArguments }
  | { readonly name: 'db'; readonly db: DbArguments }
  | { readonly name: 'ul'; readonly ul: UlArguments }
  | { readonly name: 'wrong'; readonly problems: readonly Problem[] };

/** The arguments of `aorta start`. */
export interface StartArguments {
  readonly file: string | undefined;
  /** Options of the command line; they win over the file's. */
  readonly options: AortaOptions;
  /** Undefined: the file's, else info. */
  readonly logLevel: LogLevel | undefined;
  readonly logFormat: LogFormat;
  /** What an openser.cfg asks for and this server cannot do is a warning. */
  readonly lenient: boolean;
}

/** How `aorta check` prints. */
export const checkFormats = ['text', 'json'] as const;

/** The arguments of `aorta check`. */
export interface CheckArguments {
  readonly file: string;
  readonly format: (typeof checkFormats)[number];
  readonly lenient: boolean;
}

/** The arguments of `aorta adapt`. */
export interface AdaptArguments {
  readonly file: string;
  readonly lenient: boolean;
}

const startOptions = {
  listen: { type: 'string', multiple: true },
  domain: { type: 'string', multiple: true },
  db: { type: 'string' },
  'db-mode': { type: 'string' },
  set: { type: 'string', multiple: true },
  admin: { type: 'string' },
  'admin-token': { type: 'string' },
  'log-level': { type: 'string' },
  'log-format': { type: 'string' },
  lenient: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const checkOptions = {
  format: { type: 'string' },
  lenient: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const adaptOptions = {
  lenient: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const usage = `usage: aorta start [FILE] [options]
       aorta check FILE [--format text|json] [--lenient]
       aorta adapt FILE [--lenient]
${dbUsage}
${ulUsage}

FILE: an openser.cfg (SER, OpenSER, Kamailio, OpenSIPS) or an aorta.config.ts; without one, the built-in default.
SIGHUP loads it anew: bindings, connections and calls stay, and a broken one changes nothing.

  --listen udp:127.0.0.1:5060    where to listen; repeatable; udp, tcp; IPv6 in brackets; port 0 picks one
  --domain example.org           a domain that is ours; repeatable; without any, every domain is
  --set registrar.max_contacts=2 any module parameter, by its openser.cfg name; repeatable
  --db sqlite:location.db        where bindings are kept; or postgres://… mysql://… memory:
  --db-mode write-through        when they are written: write-through (before the answer), write-back, db-only, none
  --admin 127.0.0.1:8060         where the admin API listens; IPv6 in brackets; port 0 picks one; off
  --admin-token TOKEN            what whoever asks it has to have; rather in the environment: AORTA_ADMIN_TOKEN
  --log-level info               debug, info, warn, error, silent
  --log-format pretty            pretty or json; logs go to stderr
  --lenient                      what an openser.cfg asks for and this server cannot do is a warning, not an error

aorta --version
aorta --help
`;

const commands = ['start', 'check', 'adapt', 'db', 'ul', '--help', '--version'];

/** Reads the command line. Every problem of it is in the answer, with its remedy; nothing is thrown. */
export function readArguments(args: readonly string[]): Command {
  const [command = '--help', ...rest] = args;
  if (command === '--help' || command === '-h' || command === 'help') return { name: 'help' };
  if (command === '--version' || command === '-v') return { name: 'version' };
  if (command === 'check') return readCheck(rest);
  if (command === 'adapt') return readAdapt(rest);
  if (command === 'db') return readDb(rest);
  if (command === 'ul') return readUl(rest);
  if (command !== 'start') {
    const message = `there is no such command${didYouMean(command, commands)}; aorta --help lists them`;
    return { name: 'wrong', problems: [{ place: command, message }] };
  }
  return readStart(rest);
}

function readStart(args: readonly string[]): Command {
  const { values, positionals, problems } = parse(args, startOptions);
  if (values.help) return { name: 'help' };
  if (positionals.length > 1) {
    problems.push({ place: positionals.join(' '), message: 'only one FILE can be run' });
  }
  const level = text(values['log-level']);
  const logLevel = level === undefined ? undefined : oneOf(level, logLevels, '--log-level', problems);
  const logFormat = oneOf(text(values['log-format']) ?? 'pretty', logFormats, '--log-format', problems);
  if (problems.length > 0) return { name: 'wrong', problems };
  const lenient = values.lenient === true;
  return { name: 'start', start: { file: positionals[0], options: optionsOf(values), logLevel, logFormat, lenient } };
}

function readCheck(args: readonly string[]): Command {
  const { values, positionals, problems } = parse(args, checkOptions);
  if (values.help) return { name: 'help' };
  const [file, ...more] = positionals;
  if (file === undefined) problems.push({ place: 'check', message: 'needs a FILE; see aorta --help' });
  if (more.length > 0) problems.push({ place: positionals.join(' '), message: 'only one FILE can be checked' });
  const format = oneOf(text(values.format) ?? 'text', checkFormats, '--format', problems);
  if (file === undefined || problems.length > 0) return { name: 'wrong', problems };
  return { name: 'check', check: { file, format, lenient: values.lenient === true } };
}

function readAdapt(args: readonly string[]): Command {
  const { values, positionals, problems } = parse(args, adaptOptions);
  if (values.help) return { name: 'help' };
  const [file, ...more] = positionals;
  if (file === undefined) problems.push({ place: 'adapt', message: 'needs a FILE; see aorta --help' });
  if (more.length > 0) problems.push({ place: positionals.join(' '), message: 'only one FILE can be adapted' });
  if (file === undefined || problems.length > 0) return { name: 'wrong', problems };
  return { name: 'adapt', adapt: { file, lenient: values.lenient === true } };
}

function optionsOf(values: Values): AortaOptions {
  const given = {
    listen: texts(values.listen),
    domains: texts(values.domain),
    set: texts(values.set),
    db: text(values.db),
    dbMode: text(values['db-mode']),
    admin: text(values.admin),
    adminToken: text(values['admin-token']),
  };
  // Words that mean nothing are found by resolveOptions, together with those of the file.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as AortaOptions;
}
