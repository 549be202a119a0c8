import { type AdminAddress, defaultAdminAddress, parseAdminAddress } from '../../admin/admin-address.ts';
import { bindingFlags } from '../../location/binding.ts';
import { didYouMean, type Problem } from '../../server/problem.ts';
import { parse, text } from '../parse-arguments.ts';

/** What `aorta ul` is to do. */
export type UlCommand =
  | { readonly name: 'dump'; readonly table: string | undefined }
  | { readonly name: 'show' | 'rm'; readonly table: string; readonly aor: string }
  | { readonly name: 'add'; readonly table: string; readonly aor: string; readonly contact: NewContact }
  | { readonly name: 'rm-contact'; readonly table: string; readonly aor: string; readonly contact: string }
  | { readonly name: 'flush' | 'stats' };

/** A contact to be added, as the admin API takes it. */
export interface NewContact {
  readonly contact: string;
  /** Seconds from now. */
  readonly expires: number;
  /** 0..1; null for none. */
  readonly q: number | null;
  readonly flags: Readonly<Record<string, true>>;
}

/** The arguments of `aorta ul`. */
export interface UlArguments {
  readonly command: UlCommand;
  readonly server: AdminAddress;
  /** Undefined: that of the environment, if any. */
  readonly token: string | undefined;
  readonly json: boolean;
}

/** How `aorta ul` is read: what to do, help, or everything that is wrong. */
export type UlReading =
  | { readonly name: 'ul'; readonly ul: UlArguments }
  | { readonly name: 'help' }
  | { readonly name: 'wrong'; readonly problems: readonly Problem[] };

/** What `aorta --help` says of it. */
export const ulUsage = `       aorta ul dump [TABLE]                              every address of record that a running server has
       aorta ul show TABLE AOR                            the contacts of one
       aorta ul add TABLE AOR CONTACT EXPIRES Q [FLAGS]   adds a contact; for good with EXPIRES 0 and FLAGS 128
       aorta ul rm TABLE AOR                              removes all contacts of one
       aorta ul rm-contact TABLE AOR CONTACT              removes one contact
       aorta ul flush                                     removes what has expired, writes what waits
       aorta ul stats                                     what was counted
         each with [--admin 127.0.0.1:8060] [--admin-token TOKEN] [--json]`;

const options = {
  admin: { type: 'string' },
  'admin-token': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The arguments of each command; those in brackets may be left out. */
const commands: Readonly<Record<UlCommand['name'], readonly string[]>> = {
  dump: ['[TABLE]'],
  show: ['TABLE', 'AOR'],
  add: ['TABLE', 'AOR', 'CONTACT', 'EXPIRES', 'Q', '[FLAGS]'],
  rm: ['TABLE', 'AOR'],
  'rm-contact': ['TABLE', 'AOR', 'CONTACT'],
  flush: [],
  stats: [],
};

/** Reads what stands behind `aorta ul`. */
export function readUl(args: readonly string[]): UlReading {
  const { values, positionals, problems } = parse(args, options);
  if (values.help) return { name: 'help' };
  const server = parseAdminAddress(text(values.admin) ?? defaultAdminAddress);
  if (typeof server === 'string') problems.push({ place: '--admin', message: server });
  else if (server.port === 0) problems.push({ place: '--admin', message: 'port 0 is nowhere; give the real one' });
  const command = readCommand(positionals, problems);
  if (typeof server === 'string' || command === undefined || problems.length > 0) return { name: 'wrong', problems };
  return { name: 'ul', ul: { command, server, token: text(values['admin-token']), json: values.json === true } };
}

function readCommand([name, ...given]: readonly string[], problems: Problem[]): UlCommand | undefined {
  const names = Object.keys(commands);
  if (name === undefined) {
    problems.push({ place: 'ul', message: `needs a command: ${names.join(', ')}; see aorta --help` });
    return undefined;
  }
  if (!isCommand(name)) {
    problems.push({ place: `ul ${name}`, message: `there is no such command${didYouMean(name, names)}` });
    return undefined;
  }
  const words = commands[name];
  // The stock tool of OpenSER says between q and flags whether to replicate, which means nothing here.
  const args = name === 'add' && given.length === 7 ? withoutReplicate(given, problems) : given;
  const usage = ['aorta ul', name, ...words].join(' ');
  for (const word of words.slice(args.length)) {
    if (!word.startsWith('[')) problems.push({ place: `ul ${name}`, message: `${word} is missing: ${usage}` });
  }
  for (const more of args.slice(words.length)) {
    problems.push({ place: `ul ${name}`, message: `${JSON.stringify(more)} is one argument too many: ${usage}` });
  }
  if (args.length < words.length) checkTexts(words.slice(0, args.length), args, problems);
  else checkTexts(words, args, problems);
  const [table = '', aor = '', contact = ''] = args;
  switch (name) {
    case 'dump':
      return { name, table: args[0] };
    case 'show':
    case 'rm':
      return { name, table, aor };
    case 'rm-contact':
      return { name, table, aor, contact };
    case 'add':
      return { name, table, aor, contact: readContact(args, problems) };
    default:
      return { name };
  }
}

function isCommand(name: string): name is UlCommand['name'] {
  return Object.hasOwn(commands, name);
}

function withoutReplicate(args: readonly string[], problems: Problem[]): string[] {
  const [replicate = ''] = args.slice(5);
  if (!/^[01]$/.test(replicate)) {
    const message = `REPLICATE, between Q and FLAGS, must be 0 or 1, not ${JSON.stringify(replicate)}`;
    problems.push({ place: 'ul add', message });
  }
  return [...args.slice(0, 5), ...args.slice(6)];
}

/** What can be said of names and URIs without asking the server. */
function checkTexts(words: readonly string[], args: readonly string[], problems: Problem[]): void {
  for (const [index, word] of words.entries()) {
    const name = word.replace(/[[\]]/g, '');
    const given = args[index];
    if (given === undefined) continue;
    if (given === '') problems.push({ place: name, message: 'is empty' });
    // The scheme would be part of the user, who would never be found by it.
    if (name === 'AOR' && /^sips?:/i.test(given)) {
      problems.push({
        place: name,
        message: `is written without sip:, as in ${given.replace(/^sips?:/i, '') || 'alice'}`,
      });
    }
    if (name === 'CONTACT' && given.startsWith('<')) {
      problems.push({ place: name, message: 'is written without angle brackets, as in sip:alice@10.0.0.9' });
    }
  }
}

function readContact([, , contact = '', expires, q, flags = '0']: readonly string[], problems: Problem[]): NewContact {
  return {
    contact,
    expires: expires === undefined ? 0 : readExpires(expires, problems),
    q: q === undefined ? null : readQ(q, problems),
    flags: readFlags(flags, problems),
  };
}

function readExpires(given: string, problems: Problem[]): number {
  const expires = Number(given);
  if (!/^\d{1,10}$/.test(given) || expires > 2_147_483_647) {
    const message = `must be seconds from 0 to 2147483647, not ${JSON.stringify(given)}`;
    problems.push({ place: 'EXPIRES', message });
  }
  return expires;
}

function readQ(given: string, problems: Problem[]): number | null {
  if (given === 'none') return null;
  if (!/^(?:0(?:\.\d{1,3})?|1(?:\.0{1,3})?|\.\d{1,3})$/.test(given)) {
    problems.push({ place: 'Q', message: `must be from 0 to 1, as in 0.5, or none, not ${JSON.stringify(given)}` });
  }
  return Number(given);
}

function readFlags(given: string, problems: Problem[]): NewContact['flags'] {
  const known = Object.entries(bindingFlags);
  const all = known.reduce((bits, [, bit]) => bits | bit, 0);
  const bits = /^\d{1,9}$/.test(given) ? Number(given) : -1;
  if (bits < 0 || (bits & ~all) !== 0) {
    const sums = known.map(([name, bit]) => `${bit} ${name}`).join(', ');
    problems.push({ place: 'FLAGS', message: `must be a sum of ${sums}; not ${JSON.stringify(given)}` });
  }
  return Object.fromEntries(known.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => [name, true as const]));
}
