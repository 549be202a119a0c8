import type { CfgModule } from '../cfg-function.ts';
import { coreCommands } from '../core/index.ts';
import { cfgModules } from '../functions/index.ts';

/** A function of openser.cfg as a method of a script; its spellings by number of arguments together. */
export interface ScriptFunction {
  readonly name: string;
  /** The core's is ''. */
  readonly module: string;
  readonly least: number;
  readonly most: number;
  readonly docs: readonly string[];
  readonly returns: readonly string[];
  /** Whether it may have to wait for a store. */
  readonly waits: boolean;
  /** Whether its return code may be 0, which ends the script. */
  readonly mayEnd: boolean;
}

const waiting: ReadonlySet<string> = new Set(['lookup', 'registered', 'save', 'save_memory', 'save_noreply']);

type Row = Pick<CfgModule['functions'][number], 'name' | 'arity' | 'doc' | 'returns'>;

/** All functions, from the tables that configurations are compiled with. */
export function functionNames(modules: readonly CfgModule[] = cfgModules): readonly ScriptFunction[] {
  const rows: (readonly [module: string, row: Row])[] = coreCommands.map((row) => ['', row] as const);
  for (const { name, functions } of modules) for (const row of functions) rows.push([name, row]);
  const byName = new Map<string, ScriptFunction>();
  for (const [module, row] of rows) {
    if (isRefused(row.returns)) continue;
    const known = byName.get(row.name);
    const [least, most] = row.arity;
    byName.set(row.name, {
      name: row.name,
      module: known?.module ?? module,
      least: Math.min(known?.least ?? least, least),
      most: Math.max(known?.most ?? most, most),
      docs: withOne(known?.docs, row.doc),
      returns: withOne(known?.returns, row.returns),
      waits: mayWait(row.name),
      mayEnd: (known?.mayEnd ?? false) || mayBeZero(row.returns),
    });
  }
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `1 when it was applied; 0 when not`: the table says when a function returns 0. */
export function mayBeZero(returns: string): boolean {
  return /(?:^|; )0\b/.test(returns);
}

/** Whether a function asks the location store, or writes to it, and so may have to wait. */
export function mayWait(name: string): boolean {
  return waiting.has(name);
}

/** Some names are there only so that a configuration hears why they cannot be called. */
export function isRefused(returns: string): boolean {
  return returns.startsWith('nothing:');
}

function withOne(texts: readonly string[] = [], text: string): readonly string[] {
  return texts.includes(text) ? texts : [...texts, text];
}
