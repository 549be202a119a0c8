import type { AvpTrees } from '../../routing/avp-trees.ts';
import type { VariableEntry, VariableSite } from './entry.ts';
import { malformed, type VariableProblem } from './problem.ts';
import type { CfgValue, Variable } from './template.ts';

/** Kamailio's AVPs that hold others. They live as long as AVPs do. */
export const treeVariables: readonly VariableEntry[] = [
  {
    name: 'xavp',
    doc: 'A value in a tree of AVPs: `$xavp(root=>name)`, `$xavp(root[0]=>name[1])`; places count from what was added last.',
    origin: 'Kamailio',
    writes:
      'Without a place of the root a new tree is added; with one a value in front of the others of its name; with a place of the name that value is replaced. `$null` deletes.',
    argument: 'caller=>name',
    readsArgument: true,
    indexed: true,
    make: (site) => makeTree(site, (name) => name),
  },
  {
    name: 'xavi',
    doc: 'As `$xavp`; names have no case.',
    origin: 'Kamailio',
    writes: 'As `$xavp`.',
    argument: 'caller=>name',
    readsArgument: true,
    indexed: true,
    // A blank cannot stand in the name of an `$xavp`, so the two do not meet.
    make: (site) => makeTree(site, (name) => `i ${name.toLowerCase()}`),
  },
  {
    name: 'xavu',
    doc: 'A value by one or two names, each there once: `$xavu(caller=>name)`, `$xavu(caller)`.',
    origin: 'Kamailio',
    writes: 'Sets the value; `$null` deletes it.',
    argument: 'caller=>name',
    readsArgument: true,
    make: makeUnique,
  },
];

type Place = number | 'all' | undefined;

interface Path {
  readonly root: string;
  readonly tree: Place;
  readonly name: string | undefined;
  readonly place: Place;
}

const namePattern = '[A-Za-z0-9_.-]+';
const placePattern = '(?:\\[\\s*(-?\\d{1,6}|\\*)\\s*\\])?';
const pathPattern = new RegExp(
  `^\\s*(${namePattern})${placePattern}\\s*(?:=>\\s*(${namePattern})${placePattern}\\s*)?$`,
);

function pathOf({ pv, index }: VariableSite): Path | VariableProblem {
  const match = pathPattern.exec(pv.argument?.text ?? '');
  if (match === null || typeof index === 'object' || (index !== undefined && match[3] !== undefined)) {
    return malformed(`$${pv.name}(${pv.argument?.text}) is no path: expected 'root=>name' or 'root[0]=>name[0]'`);
  }
  const [, root = '', tree, name, place] = match;
  return { root, tree: placeOf(tree) ?? index, name, place: placeOf(place) };
}

function placeOf(text: string | undefined): Place {
  if (text === undefined) return undefined;
  return text === '*' ? 'all' : Number(text);
}

function makeTree(site: VariableSite, rootOf: (name: string) => string): Variable | VariableProblem {
  const path = pathOf(site);
  if ('problem' in path) return path;
  const root = rootOf(path.root);
  const { tree, name, place } = path;
  const first = tree === 'all' || tree === undefined ? 0 : tree;
  if (name === undefined) {
    return {
      read: ({ avps }) => (avps.hasTrees && avps.trees.count(root) > 0 ? `<<xavp:${path.root}>>` : undefined),
      write: ({ avps }, value) => {
        if (value !== undefined) return 'a tree has values by name: expected root=>name';
        avps.trees.deleteTree(root, tree === 'all' ? undefined : first);
        return undefined;
      },
    };
  }
  const at = place === 'all' || place === undefined ? 0 : place;
  return {
    read: ({ avps }) => (avps.hasTrees ? avps.trees.get(root, first, name, at) : undefined),
    write: ({ avps }, value) => writeTree(avps.trees, root, tree, name, place, value),
  };
}

function writeTree(
  trees: AvpTrees,
  root: string,
  tree: Place,
  name: string,
  place: Place,
  value: CfgValue,
): string | undefined {
  if (tree === 'all') return 'one tree must be named, with a number';
  if (value === undefined) {
    trees.delete(root, tree ?? 0, name, place === 'all' ? undefined : (place ?? 0));
    return undefined;
  }
  if (tree === undefined) return trees.addTree(root, name, value) ? undefined : 'there are too many trees';
  if (typeof place === 'number') {
    return trees.replace(root, tree, name, place, value) ? undefined : 'there is no value at that place';
  }
  if (place === 'all') trees.delete(root, tree, name, undefined);
  return trees.add(root, tree, name, value) ? undefined : 'there is no such tree, or no room in it';
}

function makeUnique(site: VariableSite): Variable | VariableProblem {
  const path = pathOf(site);
  if ('problem' in path) return path;
  if (path.tree !== undefined || path.place !== undefined)
    return malformed('$xavu has one value for each name, so it takes no index');
  const root = `u ${path.root}`;
  const name = path.name ?? '';
  return {
    read: ({ avps }) => (avps.hasTrees ? avps.trees.get(root, 0, name, 0) : undefined),
    write: ({ avps }, value) => {
      const { trees } = avps;
      trees.delete(root, 0, name, undefined);
      if (value === undefined) return undefined;
      const added = trees.count(root) === 0 ? trees.addTree(root, name, value) : trees.add(root, 0, name, value);
      return added ? undefined : 'there are too many values';
    },
  };
}
