const CAPACITY = 1 << 18;
const MASK = CAPACITY - 1;

/**
 * The requests that wait for a reply, as a ring over their numbers: numbers are given in the order of time, so the
 * oldest is always at the tail and a loss is found without a search. Times are milliseconds of one clock.
 */
export class InFlight {
  readonly #sentAt = new Float64Array(CAPACITY);
  readonly #waiting = new Uint8Array(CAPACITY);
  #next: number;
  #oldest: number;
  #count = 0;

  constructor(firstSequence: number) {
    this.#next = firstSequence;
    this.#oldest = firstSequence;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the ring is full: the oldest request must be answered or given up before another is sent. */
  get full(): boolean {
    return this.#next - this.#oldest >= CAPACITY;
  }

  /** Takes the next number for a request whose time is `at`. */
  add(at: number): number {
    const sequence = this.#next++;
    const index = sequence & MASK;
    this.#sentAt[index] = at;
    this.#waiting[index] = 1;
    this.#count++;
    return sequence;
  }

  /** Ends the wait of a request; its time, or -1 when it does not wait (a duplicate, or one given up). */
  settle(sequence: number): number {
    if (sequence < this.#oldest || sequence >= this.#next) return -1;
    const index = sequence & MASK;
    if (this.#waiting[index] === 0) return -1;
    this.#waiting[index] = 0;
    this.#count--;
    return this.#sentAt[index] as number;
  }

  /** Gives up what was sent before `deadline`; how many those were. */
  expire(deadline: number): number {
    let lost = 0;
    while (this.#oldest < this.#next) {
      const index = this.#oldest & MASK;
      if (this.#waiting[index] === 1) {
        if ((this.#sentAt[index] as number) >= deadline) break;
        this.#waiting[index] = 0;
        this.#count--;
        lost++;
      }
      this.#oldest++;
    }
    return lost;
  }
}
