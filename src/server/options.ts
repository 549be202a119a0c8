import { type ModuleName, moduleTables } from '../modules/index.ts';
import type { Routes, RoutesFactory } from '../modules/routes.ts';
import { defaultsOf, type ModuleOptions, type PartialModuleOptions } from '../routing/define-module.ts';
import { camelCase, type Parameter, type ParameterValue, readValue } from '../routing/parameter.ts';
import { type ListenAddress, parseListenAddress } from '../transport/listen-address.ts';
import { type AdminOptions, readAdmin } from './admin-options.ts';
import { configError, didYouMean, type Problem } from './problem.ts';
import { type DbMode, readStore, type StoreOptions } from './store-options.ts';

/** Options of each module, as a user writes them. */
export type ModulesOptions = { readonly [M in ModuleName]?: PartialModuleOptions<(typeof moduleTables)[M]> };

/** Everything a server can be told. All of it has a default; see docs/options.md. */
export interface AortaOptions extends ModulesOptions {
  /** Where to listen: `udp:127.0.0.1:5060`, `tcp:[::1]:5060`; port 0 picks one. */
  readonly listen?: readonly string[];
  /** The domains that are ours. Without any, every domain is. The own addresses always are. */
  readonly domains?: readonly string[];
  /**
   * Where bindings are kept: `sqlite:FILE`, `postgres://…`, `mysql://…`, or `memory:`, which is what a program gets that
   * says nothing; `aorta start` takes `sqlite:location.db`. Wins over `usrloc.dbUrl`.
   */
  readonly db?: string;
  /** When bindings are written; wins over `usrloc.dbMode`. See docs/persistence.md. */
  readonly dbMode?: DbMode;
  /** Tables to load at the start, beside `location`; those of an openser.cfg are known by themselves. */
  readonly tables?: readonly string[];
  /**
   * Where the admin API listens: `127.0.0.1:8060`, `[::1]:8060`; port 0 picks one. `off`, which is what a program gets
   * that says nothing; `aorta start` takes `127.0.0.1:8060`. See docs/admin.md.
   */
  readonly admin?: string;
  /** What whoever asks the admin API has to have; needed unless it listens on a loopback address. */
  readonly adminToken?: string;
  /** Routes in TypeScript instead of the built-in one, or what makes them for a server. */
  readonly routes?: Routes | RoutesFactory;
  /** Module parameters by their openser.cfg names, `registrar.max_contacts=2`; they win over everything else. */
  readonly set?: readonly string[];
}

/** The options after defaults and checks. */
export interface ResolvedOptions {
  readonly listen: readonly ListenAddress[];
  readonly domains: readonly string[];
  readonly modules: { readonly [M in ModuleName]: ModuleOptions<(typeof moduleTables)[M]> };
  readonly routes: RoutesFactory;
  readonly store: StoreOptions;
  /** Undefined: off. */
  readonly admin: AdminOptions | undefined;
  /** What is allowed but has no effect, or not the one that was meant. */
  readonly warnings: readonly Problem[];
}

/** Gives a config file its types: `export default defineConfig({ … })`. */
export function defineConfig(options: AortaOptions): AortaOptions {
  return options;
}

const defaultListen: readonly string[] = ['udp:127.0.0.1:5060', 'tcp:127.0.0.1:5060'];

const knownOptions = [
  'listen',
  'domains',
  'db',
  'dbMode',
  'tables',
  'admin',
  'adminToken',
  'routes',
  'set',
  ...Object.keys(moduleTables),
];

/**
 * Checks options and fills in the defaults.
 *
 * @throws AortaError `CONFIG_INVALID` with every problem, its place and its remedy
 */
export function resolveOptions(options: AortaOptions): ResolvedOptions {
  const problems: Problem[] = [];
  for (const name of Object.keys(options)) {
    if (!knownOptions.includes(name)) {
      problems.push({ place: name, message: `no such option${didYouMean(name, knownOptions)}` });
    }
  }
  const listen = readListen(options.listen ?? defaultListen, problems);
  const domains = readDomains(options.domains ?? [], problems);
  const admin = readAdmin(options, problems);
  const modules = readModules(options, problems);
  const store = readStore(options, modules.usrloc, problems);
  checkTogether(modules, problems);
  if (problems.length > 0) throw configError(problems);
  const { routes = {} } = options;
  const factory = typeof routes === 'function' ? routes : () => routes;
  const warnings = [...warningsOf(modules), ...(admin?.warnings ?? [])];
  return { listen, domains, modules, routes: factory, store, admin, warnings };
}

function readListen(given: readonly string[], problems: Problem[]): ListenAddress[] {
  if (!Array.isArray(given) || given.length === 0) {
    problems.push({ place: 'listen', message: 'must name at least one address, for example udp:127.0.0.1:5060' });
    return [];
  }
  const addresses: ListenAddress[] = [];
  for (const text of given) {
    const address = parseListenAddress(String(text));
    if (typeof address === 'string') problems.push({ place: `listen ${text}`, message: address });
    else addresses.push(address);
  }
  return addresses;
}

// A domain is a host as a URI has it: letters, digits, dots and hyphens, or an IP address.
const domainPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$|^\[[0-9A-Fa-f:.]+\]$/;

function readDomains(given: readonly string[], problems: Problem[]): string[] {
  if (!Array.isArray(given)) {
    problems.push({ place: 'domains', message: 'must be a list of host names, for example ["example.org"]' });
    return [];
  }
  for (const domain of given) {
    if (typeof domain !== 'string' || domain.length > 253 || !domainPattern.test(domain)) {
      problems.push({ place: `domain ${domain}`, message: 'is no host name; write it as in sip:user@example.org' });
    }
  }
  return given.map((domain) => String(domain).toLowerCase());
}

type Values = Record<string, ParameterValue>;

function readModules(options: AortaOptions, problems: Problem[]): ResolvedOptions['modules'] {
  const values = {} as Record<ModuleName, Values>;
  for (const name of Object.keys(moduleTables) as ModuleName[]) {
    values[name] = readModule(name, options[name] ?? {}, problems);
  }
  for (const text of options.set ?? []) applySet(text, values, problems);
  // Only an explicit usrloc.use_domain can contradict the registrar's; unset, it follows.
  const usrlocSaysSo =
    options.usrloc?.useDomain !== undefined || options.set?.some((text) => text.startsWith('usrloc.use_domain='));
  if (!usrlocSaysSo) values.usrloc.useDomain = values.registrar.useDomain ?? false;
  // The values were read against the very tables that the type is computed from.
  return values as unknown as ResolvedOptions['modules'];
}

function readModule(name: ModuleName, given: Readonly<Record<string, unknown>>, problems: Problem[]): Values {
  const parameters: Readonly<Record<string, Parameter>> = moduleTables[name].parameters;
  const values: Values = { ...defaultsOf(moduleTables[name]) };
  const names = Object.keys(parameters).map(camelCase);
  for (const [snakeName, parameter] of Object.entries(parameters)) {
    const option = camelCase(snakeName);
    if (given[option] === undefined) continue;
    const read = readValue(parameter, given[option]);
    if ('problem' in read) problems.push({ place: `${name}.${option}`, message: read.problem });
    else values[option] = read.value;
  }
  for (const option of Object.keys(given)) {
    if (!names.includes(option)) {
      problems.push({ place: `${name}.${option}`, message: `no such parameter${didYouMean(option, names)}` });
    }
  }
  return values;
}

function applySet(text: string, values: Record<ModuleName, Values>, problems: Problem[]): void {
  const place = `set ${text}`;
  const match = /^([A-Za-z_]\w*)\.([A-Za-z_]\w*)=(.*)$/s.exec(text);
  if (!match) {
    problems.push({ place, message: 'must be module.parameter=value, for example registrar.max_contacts=2' });
    return;
  }
  const [, moduleName = '', name = '', value = ''] = match;
  if (!isModuleName(moduleName)) {
    const hint = didYouMean(moduleName, Object.keys(moduleTables));
    problems.push({ place, message: `there is no module ${moduleName}${hint}` });
    return;
  }
  const parameters: Readonly<Record<string, Parameter>> = moduleTables[moduleName].parameters;
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (!parameter) {
    const hint = didYouMean(name, Object.keys(parameters));
    problems.push({ place, message: `module ${moduleName} has no parameter ${name}${hint}` });
    return;
  }
  const read = readValue(parameter, value);
  if ('problem' in read) problems.push({ place, message: read.problem });
  else values[moduleName][camelCase(name)] = read.value;
}

function isModuleName(name: string): name is ModuleName {
  return Object.hasOwn(moduleTables, name);
}

function checkTogether({ registrar, usrloc, nathelper }: ResolvedOptions['modules'], problems: Problem[]): void {
  if (registrar.receivedAvp !== nathelper.receivedAvp) {
    problems.push({
      place: 'registrar.received_avp',
      message: `is ${registrar.receivedAvp}, but nathelper's is ${nathelper.receivedAvp}; both must be the same AVP`,
    });
  }
  if (registrar.useDomain !== usrloc.useDomain) {
    problems.push({
      place: 'usrloc.use_domain',
      message: `is ${Number(usrloc.useDomain)}, but the registrar's is ${Number(registrar.useDomain)}; set both to the same value`,
    });
  }
}

function warningsOf({ registrar }: ResolvedOptions['modules']): Problem[] {
  const warnings: Problem[] = [];
  if (registrar.sockFlag !== -1 && registrar.sockHdrName === '') {
    warnings.push({ place: 'registrar.sock_flag', message: 'has no effect without sock_hdr_name; set both' });
  }
  if (registrar.sockFlag === -1 && registrar.sockHdrName !== '') {
    warnings.push({ place: 'registrar.sock_hdr_name', message: 'has no effect without sock_flag; set both' });
  }
  if (registrar.realmPrefix !== '' && !registrar.useDomain) {
    warnings.push({ place: 'registrar.realm_prefix', message: 'has no effect without use_domain; set both' });
  }
  if (registrar.maxExpires > 0 && registrar.maxExpires < registrar.minExpires) {
    warnings.push({ place: 'registrar.max_expires', message: 'is below min_expires, and wins over it' });
  }
  return warnings;
}
