import { assert } from '../base/assert.ts';

/**
 * A 32-bit word of flags, as OpenSER scripts number them: 1 to 31 (`spec` of `setflag`: flag 0 is refused).
 * Message flags and branch flags are each such a word.
 */
export class Flags {
  #word = 0;

  /** The word itself, for storing and copying. */
  get word(): number {
    return this.#word;
  }
  set word(word: number) {
    this.#word = word | 0;
  }

  /** `setflag(n)`. @param flag 1..31 */
  set(flag: number): void {
    this.#word |= bit(flag);
  }

  /** `resetflag(n)`. @param flag 1..31 */
  reset(flag: number): void {
    this.#word &= ~bit(flag);
  }

  /** `isflagset(n)`. @param flag 1..31 */
  has(flag: number): boolean {
    return (this.#word & bit(flag)) !== 0;
  }
}

function bit(flag: number): number {
  assert(Number.isInteger(flag) && flag >= 1 && flag <= 31, `a flag is 1 to 31, not ${flag}`);
  return 1 << flag;
}
