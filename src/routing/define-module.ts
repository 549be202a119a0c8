import { camelCase, type OptionsOf, type Parameter, type ParameterValue } from './parameter.ts';

/** Where a function may be called. */
export type RouteKind = 'request' | 'failure' | 'branch' | 'reply';

/** One row of a module's table of functions. */
export interface ModuleFunction {
  /** The method of the TypeScript interface. */
  readonly method: string;
  /** Names of the arguments as openser.cfg has them. */
  readonly args: readonly string[];
  readonly routes: readonly RouteKind[];
  /** One sentence for the docs. */
  readonly doc: string;
  /** What it returns in openser.cfg's terms. */
  readonly returns: string;
  /** The paragraph of the manual it comes from. */
  readonly manual?: string;
  /** A line of TypeScript for the docs. */
  readonly example: string;
}

/** The table that a module is: options, checks, `--set` and docs come from it. */
export interface ModuleDefinition<
  P extends Readonly<Record<string, Parameter>> = Readonly<Record<string, Parameter>>,
  F extends Readonly<Record<string, ModuleFunction>> = Readonly<Record<string, ModuleFunction>>,
> {
  readonly name: string;
  readonly doc: string;
  readonly parameters: P;
  readonly functions: F;
}

/** Gives a module's table its exact type. */
export function defineModule<
  const P extends Readonly<Record<string, Parameter>>,
  const F extends Readonly<Record<string, ModuleFunction>>,
>(definition: ModuleDefinition<P, F>): ModuleDefinition<P, F> {
  return definition;
}

/** The options of a module in TypeScript, all present. */
export type ModuleOptions<M extends ModuleDefinition> = OptionsOf<M['parameters']>;

/** The options of a module as a user writes them: any of them. */
export type PartialModuleOptions<M extends ModuleDefinition> = Partial<ModuleOptions<M>>;

/** The options of a module when nothing is said. */
export function defaultsOf<M extends ModuleDefinition>(module: M): ModuleOptions<M> {
  const defaults: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(module.parameters)) defaults[camelCase(name)] = parameter.default;
  // The names and types are computed from the very table that was walked.
  return defaults as ModuleOptions<M>;
}
