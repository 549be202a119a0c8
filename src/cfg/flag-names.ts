/** Most flags that can have names: 1 to 31. */
const mostFlags = 31;

/** The numbers of flags that have names (OpenSIPS), given from 31 down, away from those that scripts number themselves. */
export class FlagNames {
  readonly #numbers: Map<string, number>;

  constructor() {
    this.#numbers = new Map();
  }

  /** The number of a flag; undefined when there are none left. */
  numberOf(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = mostFlags - this.#numbers.size;
    if (number < 1) return undefined;
    this.#numbers.set(name, number);
    return number;
  }
}
