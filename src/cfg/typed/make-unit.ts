import { assert } from '../../base/assert.ts';
import { moduleTables } from '../../modules/index.ts';
import type { RouteBlock } from '../../script/ast.ts';
import { DiagnosticList } from '../../script/diagnostic-list.ts';
import type { Dialect } from '../../script/dialect.ts';
import type { PvSpec } from '../../script/pv-syntax.ts';
import type { CfgModule } from '../cfg-function.ts';
import { compiler } from '../compile.ts';
import { FlagNames } from '../flag-names.ts';
import { FunctionIndex } from '../function-index.ts';
import { cfgModules } from '../functions/index.ts';
import { defaultWhileLoops } from '../limits.ts';
import { Myself, type PortedAliases } from '../myself.ts';
import { Report } from '../report.ts';
import { RouteTable } from '../route-table.ts';
import { Unit } from '../unit.ts';
import { avpAliasesOf, templateOf, type Variable, VariableScope, variableOf } from '../variables/index.ts';

/** What the settings of an openser.cfg say to its routes. */
export interface ScriptSettings {
  /** Whose habits: how texts compare, what a new Request-URI in a failure route means. `openser` when left out. */
  readonly dialect?: Dialect;
  /** Names that count as `myself` on one port only: `sip.example.org:5080`. */
  readonly aliases?: readonly string[];
  /** `avp_aliases`: names for AVPs, `caller=i:24;callee=s:callee`. */
  readonly avpAliases?: string;
  /** `max_while_loops`: the most rounds of one loop. */
  readonly maxWhileLoops?: number;
  /** Parameters of modules that only their functions ask for, by module. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** `$def(name)`. */
  readonly definitions?: Readonly<Record<string, string>>;
  /** `$sel(cfg_get.group.name)`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The modules whose functions are meant where two have one of the same name; all of them when left out. */
  readonly modules?: readonly string[];
  /** Functions of the program around. */
  readonly functions?: readonly CfgModule[];
  /** `$pp`. */
  readonly processId?: number;
}

/** What the compiler needs of a configuration, made of settings. */
export type UnitMaker = (computed: (pv: PvSpec) => Variable | undefined, report: Report) => Unit;

/** Prepares the unit of a script; the variables of computed arguments are the engine's own. */
export function makeUnit(settings: ScriptSettings, blocks: readonly RouteBlock[]): UnitMaker {
  const { dialect = 'openser', avpAliases = '', parameters = {}, functions = [] } = settings;
  const aliases = avpAliasesOf(avpAliases);
  assert(!('problem' in aliases), `avpAliases: ${'problem' in aliases ? aliases.problem : ''}`);
  const scope = new VariableScope({
    aliases,
    ...(settings.definitions && { definitions: new Map(Object.entries(settings.definitions)) }),
    ...(settings.settings && { settings: new Map(Object.entries(settings.settings)) }),
    ...(settings.processId !== undefined && { processId: settings.processId }),
  });
  const all = [...cfgModules, ...functions];
  const loaded = settings.modules ?? all.map(({ name }) => name);
  return (computed, report) =>
    new Unit({
      compiler,
      dialect,
      report,
      variables: {
        variable: (pv) => computed(pv) ?? variableOf(pv, scope),
        template: (pieces) => templateOf(pieces, scope),
      },
      scope,
      functions: new FunctionIndex(all, ['core', ...loaded]),
      routes: new RouteTable(blocks),
      myself: new Myself(portedAliases(settings.aliases ?? [])),
      limits: { whileLoops: settings.maxWhileLoops ?? defaultWhileLoops },
      flagNames: new FlagNames(),
      parameter: (module, name) => {
        if (name === 'avp_aliases') return avpAliases;
        return parameters[module]?.[name] ?? defaultOf(module, name);
      },
      lenient: true,
    });
}

/** An empty list for what binding a call has to say. */
export function emptyReport(): { readonly report: Report; readonly list: DiagnosticList } {
  const list = new DiagnosticList();
  return { report: new Report(list), list };
}

function defaultOf(module: string, name: string): string | number | boolean | undefined {
  const tables: Readonly<Record<string, { readonly parameters: Readonly<Record<string, Defaulted>> }>> = moduleTables;
  return tables[module]?.parameters[name]?.default;
}

interface Defaulted {
  readonly default: string | number | boolean;
}

function portedAliases(aliases: readonly string[]): PortedAliases {
  const ported = new Map<string, Set<number>>();
  for (const alias of aliases) {
    const colon = alias.lastIndexOf(':');
    const host = alias.slice(0, colon).toLowerCase();
    const port = Number(alias.slice(colon + 1));
    assert(colon > 0 && Number.isInteger(port), `${alias} is no host:port`);
    const ports = ported.get(host) ?? new Set();
    ports.add(port);
    ported.set(host, ports);
  }
  return ported;
}
