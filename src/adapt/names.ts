import type { BlockKind } from '../cfg/run.ts';

/** What the generated file uses for other things, and what TypeScript keeps for itself. */
const taken = [
  ...[
    'script',
    'ctx',
    'registrar',
    'tm',
    'sl',
    'rr',
    'maxfwd',
    'nathelper',
    'same',
    'openser',
    'defineConfig',
    'Script',
  ],
  ...['break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum'],
  ...['export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof'],
  ...['interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'public', 'return', 'static', 'super'],
  ...['switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'await', 'async'],
  ...['undefined', 'NaN', 'Infinity', 'eval', 'arguments', 'Number', 'Math', 'Promise', 'process'],
];

/** Variables inside of the generated functions. */
const locals = /^(?:holds|holdsToo|rounds|value|code)\d*$/;

/** Names of functions for the blocks of a configuration. */
export class Names {
  readonly #taken: Set<string>;

  constructor() {
    this.#taken = new Set(taken);
  }

  /** `route[RELAY]` is `relay`, `route[1]` is `route1`, `failure_route[1]` is `failure1`. */
  of(name: string, kind: BlockKind | 'route'): string {
    const base = name === '' ? plain[kind] : nameOf(name, kind);
    let free = base;
    if (this.#taken.has(free) || locals.test(free)) free = `${base}Route`;
    for (let count = 2; this.#taken.has(free); count++) free = `${base}Route${count}`;
    this.#taken.add(free);
    return free;
  }
}

const plain = {
  route: 'route0',
  request: 'request',
  failure: 'failure',
  branch: 'branch',
  reply: 'everyReply',
} as const;
const numbered = { route: 'route', request: 'route', failure: 'failure', branch: 'branch', reply: 'reply' } as const;

function nameOf(name: string, kind: BlockKind | 'route'): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const camel = words.map((word, index) => camelWord(word, index)).join('');
  return /^[A-Za-z]/.test(camel) ? camel : `${numbered[kind]}${camel}`;
}

// `RELAY` is a word that is written in capitals, `sipOut` one that is camel case already.
function camelWord(word: string, index: number): string {
  const lower = word === word.toUpperCase() ? word.toLowerCase() : word;
  const [first = ''] = lower;
  return (index === 0 ? first.toLowerCase() : first.toUpperCase()) + lower.slice(1);
}
