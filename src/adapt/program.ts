import { coreCommands } from '../cfg/core/index.ts';
import { presentName } from '../cfg/function-index.ts';
import { cfgModules } from '../cfg/functions/index.ts';
import type { BlockKind } from '../cfg/run.ts';
import { mayBeZero, mayWait } from '../cfg/typed/function-names.ts';
import type { Unit } from '../cfg/unit.ts';
import type { Call, RouteBlock, Statement } from '../script/ast.ts';
import { Liveness, routeName } from './liveness.ts';
import { eachCall } from './walk.ts';

/** What a call in a configuration is here. */
export type Meaning =
  | { readonly kind: 'route'; readonly name: string }
  | { readonly kind: 'some-route' }
  | {
      readonly kind: 'function';
      readonly mayEnd: boolean;
      readonly waits: boolean;
      /** Whether it is of the program around, and has no method. */
      readonly isForeign: boolean;
    }
  /** It has no effect, and always returns the same. */
  | { readonly kind: 'nothing'; readonly code: 1 | -1; readonly why: string };

/** One block as one function: a route is another one in a failure block than in a request block. */
export interface Use {
  readonly key: string;
  readonly name: string;
  readonly kind: BlockKind;
  readonly block: RouteBlock;
  /** Whether tm runs it, rather than another route. */
  readonly isEntry: boolean;
}

const known: ReadonlySet<unknown> = new Set([...coreCommands, ...cfgModules.flatMap(({ functions }) => functions)]);

/** The blocks of a configuration, and what is known of them before anything is printed. */
export class Program {
  readonly unit: Unit;
  readonly uses: ReadonlyMap<string, Use>;
  readonly liveness: Liveness;
  readonly #waiting: ReadonlySet<string>;
  readonly #mayEnd: ReadonlySet<string>;
  readonly #alwaysEnd: Map<string, boolean>;
  readonly #resultUsed: ReadonlySet<string>;
  readonly #recursive: ReadonlySet<string>;

  constructor(unit: Unit, blocks: readonly RouteBlock[]) {
    this.unit = unit;
    this.uses = this.#findUses();
    this.liveness = new Liveness(unit.routes.routes, blocks);
    this.#alwaysEnd = new Map();
    this.#waiting = this.#spread((meaning) => meaning.kind === 'function' && meaning.waits);
    this.#recursive = this.#findRecursive();
    this.#mayEnd = this.#spread((meaning) => meaning.kind === 'function' && meaning.mayEnd && !unit.isSer, true);
    this.#resultUsed = this.#findUsedResults();
  }

  /** What a call means in a kind of block. */
  meaningOf(call: Call, kind: BlockKind): Meaning {
    if (call.name === 'route') return this.#routeMeaning(call);
    const found = this.unit.functions.find(call.name);
    // The configuration was loaded without an error, so there is one.
    if (found === undefined || found.kind === 'not-loaded') return { kind: 'nothing', code: 1, why: 'is not known' };
    if (found.kind === 'outside') return { kind: 'nothing', code: found.returns, why: found.lost };
    const fitting = found.overloads.filter(
      ({ arity: [least, most] }) => call.args.length >= least && call.args.length <= most,
    );
    const overload = fitting.find(({ blocks }) => blocks.includes(kind));
    if (overload === undefined) return { kind: 'nothing', code: -1, why: `cannot be used in a ${kind} route` };
    const noEffect = /^No effect: (.*)\.$/.exec(overload.doc)?.[1];
    if (noEffect !== undefined && overload.returns === '1') return { kind: 'nothing', code: 1, why: noEffect };
    const isForeign = !known.has(overload);
    const canWait = kind === 'request' || kind === 'failure';
    return {
      kind: 'function',
      mayEnd: isForeign || mayBeZero(overload.returns),
      waits: canWait && (isForeign || mayWait(presentName(call.name))),
      isForeign,
    };
  }

  /** The function that a route call goes to. */
  use(name: string, kind: BlockKind): Use | undefined {
    return this.uses.get(`${kind} ${name}`);
  }

  waits({ key }: Use): boolean {
    return this.#waiting.has(key);
  }

  mayEnd({ key }: Use): boolean {
    return this.#mayEnd.has(key);
  }

  /** Whether nothing that follows a call of it is ever reached. */
  alwaysEnds({ key, block, kind }: Use): boolean {
    const before = this.#alwaysEnd.get(key);
    if (before !== undefined) return before;
    this.#alwaysEnd.set(key, false);
    const ends = !this.unit.isSer && this.listEnds(block.body.statements, kind);
    this.#alwaysEnd.set(key, ends);
    return ends;
  }

  /** Whether a statement ends the script whatever happens. */
  statementEnds(statement: Statement, kind: BlockKind): boolean {
    switch (statement.kind) {
      case 'exit':
        return true;
      case 'drop':
        return !(this.unit.isSer && kind === 'request');
      case 'return':
        return statement.value?.kind === 'number' && statement.value.value === 0;
      case 'block':
        return this.listEnds(statement.statements, kind);
      case 'if': {
        const { branches, otherwise } = statement;
        if (otherwise === undefined) return false;
        return [otherwise, ...branches.map(({ body }) => body)].every(({ statements }) =>
          this.listEnds(statements, kind),
        );
      }
      case 'call': {
        const meaning = this.meaningOf(statement, kind);
        const use = meaning.kind === 'route' ? this.use(meaning.name, kind) : undefined;
        return use !== undefined && !this.isRecursive(use) && this.alwaysEnds(use);
      }
      default:
        return false;
    }
  }

  /** Whether a list of statements ends the script, and is left in no other way before. */
  listEnds(statements: readonly Statement[], kind: BlockKind): boolean {
    for (const statement of statements) {
      if (this.statementEnds(statement, kind)) return true;
      if (leaves(statement)) return false;
    }
    return false;
  }

  /** Whether somebody looks at the number that the route returns, beyond whether it is 0. */
  isResultUsed({ key }: Use): boolean {
    return this.#resultUsed.has(key);
  }

  isRecursive({ name }: Use): boolean {
    return this.#recursive.has(name);
  }

  #routeMeaning({ args: [argument] }: Call): Meaning {
    const name = argument && routeName(argument);
    if (name === undefined) return { kind: 'some-route' };
    if (this.unit.routes.routes.has(name)) return { kind: 'route', name };
    return { kind: 'nothing', code: 1, why: 'there is no such route' };
  }

  #findUses(): ReadonlyMap<string, Use> {
    const uses = new Map<string, Use>();
    const add = (name: string, kind: BlockKind, block: RouteBlock, isEntry: boolean): void => {
      const key = isEntry && kind !== 'request' ? `${kind} entry ${name}` : `${kind} ${name}`;
      if (uses.has(key)) return;
      uses.set(key, { key, name, kind, block, isEntry });
      eachCall(block.body, (call) => {
        const meaning = this.meaningOf(call, kind);
        const names =
          meaning.kind === 'route'
            ? [meaning.name]
            : meaning.kind === 'some-route'
              ? this.unit.routes.routes.keys()
              : [];
        for (const called of names) {
          const target = this.unit.routes.routes.get(called);
          if (target !== undefined) add(called, kind, target, called === '' && kind === 'request');
        }
      });
    };
    const main = this.unit.routes.routes.get('');
    if (main !== undefined) add('', 'request', main, true);
    for (const kind of ['failure', 'branch', 'reply'] as const) {
      for (const [name, block] of this.unit.routes.entries(kind)) add(name, kind, block, true);
    }
    return uses;
  }

  /** The blocks in which something holds for a call, and those that call them. */
  #spread(holds: (meaning: Meaning) => boolean, ends = false): ReadonlySet<string> {
    const found = new Set<string>();
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const use of this.uses.values()) {
        if (!found.has(use.key) && ((ends && this.#endsByItself(use)) || this.#calls(use, holds, found)))
          found.add(use.key);
      }
    }
    return found;
  }

  #calls({ block, kind }: Use, holds: (meaning: Meaning) => boolean, found: ReadonlySet<string>): boolean {
    let any = false;
    eachCall(block.body, (call) => {
      const meaning = this.meaningOf(call, kind);
      if (holds(meaning)) any = true;
      if (meaning.kind === 'route' && found.has(`${kind} ${meaning.name}`)) any = true;
      if (meaning.kind === 'some-route' && [...found].some((key) => key.startsWith(`${kind} `))) any = true;
    });
    return any;
  }

  #endsByItself(use: Use): boolean {
    return this.isRecursive(use) || hasEnd(use.block.body, this.unit.isSer && use.kind === 'request');
  }

  #findRecursive(): ReadonlySet<string> {
    const calls = new Map<string, Set<string>>();
    for (const { name, block, kind, isEntry } of this.uses.values()) {
      if (isEntry && kind !== 'request') continue;
      const called = calls.get(name) ?? new Set();
      calls.set(name, called);
      eachCall(block.body, (call) => {
        const meaning = this.meaningOf(call, kind);
        if (meaning.kind === 'route') called.add(meaning.name);
        else if (meaning.kind === 'some-route') for (const any of this.unit.routes.routes.keys()) called.add(any);
      });
    }
    const reaches = (from: string, to: string, seen: Set<string>): boolean => {
      for (const next of calls.get(from) ?? []) {
        if (next === to) return true;
        if (seen.has(next)) continue;
        seen.add(next);
        if (reaches(next, to, seen)) return true;
      }
      return false;
    };
    return new Set([...calls.keys()].filter((name) => reaches(name, name, new Set())));
  }

  #findUsedResults(): ReadonlySet<string> {
    const used = new Set<string>();
    const mark = (call: Call, kind: BlockKind): void => {
      const meaning = this.meaningOf(call, kind);
      if (meaning.kind === 'route') used.add(`${kind} ${meaning.name}`);
      if (meaning.kind === 'some-route') for (const name of this.unit.routes.routes.keys()) used.add(`${kind} ${name}`);
    };
    for (let before = -1; before !== used.size; ) {
      before = used.size;
      for (const use of this.uses.values()) {
        const plain = new Set<Call>();
        eachStatement(use.block.body, (statement) => {
          if (statement.kind === 'call') plain.add(statement);
        });
        eachCall(use.block.body, (call) => {
          const isRead = !plain.has(call) || this.liveness.after(call) || (!use.isEntry && used.has(use.key));
          if (isRead) mark(call, use.kind);
        });
      }
    }
    return used;
  }
}

/** Whether a statement may leave its route, or the loop or switch around it, without ending the script. */
function leaves(statement: Statement, isInside = false): boolean {
  switch (statement.kind) {
    case 'return':
      return statement.value?.kind !== 'number' || statement.value.value !== 0;
    case 'break':
      return !isInside;
    case 'block':
      return statement.statements.some((one) => leaves(one, isInside));
    case 'if': {
      const { branches, otherwise } = statement;
      const bodies = [...branches.map(({ body }) => body), ...(otherwise === undefined ? [] : [otherwise])];
      return bodies.some(({ statements }) => statements.some((one) => leaves(one, isInside)));
    }
    case 'while':
      return statement.body.statements.some((one) => leaves(one, true));
    case 'switch':
      return statement.cases.some(({ statements }) => statements.some((one) => leaves(one, true)));
    default:
      return false;
  }
}

// A loop that does not end is ended.
function hasEnd(node: object, isSerRequest: boolean): boolean {
  let found = false;
  eachStatement(node, ({ kind, ...statement }) => {
    if (kind === 'exit' || kind === 'while' || (kind === 'drop' && !isSerRequest)) found = true;
    if (kind !== 'return' || !('value' in statement) || statement.value === undefined) return;
    if (statement.value.kind !== 'number' || statement.value.value === 0) found = true;
  });
  return found;
}

function eachStatement(node: object, visit: (statement: Statement) => void): void {
  if ('statements' in node && Array.isArray(node.statements))
    for (const one of node.statements as Statement[]) visit(one);
  for (const [name, value] of Object.entries(node)) {
    if (name === 'span' || name === 'nameSpan' || name === 'pv' || name === 'pieces') continue;
    if (typeof value === 'object' && value !== null) eachStatement(value as object, visit);
  }
}
