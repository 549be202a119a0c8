import type { AvpValue } from './avps.ts';

/** One root: the values of its names, the one added last at the end. */
type Root = Map<string, AvpValue[]>;

/** Most roots and most names or values in each: what a route adds in a loop ends somewhere. */
const maxPlaces = 1000;

/**
 * Kamailio's extended AVPs: a root name has one tree or several, the one added last first, and each tree has values
 * by name, of which there may be several too.
 */
export class AvpTrees {
  readonly #roots: Map<string, Root[]> = new Map();

  /** How many trees a root name has. */
  count(root: string): number {
    return this.#roots.get(root)?.length ?? 0;
  }

  /** How many values a name has in a tree. */
  countOf(root: string, tree: number, name: string): number {
    return this.#tree(root, tree)?.get(name)?.length ?? 0;
  }

  /** The value of a name; places count from what was added last, -1 is what was added first. */
  get(root: string, tree: number, name: string, place: number): AvpValue | undefined {
    return this.#tree(root, tree)
      ?.get(name)
      ?.at(-1 - place);
  }

  /** Puts a new tree with one value in front of the others. @returns false when there is no room */
  addTree(root: string, name: string, value: AvpValue): boolean {
    const trees = this.#roots.get(root);
    const tree: Root = new Map([[name, [value]]]);
    if (trees === undefined) this.#roots.set(root, [tree]);
    else if (trees.length < maxPlaces) trees.push(tree);
    else return false;
    return true;
  }

  /** Puts a value in front of the others of that name. @returns false when there is no such tree, or no room */
  add(root: string, tree: number, name: string, value: AvpValue): boolean {
    const found = this.#tree(root, tree);
    if (found === undefined) return false;
    const values = found.get(name);
    if (values === undefined) {
      if (found.size >= maxPlaces) return false;
      found.set(name, [value]);
    } else if (values.length < maxPlaces) values.push(value);
    else return false;
    return true;
  }

  /** Puts a value in the place of another. @returns false when the place is not taken */
  replace(root: string, tree: number, name: string, place: number, value: AvpValue): boolean {
    const values = this.#tree(root, tree)?.get(name);
    const index = indexOf(values?.length ?? 0, place);
    if (values === undefined || index < 0) return false;
    values[index] = value;
    return true;
  }

  /** Removes one tree, or all of a root name. */
  deleteTree(root: string, tree: number | undefined): void {
    const trees = this.#roots.get(root);
    if (trees === undefined) return;
    const index = tree === undefined ? -1 : indexOf(trees.length, tree);
    if (index >= 0) trees.splice(index, 1);
    if (tree === undefined || trees.length === 0) this.#roots.delete(root);
  }

  /** Removes one value of a name, or all. */
  delete(root: string, tree: number, name: string, place: number | undefined): void {
    const found = this.#tree(root, tree);
    const values = found?.get(name);
    if (found === undefined || values === undefined) return;
    const index = place === undefined ? -1 : indexOf(values.length, place);
    if (index >= 0) values.splice(index, 1);
    if (place === undefined || values.length === 0) found.delete(name);
  }

  #tree(root: string, tree: number): Root | undefined {
    return this.#roots.get(root)?.at(-1 - tree);
  }
}

/** Where a place stands in a list whose first place is its end; -1 for a place that is not there. */
function indexOf(length: number, place: number): number {
  const index = place < 0 ? -1 - place : length - 1 - place;
  return index >= 0 && index < length ? index : -1;
}
