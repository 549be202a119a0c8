import { didYouMean } from '../base/did-you-mean.ts';
import { type ModuleName, moduleTables } from '../modules/index.ts';
import type { PartialModuleOptions } from '../routing/define-module.ts';
import { camelCase, type Parameter, type ParameterValue, readValue } from '../routing/parameter.ts';
import type { ModuleParameter } from '../script/ast.ts';
import type { Dialect } from '../script/dialect.ts';
import type { Span } from '../script/source.ts';
import type { FlagNames } from './flag-names.ts';
import type { LoadedModules } from './load-modules.ts';
import { otherParameter, otherParameterNames } from './other-parameters.ts';
import { posixRegex } from './posix-regex.ts';
import type { Report } from './report.ts';
import { settleStore, type WrittenText } from './settle-store.ts';
import { translate } from './translate-parameter.ts';

/** What the parameters of a configuration come to: options of each module, by their names in TypeScript. */
export type ModuleValues = { readonly [M in ModuleName]?: PartialModuleOptions<(typeof moduleTables)[M]> };

/** The parameters, read. */
export interface ReadParameters {
  readonly values: ModuleValues;
  /** `avpops`' and other modules' aliases for AVPs, with their places. */
  readonly avpAliases: readonly { readonly text: string; readonly span: Span }[];
  /** The effective value of a module's parameter, by its openser.cfg name. */
  readonly effective: (module: string, name: string) => string | number | boolean | undefined;
}

/** What reading parameters needs beside the modules. */
export interface ParameterMeans {
  readonly dialect: Dialect;
  readonly report: Report;
  readonly flagNames: FlagNames;
  /** OpenSIPS' `db_default_url`: the database of modules that name none. */
  readonly defaultDbUrl: WrittenText | undefined;
}

/** Reads `modparam`s against the tables of the modules (cfg-language §5). */
export function readParameters(
  given: readonly ModuleParameter[],
  modules: LoadedModules,
  means: ParameterMeans,
): ReadParameters {
  const reader = new ParameterReader(modules, means);
  for (const parameter of given) reader.read(parameter);
  return reader.result();
}

class ParameterReader {
  readonly #modules: LoadedModules;
  readonly #dialect: Dialect;
  readonly #report: Report;
  readonly #flagNames: FlagNames;
  readonly #values: Map<string, Record<string, ParameterValue>>;
  /** What was written for parameters that have no table. */
  readonly #others: Map<string, string | number>;
  /** What was written for a parameter last. */
  readonly #written: Map<string, ModuleParameter>;
  readonly #avpAliases: { text: string; span: Span }[];
  readonly #defaultDbUrl: WrittenText | undefined;

  constructor(modules: LoadedModules, { dialect, report, flagNames, defaultDbUrl }: ParameterMeans) {
    this.#modules = modules;
    this.#defaultDbUrl = defaultDbUrl;
    this.#dialect = dialect;
    this.#report = report;
    this.#flagNames = flagNames;
    this.#values = new Map();
    this.#others = new Map();
    this.#avpAliases = [];
    this.#written = new Map();
  }

  read(parameter: ModuleParameter): void {
    const pattern = posixRegex(`^(${parameter.module.value})$`, 'i');
    if ('problem' in pattern) {
      this.#report.error(
        'bad-regex',
        `the name of the module is a regular expression: ${pattern.problem}`,
        parameter.module.span,
      );
      return;
    }
    const matching = this.#modules.names.filter((name) => pattern.test(name));
    if (matching.length === 0) this.#noModule(parameter);
    for (const name of matching) {
      this.#checkOrder(name, parameter);
      this.#set(this.#modules.canonical(name), parameter);
    }
  }

  result(): ReadParameters {
    this.#share('registrar', 'usrloc', 'use_domain');
    this.#share('registrar', 'nathelper', 'received_avp');
    if (this.#modules.names.includes('usrloc')) this.#settleStore();
    const values = this.#values;
    return {
      // Each name was looked up in the table that the type is computed from.
      values: Object.fromEntries(values) as ModuleValues,
      avpAliases: this.#avpAliases,
      effective: (module, name) => {
        const own = values.get(module)?.[camelCase(name)] ?? this.#others.get(`${module} ${name}`);
        return own ?? tableOf(module)?.[name]?.default;
      },
    };
  }

  #noModule({ module }: ModuleParameter): void {
    const wanted = module.value;
    const meant = didYouMean(wanted, this.#modules.names);
    const hint = meant === undefined ? `write loadmodule "${wanted}.so" above` : `did you mean '${meant}'?`;
    this.#report.error('module-not-loaded', `no module '${wanted}' is loaded`, module.span, { hint });
  }

  #checkOrder(name: string, { module }: ModuleParameter): void {
    const loadedAt = this.#modules.places.get(name);
    if (loadedAt === undefined || loadedAt.file !== module.span.file || loadedAt.start < module.span.start) return;
    this.#report.warning('modparam-before-loadmodule', `the module ${name} is loaded further down`, module.span, {
      hint: 'OpenSER refuses a parameter of a module that is not loaded yet',
      related: [{ message: 'it is loaded here', span: loadedAt }],
    });
  }

  #set(module: string, given: ModuleParameter): void {
    const { name, value } = given;
    if (name.value === 'avp_aliases' && value.kind === 'string') {
      this.#avpAliases.push({ text: value.value, span: value.span });
      return;
    }
    const translated = translate(module, name.value, this.#numbered(name.value, value.value), this.#dialect);
    if (translated === 'default') return;
    if ('problem' in translated) {
      this.#report.error('bad-parameter', `'${name.value}' of ${module}: ${translated.problem}`, value.span);
      return;
    }
    if (translated.note !== undefined) this.#report.info('translated-parameter', translated.note, given.span);
    const { module: home = module } = translated;
    const parameter = own(tableOf(home), translated.name);
    if (parameter !== undefined) this.#store(home, translated.name, parameter, translated.value, given);
    else this.#passOver(module, given);
  }

  /** OpenSIPS gives flags names, in parameters and in routes. */
  #numbered(name: string, value: string | number): string | number {
    if (typeof value === 'number' || !name.endsWith('flag') || !/^[A-Za-z_]\w*$/.test(value)) return value;
    return this.#flagNames.numberOf(value) ?? value;
  }

  #store(module: string, name: string, parameter: Parameter, value: string | number, given: ModuleParameter): void {
    const isText = parameter.kind === 'text';
    const read = readValue(parameter, isText && typeof value === 'number' ? String(value) : value);
    if ('problem' in read) {
      this.#report.error('bad-parameter', `'${name}' of ${module} ${read.problem}`, given.value.span);
      return;
    }
    if (
      given.value.kind === (isText ? 'number' : 'string') &&
      parameter.kind !== 'word' &&
      value === given.value.value
    ) {
      const what = isText ? 'a text, which stands in quotes' : 'a number, which stands without quotes';
      this.#report.warning('wrong-type', `'${name}' of ${module} takes ${what}`, given.value.span);
    }
    if (parameter.state !== 'supported') {
      this.#report.info('inert-parameter', `'${name}' of ${module} has no effect: ${parameter.doc}`, given.span);
    }
    const values = this.#values.get(module) ?? {};
    values[camelCase(name)] = read.value;
    this.#values.set(module, values);
    this.#written.set(`${module} ${name}`, given);
  }

  #passOver(module: string, { name, value, span }: ModuleParameter): void {
    this.#others.set(`${module} ${name.value}`, value.value);
    const other = otherParameter(module, name.value);
    if (other !== undefined) {
      if (other.harmless?.includes(value.value)) return;
      const message = `'${name.value}' of ${module} has no effect: ${other.doc}`;
      if (other.state === 'inert') this.#report.info('inert-parameter', message, span);
      else this.#report.warning('unsupported-parameter', message, span);
      return;
    }
    const driver = this.#modules.driver(module);
    if (driver !== undefined) {
      this.#report.warning('unsupported-parameter', `'${name.value}' of ${module} has no effect: ${driver}`, span);
      return;
    }
    // A module that does nothing here has said so where it was loaded.
    if (!this.#modules.isSupported(module)) return;
    const table = tableOf(module) ?? {};
    const meant = didYouMean(name.value, [...Object.keys(table), ...otherParameterNames(module)]);
    const hint = meant === undefined ? {} : { hint: `did you mean '${meant}'?` };
    this.#report.error('unknown-parameter', `the module ${module} has no parameter '${name.value}'`, name.span, hint);
  }

  #settleStore(): void {
    const values = settleStore({
      values: this.#values.get('usrloc') ?? {},
      written: (name) => this.#written.get(`usrloc ${name}`),
      drivers: this.#modules.names.map((name) => this.#modules.canonical(name)),
      defaultDbUrl: this.#defaultDbUrl,
      report: this.#report,
    });
    if (Object.keys(values).length > 0) this.#values.set('usrloc', values);
  }

  /** What two modules must agree on: said to one of them, it is said to both. */
  #share(one: string, other: string, name: string): void {
    const option = camelCase(name);
    const value = this.#values.get(one)?.[option];
    const otherValue = this.#values.get(other)?.[option];
    if (value === otherValue) return;
    if (value === undefined || otherValue === undefined) {
      const [silent, said] = value === undefined ? [one, otherValue] : [other, value];
      if (said !== undefined) this.#values.set(silent, { ...this.#values.get(silent), [option]: said });
      return;
    }
    const place = this.#written.get(`${other} ${name}`)?.span;
    const first = this.#written.get(`${one} ${name}`)?.span;
    if (place === undefined || first === undefined) return;
    this.#report.error('parameters-disagree', `'${name}' of ${other} must be that of ${one}`, place, {
      related: [{ message: `that of ${one} is set here`, span: first }],
    });
  }
}

type Table = Readonly<Record<string, Parameter>>;

function tableOf(module: string): Table | undefined {
  return Object.hasOwn(moduleTables, module) ? moduleTables[module as ModuleName].parameters : undefined;
}

function own(table: Table | undefined, name: string): Parameter | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
