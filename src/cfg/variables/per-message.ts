import type { CfgRun } from '../run.ts';

/**
 * Something that belongs to the message at work: to the request block with the branch blocks that its relay runs, to
 * each failure block, to each reply. It is made when it is first asked for, and goes with the message.
 */
export class PerMessage<T> {
  readonly #make: () => T;
  readonly #known: WeakMap<object, T>;
  // Blocks that wait for nothing come one after the other: mostly the last one asks again.
  #last: object | undefined;
  #lastValue: T | undefined;

  constructor(make: () => T) {
    this.#make = make;
    this.#known = new WeakMap();
    this.#last = undefined;
    this.#lastValue = undefined;
  }

  /** What the message of `run` has, when it has been made. */
  find(run: CfgRun): T | undefined {
    const owner = ownerOf(run);
    return owner === this.#last ? this.#lastValue : this.#known.get(owner);
  }

  /** What the message of `run` has. */
  of(run: CfgRun): T {
    const owner = ownerOf(run);
    if (owner === this.#last) return this.#lastValue as T; // it was set together with the owner
    let value = this.#known.get(owner);
    if (value === undefined) {
      value = this.#make();
      this.#known.set(owner, value);
    }
    this.#last = owner;
    this.#lastValue = value;
    return value;
  }
}

function ownerOf(run: CfgRun): object {
  return run.block === 'reply' ? run : run.context;
}
