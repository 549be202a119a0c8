import type { RoutesFactory } from '../modules/routes.ts';
import type { AvpName } from '../routing/avps.ts';
import type { GlobalSetting, LoadModule, ModuleParameter, RouteBlock } from '../script/ast.ts';
import type { Diagnostic } from '../script/diagnostic.ts';
import { DiagnosticList } from '../script/diagnostic-list.ts';
import type { Dialect } from '../script/dialect.ts';
import { type ParsedScript, parseScript } from '../script/parser.ts';
import type { ReadFile } from '../script/read-file.ts';
import { SourceFile, type Span } from '../script/source.ts';
import { type AddressesOf, type AppliedSettings, applySettings, type CfgLogLevel } from './apply-settings.ts';
import type { CfgModule } from './cfg-function.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkFlow } from './check-flow.ts';
import { compileBlocks, compiler, routesOf } from './compile.ts';
import { FlagNames } from './flag-names.ts';
import { FunctionIndex } from './function-index.ts';
import { cfgModules } from './functions/index.ts';
import { loadModules } from './load-modules.ts';
import { type ModuleValues, readParameters } from './module-parameters.ts';
import { Myself } from './myself.ts';
import { Report } from './report.ts';
import { RouteTable } from './route-table.ts';
import { Unit } from './unit.ts';
import { avpAliasesOf, type CfgValue, templateOf, VariableScope, variableOf } from './variables/index.ts';

/** How a configuration is loaded. */
export interface LoadCfgOptions {
  /** What would be lost is a warning, and the call does nothing. */
  readonly lenient?: boolean;
  /** Definitions of the command line: `{ WITH_NAT: '' }`. */
  readonly defines?: Readonly<Record<string, string>>;
  /** The addresses of this machine that a name in `listen` stands for; without it only addresses are taken. */
  readonly addressesOf?: AddressesOf;
  /** Modules of the program around, beside those that are here; `loadmodule` names them too. */
  readonly modules?: readonly CfgModule[];
  /** `$pp`. */
  readonly processId?: number;
  /** `$shv` of the configuration that this one replaces. */
  readonly shared?: Map<string, CfgValue>;
}

/** The options of a server that a configuration has; `AortaOptions` takes them. */
export type CfgOptions = ModuleValues & {
  readonly listen?: readonly string[];
  readonly domains?: readonly string[];
};

/** A configuration, loaded. With an error among its diagnostics it is not to be run. */
export interface LoadedCfg {
  readonly options: CfgOptions;
  /** Makes its routes for a server. */
  readonly routes: RoutesFactory;
  readonly logLevel: CfgLogLevel | undefined;
  readonly dialect: Dialect;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The root file first, then those that it includes. */
  readonly files: readonly SourceFile[];
  /** `$shv`, for the configuration that replaces this one. */
  readonly shared: Map<string, CfgValue>;
  readonly hasErrors: boolean;
  /** What it was compiled from, for whoever makes something else of it. */
  readonly source: CfgSource;
}

/** A configuration as the compiler sees it. */
export interface CfgSource {
  readonly unit: Unit;
  readonly blocks: readonly RouteBlock[];
  /** Names that are myself on certain ports. */
  readonly portedAliases: ReadonlyMap<string, ReadonlySet<number>>;
  /** The modules that it loads. */
  readonly modules: readonly string[];
}

/** Loads a configuration from a file and those that it includes. Never throws: what is wrong is a diagnostic. */
export function loadCfg(path: string, readFile: ReadFile, options: LoadCfgOptions = {}): LoadedCfg {
  const text = readFile(path);
  if (typeof text === 'string') return loadCfgText(path, text, { ...options, readFile });
  const file = new SourceFile(path, '');
  const span: Span = { file, start: 0, end: 0 };
  const problem = text === undefined ? 'there is no such file' : `the file cannot be read: ${text.problem}`;
  const loaded = loadCfgText(path, '', options);
  const diagnostic: Diagnostic = { severity: 'error', code: 'cannot-read', message: problem, span };
  return { ...loaded, diagnostics: [diagnostic], hasErrors: true };
}

/** Loads a configuration from its text. */
export function loadCfgText(
  path: string,
  text: string,
  options: LoadCfgOptions & { readonly readFile?: ReadFile } = {},
): LoadedCfg {
  const { readFile, defines } = options;
  const parsed = parseScript(path, text, { ...(readFile && { readFile }), ...(defines && { defines }) });
  return loadParsed(parsed, options);
}

function loadParsed(parsed: ParsedScript, options: LoadCfgOptions): LoadedCfg {
  const { script, dialect, files } = parsed;
  const list = new DiagnosticList();
  for (const diagnostic of parsed.diagnostics) list.add(diagnostic);
  const report = new Report(list);
  const blocks = script.items.filter((item): item is RouteBlock => item.kind === 'route');
  const settings = applySettings(
    script.items.filter((item): item is GlobalSetting => item.kind === 'setting'),
    dialect.name,
    report,
    options.addressesOf ?? (() => []),
  );
  for (const item of script.items) {
    if (item.kind !== 'tls-domain') continue;
    report.warning('unsupported-setting', `'${item.keyword}' has no effect: this version has no TLS`, item.span);
  }
  const flagNames = new FlagNames();
  const allModules = [...cfgModules, ...(options.modules ?? [])];
  const own = new Set(allModules.map(({ name }) => name));
  const modules = loadModules(
    script.items.filter((item): item is LoadModule => item.kind === 'loadmodule'),
    own,
    report,
  );
  const parameters = readParameters(
    script.items.filter((item): item is ModuleParameter => item.kind === 'modparam'),
    modules,
    { dialect: dialect.name, report, flagNames, defaultDbUrl: settings.defaultDbUrl },
  );
  const writtenAliases = [...settings.avpAliases, ...parameters.avpAliases];
  const aliases = readAliases(writtenAliases, report);
  const scope = new VariableScope({
    aliases,
    definitions: parsed.definitions,
    settings: settings.own,
    ...(options.processId !== undefined && { processId: options.processId }),
    ...(options.shared && { shared: options.shared }),
  });
  const unit = new Unit({
    compiler,
    dialect: dialect.name,
    report,
    variables: { variable: (pv) => variableOf(pv, scope), template: (pieces) => templateOf(pieces, scope) },
    scope,
    functions: new FunctionIndex(allModules, [...modules.names, ...alwaysLoaded(dialect.name)]),
    routes: new RouteTable(blocks),
    myself: new Myself(settings.portedAliases),
    limits: { whileLoops: settings.whileLoops },
    flagNames,
    parameter: (module, name) =>
      name === 'avp_aliases'
        ? writtenAliases.map(({ text: written }) => written).join(';')
        : parameters.effective(module, name),
    lenient: options.lenient ?? false,
  });
  checkMainRoute(parsed, report);
  checkDialect(parsed, report);
  checkBlocks(blocks, dialect.name, report);
  const compiled = compileBlocks(unit);
  // Where the syntax is broken, what follows from it would be said of what is not there.
  if (!parsed.diagnostics.some(isError)) checkFlow(blocks, report);
  const diagnostics = list.sorted(files);
  return {
    options: optionsOf(settings, parameters.values),
    routes: (surroundings) => routesOf(compiled, surroundings, unit),
    logLevel: settings.logLevel,
    dialect: dialect.name,
    diagnostics,
    files,
    shared: scope.shared,
    hasErrors: diagnostics.some(isError),
    source: { unit, blocks, portedAliases: settings.portedAliases, modules: modules.names },
  };
}

/** A `break` outside of a switch makes a file SER's; it may be a mistake as well (cfg-language §1). */
function checkDialect({ dialect: { name, because } }: ParsedScript, report: Report): void {
  if (name !== 'ser' || because === undefined) return;
  const written = because.file.text.slice(because.start, because.end);
  if (written !== 'break') return;
  const message =
    "a break outside of switch is SER's: break, drop and a result of 0 leave only the route that they stand in";
  report.warning('ser-dialect', message, because, { hint: 'in files of OpenSER, write return or exit' });
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Modules whose functions are there without a loadmodule. */
function alwaysLoaded(dialect: Dialect): readonly string[] {
  return dialect === 'opensips' ? ['core', 'xlog', 'pv', 'kex'] : ['core'];
}

/** A file that was cut off would otherwise be the built-in route, silently. */
function checkMainRoute({ script: { items, span } }: ParsedScript, report: Report): void {
  const end: Span = { file: span.file, start: span.end, end: span.end };
  if (items.length === 0) report.error('empty', 'the file says nothing: no setting, no module, no route', end);
  else if (!items.some(({ kind }) => kind === 'route')) {
    report.warning('no-main-route', 'there is no route { }: the built-in route answers requests', end);
  }
}

function optionsOf(settings: AppliedSettings, values: ModuleValues): CfgOptions {
  const { listen, domains } = settings;
  return { ...values, listen, ...(domains.length > 0 && { domains }) };
}

function readAliases(
  given: readonly { readonly text: string; readonly span: Span }[],
  report: Report,
): ReadonlyMap<string, AvpName> {
  const all = new Map<string, AvpName>();
  for (const { text, span } of given) {
    const aliases = avpAliasesOf(text);
    if ('problem' in aliases) report.error('bad-parameter', aliases.problem, span);
    else for (const [alias, name] of aliases) all.set(alias, name);
  }
  return all;
}
