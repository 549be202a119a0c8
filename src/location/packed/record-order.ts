import { recordWord } from './record-layout.ts';
import type { RecordWords } from './record-words.ts';
import type { Ref } from './slabs.ts';

const { orderNext, orderPrevious } = recordWord;

/** A walk on its way: what it visits next (0: nothing more) and where it ends. */
export interface Walk {
  next: Ref;
  last: Ref;
}

/** The records of one table in the order of their creation: a list through the records. */
export class RecordOrder {
  readonly #words: RecordWords;
  #first: Ref;
  #last: Ref;
  /** Held weakly: a walk that is given up half-way costs nothing for long. */
  #walks: readonly WeakRef<Walk>[];

  constructor(words: RecordWords) {
    this.#words = words;
    this.#first = 0;
    this.#last = 0;
    this.#walks = [];
  }

  /** Puts a new record at the end. */
  append(ref: Ref): void {
    const words = this.#words;
    words.set(ref, orderNext, 0);
    words.set(ref, orderPrevious, this.#last);
    if (this.#last === 0) this.#first = ref;
    else words.set(this.#last, orderNext, ref);
    this.#last = ref;
  }

  remove(ref: Ref): void {
    const words = this.#words;
    const next = words.get(ref, orderNext);
    const previous = words.get(ref, orderPrevious);
    if (previous === 0) this.#first = next;
    else words.set(previous, orderNext, next);
    if (next === 0) this.#last = previous;
    else words.set(next, orderPrevious, previous);
    for (const weak of this.#walks) {
      const walk = weak.deref();
      if (walk === undefined) continue;
      if (walk.next === ref) walk.next = walk.last === ref ? 0 : next;
      else if (walk.last === ref) walk.last = previous;
    }
  }

  /** Notes that the record at `from` is at `to` now, links included. */
  relocate(from: Ref, to: Ref): void {
    const words = this.#words;
    const next = words.get(to, orderNext);
    const previous = words.get(to, orderPrevious);
    if (previous === 0) this.#first = to;
    else words.set(previous, orderNext, to);
    if (next === 0) this.#last = to;
    else words.set(next, orderPrevious, to);
    for (const weak of this.#walks) {
      const walk = weak.deref();
      if (walk === undefined) continue;
      if (walk.next === from) walk.next = to;
      if (walk.last === from) walk.last = to;
    }
  }

  /** Begins a walk over what is there now. */
  begin(): Walk {
    const walk = { next: this.#first, last: this.#last };
    this.#walks = [...this.#walks.filter((weak) => weak.deref() !== undefined), new WeakRef(walk)];
    return walk;
  }

  /** The next record of a walk; 0 at its end. */
  step(walk: Walk): Ref {
    const ref = walk.next;
    if (ref !== 0) walk.next = ref === walk.last ? 0 : this.#words.get(ref, orderNext);
    return ref;
  }

  end(walk: Walk): void {
    this.#walks = this.#walks.filter((weak) => weak.deref() !== walk);
  }
}
