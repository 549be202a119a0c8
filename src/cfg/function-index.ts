import { didYouMean } from '../base/did-you-mean.ts';
import type { Span } from '../script/source.ts';
import type { BindingProblem, BindingSite, BoundArgument, CfgCall, CfgModule } from './cfg-function.ts';
import { coreCommands } from './core/index.ts';
import { functionsComeFrom, moduleOf, outsideFunctions } from './module-catalogue.ts';
import type { BlockKind } from './run.ts';
import type { Step } from './run-state.ts';
import type { Unit } from './unit.ts';

/** Where a core command is bound: it may ask more than a module's function. */
export interface CoreSite extends BindingSite {
  readonly unit: Unit;
  readonly span: Span;
}

/** One spelling of a function: a module's, or a core command. */
export interface Overload {
  readonly name: string;
  readonly arity: readonly [least: number, most: number];
  readonly blocks: readonly BlockKind[];
  readonly doc: string;
  readonly returns: string;
  readonly bind: (args: readonly BoundArgument[], site: CoreSite) => Step | CfgCall | BindingProblem;
}

/** What a name in a configuration means. */
export type FoundFunction =
  | { readonly kind: 'function'; readonly overloads: readonly Overload[] }
  | { readonly kind: 'not-loaded'; readonly module: string }
  | {
      readonly kind: 'outside';
      readonly module: string;
      /** Whether leaving it out loses something that somebody counts on. */
      readonly loses: boolean;
      readonly lost: string;
      /** What the call returns instead. */
      readonly returns: 1 | -1;
    };

/** Commands of SER that are others by now (cfg-language §8). */
const oldNames: ReadonlyMap<string, string> = new Map([
  ['rewriteFromRoute', 'loose_route'],
  ['addRecordRoute', 'record_route'],
  ['t_on_negative', 't_on_failure'],
  ['save_contact', 'save'],
  ['lookup_contact', 'lookup'],
]);

/** The name by which a function goes today. */
export function presentName(name: string): string {
  return oldNames.get(name) ?? name;
}

/** The functions that one configuration can call. */
export class FunctionIndex {
  readonly #callable: Map<string, Overload[]>;
  readonly #known: Map<string, string>;
  readonly #meant: Map<string, string | undefined>;
  readonly #loaded: ReadonlySet<string>;
  /** Modules that were loaded and that this server knows nothing of. */
  readonly unknownModules: readonly string[];

  /**
   * @param modules the functions of all modules
   * @param loaded the names of those that the configuration has loaded, without `.so`
   */
  constructor(modules: readonly CfgModule[], loaded: readonly string[]) {
    this.#callable = new Map();
    this.#known = new Map();
    this.#meant = new Map();
    for (const command of coreCommands) this.#add(command.name, command);
    const open = new Set(loaded.flatMap(functionsComeFrom));
    for (const { name, functions } of modules) {
      for (const overload of functions) {
        if (open.has(name)) this.#add(overload.name, overload);
        else if (!this.#known.has(overload.name)) this.#known.set(overload.name, name);
      }
    }
    this.unknownModules = loaded.filter(
      (name) => moduleOf(name) === undefined && !modules.some((one) => one.name === name),
    );
    this.#loaded = new Set(loaded);
  }

  find(name: string): FoundFunction | undefined {
    const outside = this.#findOutside(name);
    if (outside?.kind === 'outside') return outside;
    const overloads = this.#callable.get(name);
    if (overloads !== undefined) return { kind: 'function', overloads };
    if (outside !== undefined) return outside;
    const module = this.#known.get(name);
    if (module !== undefined) return { kind: 'not-loaded', module };
    const present = oldNames.get(name);
    return present === undefined ? undefined : this.find(present);
  }

  /** The function that somebody who wrote `name` most likely meant. */
  meant(name: string): string | undefined {
    if (!this.#meant.has(name)) this.#meant.set(name, didYouMean(name, this.#callable.keys()));
    return this.#meant.get(name);
  }

  #add(name: string, overload: Overload): void {
    const known = this.#callable.get(name);
    // A core command is not replaced by a module's function of the same name, only by another number of arguments.
    if (known === undefined) this.#callable.set(name, [overload]);
    else known.push(overload);
  }

  #findOutside(name: string): FoundFunction | undefined {
    const places = outsideFunctions(name);
    const [first] = places;
    if (first === undefined) return undefined;
    for (const { module, function: found } of places) {
      const isLoaded = this.#loaded.has(module.name) || module.aliases?.some((alias) => this.#loaded.has(alias));
      if (!isLoaded) continue;
      const { loses, returns, lost = module.missing } = found;
      return { kind: 'outside', module: module.name, loses, returns, lost };
    }
    return this.#known.has(name) ? undefined : { kind: 'not-loaded', module: first.module.name };
  }
}
