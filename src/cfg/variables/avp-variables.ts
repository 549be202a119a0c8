import type { AvpName, Avps } from '../../routing/avps.ts';
import type { PvSpec, PvText } from '../../script/pv-syntax.ts';
import type { CfgRun } from '../run.ts';
import { avpNameOf } from './avp-names.ts';
import type { VariableEntry, VariableSite } from './entry.ts';
import { isVariableProblem, malformed, type VariableProblem } from './problem.ts';
import { choose, type Index, placeOf } from './pv-index.ts';
import type { CfgValue, Variable } from './template.ts';

/** AVPs of the transaction. */
export const avpVariables: readonly VariableEntry[] = [
  {
    name: 'avp',
    doc: 'An AVP by its id (`i:7`), its name (`s:caller` or `caller`) or an alias: the value added last, the one that an index names, or all with commas between them.',
    origin: 'OpenSER 1.0',
    writes:
      'Adds a value in front of the others, or replaces the one that an index names, or all with `[*]`; `$null` deletes it.',
    argument: 'i:7',
    readsArgument: true,
    indexed: true,
    make: makeAvp,
  },
  {
    name: 'cnt',
    doc: 'How many values an AVP has: `$cnt($avp(x))`.',
    origin: 'Kamailio',
    argument: '$avp(x)',
    readsArgument: true,
    make: ({ pv, scope }) => {
      const [piece, ...more] = pv.argument?.pieces ?? [];
      const counted = piece?.kind === 'variable' && more.length === 0 ? piece.pv : undefined;
      if (counted?.name !== 'avp' || counted.argument === undefined)
        return malformed('$cnt counts an AVP: $cnt($avp(x))');
      const named = avpNameOf(counted.argument.text, scope.aliases);
      return isVariableProblem(named) ? named : { read: (run) => run.avps.count(named.name) };
    },
  },
];

function makeAvp(site: VariableSite): Variable | VariableProblem {
  const { pv, index } = site;
  const dynamic = dynamicName(pv.argument, site);
  if (dynamic !== undefined) return isVariableProblem(dynamic) ? dynamic : avpOf(dynamic, index);
  const named = avpNameOf(pv.argument?.text ?? '', site.scope.aliases);
  if (isVariableProblem(named)) return named;
  const { name } = named;
  if (index !== undefined) return avpOf(() => name, index);
  return {
    read: (run) => (run.context.hasAvps ? run.avps.get(name) : undefined),
    write: (run, value) => {
      if (value === undefined) run.avps.deleteAt(name);
      else run.avps.add(name, value);
      return undefined;
    },
  };
}

/** `$avp($var(name))`: the name is known when it is read. `$avp($alias)` is an alias. */
function dynamicName(
  argument: PvText | undefined,
  { scope, resolver }: VariableSite,
): ((run: CfgRun) => AvpName) | VariableProblem | undefined {
  const pieces = argument?.pieces ?? [];
  if (argument === undefined || pieces.every(({ kind }) => kind === 'text')) return undefined;
  if (scope.aliases.has(argument.text.slice(1)) || isBareWord(pieces[0], pieces.length)) return undefined;
  const template = resolver.template(pieces);
  if (isVariableProblem(template)) return template;
  const noAliases = new Map<string, AvpName>();
  return (run) => {
    const named = avpNameOf(template.text(run), noAliases);
    return isVariableProblem(named) ? '' : named.name;
  };
}

/** A dollar and a word that is no variable of this server: an alias, or the slip of one. */
function isBareWord(piece: { readonly kind: string; readonly pv?: PvSpec } | undefined, pieces: number): boolean {
  return pieces === 1 && piece?.pv !== undefined && piece.pv.argument === undefined && piece.pv.name.length > 2;
}

function avpOf(nameOf: (run: CfgRun) => AvpName, index: Index | undefined): Variable {
  return {
    read: (run) => (run.context.hasAvps ? readAvp(run.avps, nameOf(run), index, run) : undefined),
    write: (run, value) => writeAvp(run.avps, nameOf(run), index, value, run),
  };
}

function readAvp(avps: Avps, name: AvpName, index: Index | undefined, run: CfgRun): CfgValue {
  if (index === 'all') return choose(avps.all(name), index, run);
  const place = placeOf(avps.count(name), index, run);
  return place < 0 ? undefined : avps.at(name, place);
}

function writeAvp(
  avps: Avps,
  name: AvpName,
  index: Index | undefined,
  value: CfgValue,
  run: CfgRun,
): string | undefined {
  if (name === '') return 'the text names no AVP';
  if (index === 'all') {
    avps.delete(name);
    if (value !== undefined) avps.add(name, value);
    return undefined;
  }
  if (index === undefined && value !== undefined) {
    avps.add(name, value);
    return undefined;
  }
  const place = placeOf(avps.count(name), index, run);
  if (value === undefined) {
    if (place >= 0) avps.deleteAt(name, place);
    return undefined;
  }
  return place >= 0 && avps.replace(name, place, value) ? undefined : 'the AVP has no value at that index';
}
