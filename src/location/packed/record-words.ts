import { type Ref, type Slabs, wordOf } from './slabs.ts';

/** The words of records by reference, for what changes single ones. */
export class RecordWords {
  readonly #slabs: Slabs;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  get(ref: Ref, word: number): number {
    return this.#slabs.of(ref).words[wordOf(ref) + word] as number;
  }

  set(ref: Ref, word: number, value: number): void {
    this.#slabs.of(ref).words[wordOf(ref) + word] = value;
  }
}
