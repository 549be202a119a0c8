/** The name of an AVP: numbers and strings are separate name spaces. */
export type AvpName = number | string;
/** The value of an AVP. */
export type AvpValue = number | string;

/**
 * Attribute-value pairs of one request (OpenSER's AVPs). A name may hold several values; the one added last is
 * found first.
 */
export class Avps {
  #values = new Map<AvpName, AvpValue[]>();

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

  /** All values of that name, the one added last first. */
  all(name: AvpName): readonly AvpValue[] {
    return this.#values.get(name)?.toReversed() ?? [];
  }

  /** Removes every value of that name. */
  delete(name: AvpName): void {
    this.#values.delete(name);
  }
}
