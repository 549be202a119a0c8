import { recordWord } from './record-layout.ts';
import type { RecordWords } from './record-words.ts';
import type { Ref } from './slabs.ts';

const { due, wheelNext, wheelPrevious } = recordWord;

/** The second of an instant as far as a word reaches: a record due later is met then and put back. */
const lastSecond = 2 ** 32 - 1;

/**
 * The timing wheel of `TimingWheel` with its links in the records: slots of one second, whose records come in the order
 * last put, first met. Unlike that one it can stop half-way: a second in which a million records fall due is worked off
 * in several calls.
 */
export class PackedWheel {
  readonly #words: RecordWords;
  readonly #turn: number;
  /** First and last of each slot; behind the last slot, the list that is being worked off. */
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  /** The second that `advance` was called with last; undefined before the first call. */
  #cursor: number | undefined;
  /** The next second whose slot is to be worked off; beyond `#cursor` when nothing is left. */
  #nextSecond: number;

  /** @param turn slots, the seconds of one turn; the default is longer than the usual lifetime of a registration */
  constructor(words: RecordWords, turn = 8192) {
    this.#words = words;
    this.#turn = turn;
    this.#heads = new Int32Array(new SharedArrayBuffer((turn + 1) * 4));
    this.#tails = new Int32Array(new SharedArrayBuffer((turn + 1) * 4));
    this.#cursor = undefined;
    this.#nextSecond = 0;
  }

  get bytes(): number {
    return this.#heads.byteLength + this.#tails.byteLength;
  }

  /** Whether the last `advance` stopped at its limit. */
  get isBehind(): boolean {
    return this.#cursor !== undefined && (this.#heads[this.#turn] !== 0 || this.#nextSecond <= this.#cursor);
  }

  /** Sees to it that a record is on the wheel no later than at `at` (epoch milliseconds). A later one moves nothing. */
  require(ref: Ref, at: number): void {
    const onWheel = this.#words.get(ref, wheelPrevious) !== 0;
    if (onWheel && at >= (this.#words.get(ref, due) >>> 0) * 1000) return;
    if (onWheel) this.#unlink(ref);
    const second = Math.min(Math.ceil(at / 1000), lastSecond);
    const visited = this.#cursor === undefined ? second : Math.max(second, this.#cursor + 1);
    this.#words.set(ref, due, second);
    this.#linkFirst(ref, visited % this.#turn);
  }

  /** Takes a record off; does nothing when it is on no wheel. */
  cancel(ref: Ref): void {
    if (this.#words.get(ref, wheelPrevious) !== 0) this.#unlink(ref);
  }

  /** Notes that the record at `from` is at `to` now, links included. */
  relocate(to: Ref): void {
    const next = this.#words.get(to, wheelNext);
    const previous = this.#words.get(to, wheelPrevious);
    if (previous === 0) return;
    this.#setNextOf(previous, to);
    this.#setPreviousOf(next, to);
  }

  /**
   * Moves on to `now`. Every record that is due is taken off the wheel and handed to `met`, which may put it back and may
   * move or cancel any other.
   *
   * @param now epoch milliseconds
   * @param limit how many records to look at, due or not; the next call goes on where this one stopped
   */
  advance(now: number, met: (ref: Ref) => void, limit: number): void {
    const second = Math.floor(now / 1000);
    const turn = this.#turn;
    // Without a past, or after a leap of the clock longer than a turn, every slot is looked at once.
    const oldest = second - turn + 1;
    this.#nextSecond = this.#cursor === undefined ? oldest : Math.max(oldest, Math.min(this.#nextSecond, second + 1));
    this.#cursor = second;
    for (let left = limit; left > 0; left--) {
      const ref = this.#nextToMeet(second);
      if (ref === 0) return;
      this.#unlink(ref);
      const dueSecond = this.#words.get(ref, due) >>> 0;
      if (dueSecond <= second) met(ref);
      else this.#linkLast(ref, dueSecond % turn);
    }
  }

  /** The first record of the list that is being worked off; when that is empty, of the next slot that has one. */
  #nextToMeet(second: number): Ref {
    const work = this.#turn;
    while (this.#heads[work] === 0) {
      if (this.#nextSecond > second) return 0;
      const slot = this.#nextSecond % this.#turn;
      this.#nextSecond += 1;
      const first = this.#heads[slot] as number;
      if (first === 0) continue;
      const last = this.#tails[slot] as number;
      this.#heads[slot] = 0;
      this.#tails[slot] = 0;
      this.#setNextOf(~work, first);
      this.#setPreviousOf(~work, last);
      this.#words.set(first, wheelPrevious, ~work);
      this.#words.set(last, wheelNext, ~work);
    }
    return this.#heads[work] as number;
  }

  #linkFirst(ref: Ref, slot: number): void {
    const first = this.#heads[slot] as number;
    this.#link(ref, ~slot, first === 0 ? ~slot : first);
  }

  #linkLast(ref: Ref, slot: number): void {
    const last = this.#tails[slot] as number;
    this.#link(ref, last === 0 ? ~slot : last, ~slot);
  }

  #link(ref: Ref, previous: number, next: number): void {
    this.#words.set(ref, wheelPrevious, previous);
    this.#words.set(ref, wheelNext, next);
    this.#setNextOf(previous, ref);
    this.#setPreviousOf(next, ref);
  }

  #unlink(ref: Ref): void {
    const previous = this.#words.get(ref, wheelPrevious);
    const next = this.#words.get(ref, wheelNext);
    // A slot's own number at both ends: it becomes empty.
    this.#setNextOf(previous, next < 0 && previous < 0 ? 0 : next);
    this.#setPreviousOf(next, next < 0 && previous < 0 ? 0 : previous);
    this.#words.set(ref, wheelPrevious, 0);
  }

  /** What comes after a record, or first in the slot that `~slot` stands for. */
  #setNextOf(place: number, ref: Ref): void {
    if (place < 0) this.#heads[~place] = ref;
    else this.#words.set(place, wheelNext, ref);
  }

  #setPreviousOf(place: number, ref: Ref): void {
    if (place < 0) this.#tails[~place] = ref;
    else this.#words.set(place, wheelPrevious, ref);
  }
}
