import { AvpTrees } from './avp-trees.ts';

/** The name of an AVP: numbers and strings are separate name spaces. */
export type AvpName = number | string;
/** The value of an AVP. */
export type AvpValue = number | string;

/** One AVP: its name and one value. */
export interface Avp {
  readonly name: AvpName;
  readonly value: AvpValue;
}

/**
 * Attribute-value pairs of one request (OpenSER's AVPs). A name may hold several values; the one added last is
 * found first, and places count from it.
 */
export class Avps {
  /** The values of a name in the order in which they were added, so the first place is the end. */
  readonly #values = new Map<AvpName, AvpValue[]>();
  #trees: AvpTrees | undefined = undefined;

  /** Puts `value` in front of the others of that name. */
  add(name: AvpName, value: AvpValue): void {
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }

  /** The value added last, or undefined. */
  get(name: AvpName): AvpValue | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** The value at a place; the one added last is at 0, -1 is the one added first. */
  at(name: AvpName, place: number): AvpValue | undefined {
    return this.#values.get(name)?.at(-1 - place);
  }

  /** How many values that name has. */
  count(name: AvpName): number {
    return this.#values.get(name)?.length ?? 0;
  }

  /** All values of that name, the one added last first. */
  all(name: AvpName): readonly AvpValue[] {
    return this.#values.get(name)?.toReversed() ?? [];
  }

  /** Every AVP: the names as they came, of each the value added last first. */
  entries(): readonly Avp[] {
    const entries: Avp[] = [];
    for (const [name, values] of this.#values) {
      for (let i = values.length - 1; i >= 0; i--) entries.push({ name, value: values[i] as AvpValue }); // i is inside
    }
    return entries;
  }

  /** Puts `value` at a place that is taken. @returns false when it is not */
  replace(name: AvpName, place: number, value: AvpValue): boolean {
    const values = this.#values.get(name);
    const index = this.#indexOf(values, place);
    if (values === undefined || index < 0) return false;
    values[index] = value;
    return true;
  }

  /** Removes every value of that name. @returns whether there was one */
  delete(name: AvpName): boolean {
    return this.#values.delete(name);
  }

  /** Removes the value at a place: the one added last, unless another is named. @returns whether there was one */
  deleteAt(name: AvpName, place = 0): boolean {
    const values = this.#values.get(name);
    const index = this.#indexOf(values, place);
    if (values === undefined || index < 0) return false;
    values.splice(index, 1);
    if (values.length === 0) this.#values.delete(name);
    return true;
  }

  /** Removes every AVP. @returns whether there was one */
  clear(): boolean {
    const had = this.#values.size > 0;
    this.#values.clear();
    return had;
  }

  /** Kamailio's AVPs that hold others: `$xavp`. */
  get trees(): AvpTrees {
    this.#trees ??= new AvpTrees();
    return this.#trees;
  }

  /** Whether `trees` was ever asked for; asking this costs nothing. */
  get hasTrees(): boolean {
    return this.#trees !== undefined;
  }

  #indexOf(values: readonly AvpValue[] | undefined, place: number): number {
    if (values === undefined) return -1;
    const index = place < 0 ? -1 - place : values.length - 1 - place;
    return index >= 0 && index < values.length ? index : -1;
  }
}
