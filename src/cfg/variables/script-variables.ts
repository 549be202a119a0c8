import { didYouMean } from '../../base/did-you-mean.ts';
import type { VariableEntry, VariableSite } from './entry.ts';
import { plain } from './entry.ts';
import { malformed, type VariableProblem } from './problem.ts';
import type { CfgValue, Variable } from './template.ts';

/** What a script keeps for itself. */
export const scriptVariables: readonly VariableEntry[] = [
  ...['retcode', 'rc', '?'].map(
    (name): VariableEntry => ({
      name,
      doc: name === 'retcode' ? 'What the last command returned.' : 'The same as `$retcode`.',
      origin: 'OpenSER 1.0',
      make: plain((run) => run.rc),
    }),
  ),
  { name: 'null', doc: 'No value.', origin: 'OpenSER 1.2', make: plain(() => undefined) },
  {
    name: 'var',
    doc: 'A variable of the script. It is 0 when a message begins: the request block shares it with the branch blocks of its relay, a failure or reply block begins anew. Kamailio kept it for the next message of the same process, which nothing could rely on.',
    origin: 'OpenSER 1.3',
    writes: 'Sets it; `$null` sets it to 0.',
    argument: 'x',
    make: (site) => makeLocal(site, 0),
  },
  {
    name: 'vz',
    doc: 'The same as `$var`.',
    origin: 'Kamailio',
    writes: 'As `$var`.',
    argument: 'x',
    make: (site) => makeLocal(site, 0),
  },
  {
    name: 'vn',
    doc: 'As `$var`, but `$null` when a message begins.',
    origin: 'Kamailio',
    writes: 'Sets it.',
    argument: 'x',
    make: (site) => makeLocal(site, undefined),
  },
  {
    name: 'shv',
    doc: 'A variable that all messages share; 0 at the start, kept when the configuration is loaded anew.',
    origin: 'OpenSER 1.3',
    writes: 'Sets it; `$null` sets it to 0.',
    argument: 'x',
    make: makeShared,
  },
  {
    name: 'def',
    doc: 'What `#!define` has defined a name to be.',
    origin: 'Kamailio',
    argument: 'NAME',
    make: (site) => {
      const name = nameOf(site);
      if (typeof name !== 'string') return name;
      const value = site.scope.definitions.get(name);
      return { read: () => value };
    },
  },
  {
    name: 'sel',
    doc: 'A setting that the configuration has made for itself: `$sel(cfg_get.pstn.gw_ip)` is what `pstn.gw_ip = ...` says.',
    origin: 'Kamailio',
    argument: 'cfg_get.group.name',
    make: makeSetting,
  },
  {
    name: 'pp',
    doc: 'The number of the process.',
    origin: 'OpenSER 1.0',
    make: ({ scope }) => {
      const { processId } = scope;
      return { read: () => processId };
    },
  },
];

function nameOf({ pv, argumentText }: VariableSite): string | VariableProblem {
  if (argumentText !== undefined && /^[A-Za-z0-9_.:-]+$/.test(argumentText)) return argumentText;
  return malformed(`'${pv.text}' has no name of letters, digits and '_' in its parentheses`);
}

function makeSetting(site: VariableSite): Variable | VariableProblem {
  const path = nameOf(site);
  if (typeof path !== 'string') return path;
  const [select, ...names] = path.split('.');
  if (select !== 'cfg_get' || names.length === 0) {
    return { kind: 'unsupported', problem: `$sel reads settings only: $sel(cfg_get.group.name), not '${path}'` };
  }
  const { settings } = site.scope;
  const name = names.join('.');
  const value = settings.get(name);
  if (value !== undefined) return { read: () => value };
  const meant = didYouMean(name, settings.keys());
  return malformed(`there is no setting ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

function makeLocal(site: VariableSite, initial: CfgValue): Variable | VariableProblem {
  const name = nameOf(site);
  if (typeof name !== 'string') return name;
  const { locals } = site.scope;
  const number = site.scope.localNumber(initial === undefined ? `n ${name}` : name);
  return {
    read: (run) => locals.find(run)?.[number] ?? initial,
    write: (run, value) => {
      locals.of(run)[number] = value;
      return undefined;
    },
  };
}

function makeShared(site: VariableSite): Variable | VariableProblem {
  const name = nameOf(site);
  if (typeof name !== 'string') return name;
  const { shared } = site.scope;
  return {
    read: () => shared.get(name) ?? 0,
    write: (_run, value) => {
      shared.set(name, value);
      return undefined;
    },
  };
}
